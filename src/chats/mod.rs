//! Chat bridges, with the environment names they read at the pinned version.
//!
//! Source: CodeWhale v0.9.9, `integrations/<slug>-bridge/src`.

use crate::tables::row;
use crate::tables::secret_form::{self, SecretForm};

/// A value the bridge cannot start without and that must never be committed.
#[derive(Clone, Copy, Debug)]
pub struct SecretKey {
    pub env: &'static str,
    /// What a person calls it.
    pub label: &'static str,
    pub form: SecretForm,
}

/// A non-secret setting of a bridge.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub env: &'static str,
    pub label: &'static str,
    /// The first is the default.
    pub allowed: &'static [&'static str],
}

/// One chat bridge: transport between a chat app and the runtime on the loopback address.
#[derive(Clone, Copy, Debug)]
pub struct Bridge {
    /// Also names the code (`integrations/<slug>-bridge`), the env file and the unit.
    pub slug: &'static str,
    pub display_name: &'static str,
    pub aliases: &'static [&'static str],
    pub secrets: &'static [SecretKey],
    /// Settings a user may choose (`bridge_settings` in the spec).
    pub settings: &'static [Setting],
    /// Settings that are the same for everybody.
    pub fixed_settings: &'static [(&'static str, &'static str)],
    pub allowlist_env: &'static str,
    pub allow_unlisted_env: &'static str,
    pub thread_map_env: &'static str,
    /// The form of one allowlist entry, in words.
    pub allowlist_form: &'static str,
    pub allowlist_entry: fn(&str) -> bool,
    /// True when the bridge has npm dependencies.
    pub npm: bool,
    /// Seconds systemd waits for a clean stop.
    pub stop_timeout: u16,
    /// Shown before its secrets are asked for: where they come from.
    pub setup_hint: &'static str,
    /// What a stranger sees in the chat, for the runbook's pairing section.
    pub refusal_ids: &'static str,
    /// What else must be true for the bridge to work.
    pub caution: &'static str,
}

/// In the order users see them.
pub const BRIDGES: &[Bridge] = &[
    Bridge {
        slug: "telegram",
        display_name: "Telegram",
        aliases: &["tg"],
        secrets: &[SecretKey {
            env: "TELEGRAM_BOT_TOKEN",
            label: "Telegram bot token",
            form: secret_form::TELEGRAM_BOT_TOKEN,
        }],
        settings: &[],
        fixed_settings: &[
            ("TELEGRAM_ALLOW_GROUPS", "false"),
            ("TELEGRAM_REQUIRE_PREFIX_IN_GROUP", "true"),
        ],
        allowlist_env: "TELEGRAM_CHAT_ALLOWLIST",
        allow_unlisted_env: "TELEGRAM_ALLOW_UNLISTED",
        thread_map_env: "TELEGRAM_THREAD_MAP_PATH",
        allowlist_form: "a numeric chat or user id (`123456789`), or a user name with its @ (`@alice`)",
        allowlist_entry: telegram_id,
        npm: false,
        // A stop waits for the 50 s long poll of getUpdates.
        stop_timeout: 75,
        setup_hint: "In Telegram, talk to @BotFather, send /newbot, and copy the token it answers with.",
        refusal_ids: "`chat_id`, `user_id` and `username`",
        caution: "One bot token serves one poller: stop any other program that polls this bot, and remove a webhook set on it.",
    },
    Bridge {
        slug: "feishu",
        display_name: "Feishu / Lark",
        aliases: &["lark"],
        secrets: &[
            SecretKey {
                env: "FEISHU_APP_ID",
                label: "Feishu app id",
                form: secret_form::FEISHU_APP_ID,
            },
            SecretKey {
                env: "FEISHU_APP_SECRET",
                label: "Feishu app secret",
                form: secret_form::FEISHU_APP_SECRET,
            },
        ],
        settings: &[Setting {
            env: "FEISHU_DOMAIN",
            label: "Where the app lives",
            allowed: &["feishu", "lark"],
        }],
        fixed_settings: &[
            ("FEISHU_ALLOW_GROUPS", "false"),
            ("FEISHU_REQUIRE_PREFIX_IN_GROUP", "true"),
            ("FEISHU_GROUP_PREFIX", "/cw"),
        ],
        // Not FEISHU_CHAT_ALLOWLIST: the bridge never reads that name.
        allowlist_env: "CODEWHALE_CHAT_ALLOWLIST",
        allow_unlisted_env: "CODEWHALE_ALLOW_UNLISTED",
        thread_map_env: "FEISHU_THREAD_MAP_PATH",
        allowlist_form: "a chat id (`oc_…`), open id (`ou_…`), union id (`on_…`) or user id (letters and digits)",
        allowlist_entry: feishu_id,
        npm: true,
        stop_timeout: 30,
        setup_hint: "On the Feishu or Lark open platform, create a custom app, switch its bot on, subscribe to \
                     im.message.receive_v1 over the long connection, publish it, and copy App ID and App Secret.",
        refusal_ids: "`chat_id` and `open_id`",
        caution: "The app needs no public address: it opens an outbound long connection.",
    },
];

row!(Bridge, "bridge", BRIDGES);

fn telegram_id(entry: &str) -> bool {
    let digits = entry.strip_prefix('-').unwrap_or(entry);
    let numeric = !digits.is_empty() && digits.len() <= 19 && digits.bytes().all(|b| b.is_ascii_digit());
    let name = entry.strip_prefix('@').is_some_and(|name| {
        (4..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    numeric || name
}

fn feishu_id(entry: &str) -> bool {
    (1..=64).contains(&entry.len()) && entry.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
