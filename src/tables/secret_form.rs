//! What a secret of a service looks like, as far as its maker says so.

use std::fmt;

/// The form of one kind of secret: enough to tell a token from a word or from another service's.
#[derive(Clone, Copy)]
pub struct SecretForm {
    /// What a value of this form is, such as "a Telegram bot token".
    pub name: &'static str,
    /// What it looks like.
    pub words: &'static str,
    pub fits: fn(&str) -> bool,
}

impl fmt::Debug for SecretForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Model providers change the beginnings of their keys, but none gives out a short one.
pub const MODEL_KEY: SecretForm = SecretForm {
    name: "an API key",
    words: "16 characters or more, and not a bot's token",
    fits: |value| value.len() >= 16 && !(TELEGRAM_BOT_TOKEN.fits)(value),
};

pub const RUNTIME_TOKEN: SecretForm = SecretForm {
    name: "a runtime token",
    words: "16 characters or more, such as `openssl rand -hex 32` prints",
    fits: |value| value.len() >= 16,
};

/// <https://core.telegram.org/bots/api#authorizing-your-bot>
pub const TELEGRAM_BOT_TOKEN: SecretForm = SecretForm {
    name: "a Telegram bot token",
    words: "the bot's number, a colon and 30 or more letters, digits, `_` and `-`, such as `123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11`",
    fits: |value| {
        value.split_once(':').is_some_and(|(number, rest)| {
            (5..=16).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_digit())
                && rest.len() >= 30
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        })
    },
};

/// As the developer console shows them; no document promises more.
pub const FEISHU_APP_ID: SecretForm = SecretForm {
    name: "a Feishu or Lark App ID",
    words: "`cli_` and 8 or more letters and digits, such as `cli_a1b2c3d4e5f6g7h8`",
    fits: |value| {
        value.strip_prefix("cli_").is_some_and(|rest| {
            rest.len() >= 8
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        })
    },
};

pub const FEISHU_APP_SECRET: SecretForm = SecretForm {
    name: "a Feishu or Lark App Secret",
    words: "16 characters or more",
    fits: |value| value.len() >= 16 && !value.starts_with("cli_"),
};
