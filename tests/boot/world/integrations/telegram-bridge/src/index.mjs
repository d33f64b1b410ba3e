// Stands in for the Telegram bridge: asks the runtime once, then polls for messages.
import { writeFile } from "node:fs/promises";

import { askRuntime, required } from "../../bridge-core/src/lib.mjs";

const api = `${process.env.TELEGRAM_API_BASE ?? "https://api.telegram.org"}/bot${required("TELEGRAM_BOT_TOKEN")}`;
const state = required("TELEGRAM_THREAD_MAP_PATH");

let running = true;
process.on("SIGTERM", () => {
  running = false;
});

console.log(`runtime answered ${await askRuntime("telegram-bridge", "/v1/workspace/status")}`);
await writeFile(state, "{}", { mode: 0o600 });
let failures = 0;
while (running) {
  const answer = await fetch(`${api}/getUpdates?timeout=50`);
  const { ok } = await answer.json();
  if (ok) {
    failures = 0;
  } else if (++failures >= 3) {
    throw new Error(`getUpdates: ${answer.status}`);
  }
}
