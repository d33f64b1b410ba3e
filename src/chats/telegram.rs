//! Telegram.

use super::{Chat, SecretKey};
use crate::tables::secret_form::{SecretForm, is_number_and_token};
use crate::tables::{Words, words};

pub(super) const TELEGRAM: Chat = Chat {
    slug: "telegram",
    display_name: Words::same("Telegram"),
    aliases: &["tg"],
    secrets: &[SecretKey {
        env: "TELEGRAM_BOT_TOKEN",
        label: words("Telegram bot token", "Telegram 机器人令牌"),
        form: BOT_TOKEN,
    }],
    settings: &[],
    allowlist_form: words(
        "a numeric chat or user id (`123456789`), or a username with its @ (`@alice`)",
        "数字形式的聊天 id 或用户 id（`123456789`），或者带 @ 的用户名（`@alice`）",
    ),
    allowlist_entry: is_id,
    setup_hint: words(
        "In Telegram, send /newbot to @BotFather and copy the token from its reply.",
        "在 Telegram 里给 @BotFather 发送 `/newbot`，复制回复中的令牌。",
    ),
    refusal_ids: words("`chat_id`, `user_id` and `username`", "`chat_id`、`user_id` 和 `username`"),
    caution: words(
        "Only one program can poll with a bot token: stop any other that polls this bot, and remove any webhook set on \
         it.",
        "一个机器人令牌只能由一个程序轮询：请停掉轮询该机器人的其他程序，并删除为它设置的 webhook。",
    ),
    hosts: &["api.telegram.org"],
};

/// <https://core.telegram.org/bots/api#authorizing-your-bot>
const BOT_TOKEN: SecretForm = SecretForm {
    name: words("a Telegram bot token", "Telegram 机器人令牌"),
    words: words(
        "the bot's number, a colon and at least 30 letters, digits, `_` or `-`, such as \
         `123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11`",
        "机器人编号、冒号，以及至少 30 个字母、数字、`_` 或 `-`，例如 `123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11`",
    ),
    fits: is_number_and_token,
};

fn is_id(entry: &str) -> bool {
    let digits = entry.strip_prefix('-').unwrap_or(entry);
    let numeric = !digits.is_empty() && digits.len() <= 19 && digits.bytes().all(|b| b.is_ascii_digit());
    let name = entry.strip_prefix('@').is_some_and(|name| {
        (4..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    numeric || name
}
