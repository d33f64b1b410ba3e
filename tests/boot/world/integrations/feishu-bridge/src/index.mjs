// Stands in for the Feishu bridge: asks the runtime once, then opens the long connection of the real SDK.
import { writeFile } from "node:fs/promises";

import * as Lark from "@larksuiteoapi/node-sdk";

import { askRuntime, required } from "../../bridge-core/src/lib.mjs";

const appId = required("FEISHU_APP_ID");
const appSecret = required("FEISHU_APP_SECRET");
const domain = process.env.FEISHU_DOMAIN === "lark" ? Lark.Domain.Lark : Lark.Domain.Feishu;

console.log(`runtime answered ${await askRuntime("feishu-bridge", "/v1/workspace/status")}`);
await writeFile(required("FEISHU_THREAD_MAP_PATH"), "{}", { mode: 0o600 });
const connection = new Lark.WSClient({ appId, appSecret, domain });
await connection.start({ eventDispatcher: new Lark.EventDispatcher({}) });
