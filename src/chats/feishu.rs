//! Feishu, and Lark, which is the same app outside mainland China.

use super::{Chat, SecretKey, Setting};
use crate::tables::secret_form::SecretForm;
use crate::tables::words;

pub(super) const FEISHU: Chat = Chat {
    slug: "feishu",
    display_name: words("Feishu / Lark", "飞书 / Lark"),
    aliases: &["lark"],
    secrets: &[
        SecretKey {
            env: "FEISHU_APP_ID",
            label: words("Feishu app id", "飞书应用的 App ID"),
            form: APP_ID,
        },
        SecretKey {
            env: "FEISHU_APP_SECRET",
            label: words("Feishu app secret", "飞书应用的 App Secret"),
            form: APP_SECRET,
        },
    ],
    settings: &[Setting {
        env: "FEISHU_DOMAIN",
        label: words("Where the app lives", "应用建在哪个平台"),
        allowed: &["feishu", "lark"],
    }],
    allowlist_form: words(
        "a chat id (`oc_…`), open id (`ou_…`), union id (`on_…`) or user id (letters and digits)",
        "chat id（`oc_…`）、open id（`ou_…`）、union id（`on_…`）或 user id（字母和数字）",
    ),
    allowlist_entry: is_id,
    setup_hint: words(
        "On the Feishu or Lark open platform, create a custom app, enable its bot, subscribe to im.message.receive_v1 \
         over the long connection, publish the app, and copy the App ID and App Secret.",
        "在飞书（或 Lark）开放平台创建企业自建应用，启用机器人能力，以长连接方式订阅事件 `im.message.receive_v1`，\
         发布应用，然后复制 App ID 和 App Secret。",
    ),
    refusal_ids: words("`chat_id` and `open_id`", "`chat_id` 和 `open_id`"),
    caution: words(
        "The app needs no public address: the bridge opens an outbound long connection.",
        "应用不需要公网地址：桥接程序会主动建立长连接。",
    ),
    hosts: &["open.feishu.cn", "open.larksuite.com"],
};

/// As the developer console shows them; no document promises more.
const APP_ID: SecretForm = SecretForm {
    name: words("a Feishu or Lark App ID", "飞书或 Lark 的 App ID"),
    words: words(
        "`cli_` and 8 or more letters and digits, such as `cli_a1b2c3d4e5f6g7h8`",
        "`cli_` 加至少 8 个字母和数字，例如 `cli_a1b2c3d4e5f6g7h8`",
    ),
    fits: |value| {
        value.strip_prefix("cli_").is_some_and(|rest| {
            rest.len() >= 8
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        })
    },
};

const APP_SECRET: SecretForm = SecretForm {
    name: words("a Feishu or Lark App Secret", "飞书或 Lark 的 App Secret"),
    words: words("16 characters or more", "至少 16 个字符"),
    fits: |value| value.len() >= 16 && !value.starts_with("cli_"),
};

fn is_id(entry: &str) -> bool {
    (1..=64).contains(&entry.len()) && entry.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
