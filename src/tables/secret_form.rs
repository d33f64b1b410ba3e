//! What a secret of a service looks like, as far as its maker says so.

use std::fmt;

use super::{Words, words};

/// The form of one kind of secret: enough to tell a token from a word or from another service's.
#[derive(Clone, Copy)]
pub struct SecretForm {
    /// What a value of this form is, such as "a Telegram bot token".
    pub name: Words,
    /// What it looks like.
    pub words: Words,
    pub fits: fn(&str) -> bool,
}

impl fmt::Debug for SecretForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.en)
    }
}

/// Model providers change the beginnings of their keys, but none gives out a short one.
pub const MODEL_KEY: SecretForm = SecretForm {
    name: words("an API key", "API 密钥"),
    words: words("16 characters or more, and not a bot's token", "至少 16 个字符，并且不是机器人令牌"),
    fits: |value| value.len() >= 16 && !is_number_and_token(value),
};

pub const RUNTIME_TOKEN: SecretForm = SecretForm {
    name: words("a runtime token", "运行时令牌"),
    words: words(
        "16 characters or more, such as `openssl rand -hex 32` prints",
        "至少 16 个字符，例如 `openssl rand -hex 32` 的输出",
    ),
    fits: |value| value.len() >= 16,
};

/// A number, a colon and a long word, as the makers of bots give them out.
pub fn is_number_and_token(value: &str) -> bool {
    value.split_once(':').is_some_and(|(number, rest)| {
        (5..=16).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && rest.len() >= 30
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    })
}
