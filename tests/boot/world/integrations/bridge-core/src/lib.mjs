// What every bridge shares; it lies beside them, not inside one.

const runtime = process.env.CODEWHALE_RUNTIME_URL ?? "http://127.0.0.1:7878";
const token = process.env.CODEWHALE_RUNTIME_TOKEN;
if (!token) {
  console.error("CODEWHALE_RUNTIME_TOKEN is required");
  process.exit(1);
}

/** One question to the runtime; answers with its status. */
export async function askRuntime(bridge, path) {
  const headers = { Authorization: `Bearer ${token}`, "User-Agent": bridge };
  const answer = await fetch(runtime + path, { headers });
  await answer.text();
  return answer.status;
}

export function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is required`);
    process.exit(1);
  }
  return value;
}
