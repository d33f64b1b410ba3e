//! The form of a service's secrets, as far as its maker documents it.

use std::fmt;

use super::{Words, words};

/// The form of one kind of secret, precise enough to tell a token from a plain word or another service's token.
#[derive(Clone, Copy)]
pub struct SecretForm {
    /// A name for it, such as "a bot token".
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

/// Model providers change the prefixes of their keys, but none issues a short one.
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

/// A number, a colon and a long word: the form of many bot tokens.
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
