//! A value that must not be seen: redacted in every format, wiped on drop.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::tables::secret_form::SecretForm;

/// The module knows this one and refuses to store it.
const PLACEHOLDER: &str = "remote-setup-placeholder";

/// A secret value: printable ASCII without spaces, quotes and backslashes, so that systemd, docker,
/// a shell and Key Vault all read it literally.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Checks the form; the error names the secret, never the value.
    ///
    /// # Errors
    /// Empty, over 4 kB, or with a character that some reader would change.
    pub fn new(name: &str, value: &str) -> Result<Secret> {
        let value = value.trim();
        let refused = |why: &str| {
            Err(Error::usage(format!("the value of `{name}` {why}"))
                .hint(format!("copy `{name}` again, as one word without quotes")))
        };
        if value.is_empty() {
            return refused("is empty");
        }
        if value.len() > 4096 {
            return refused("is longer than 4096 characters");
        }
        if !value.bytes().all(|b| b.is_ascii_graphic() && !b"\"'`\\".contains(&b)) || value.starts_with('#') {
            return refused("holds a space, quote, backslash or a character outside ASCII, or starts with `#`");
        }
        let lower = value.to_lowercase();
        if ["replace-with", "changeme", "xxxxxxxx", PLACEHOLDER]
            .iter()
            .any(|placeholder| lower.contains(placeholder))
        {
            return refused("is a placeholder");
        }
        Ok(Secret(Zeroizing::new(value.to_owned())))
    }

    /// Holds the value to what its service gives out; `place` says where it was found. The error never shows it.
    ///
    /// # Errors
    /// Another form.
    pub fn check(&self, name: &str, form: &SecretForm, place: &str) -> Result<()> {
        match (form.fits)(self.expose()) {
            true => Ok(()),
            false => Err(
                Error::usage(format!("{place}: `{name}` is not {} ({})", form.name.en, form.words.en))
                    .in_chinese(format!("`{name}` 不是{}：应为{}", form.name.zh, form.words.zh))
                    .hint(format!("copy `{name}` again, or leave it empty until you have it")),
            ),
        }
    }

    /// 32 random bytes from the operating system, as 64 hexadecimal digits.
    pub fn random_token() -> Secret {
        let bytes = Zeroizing::new(rand::random::<[u8; 32]>());
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in bytes.iter() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        Secret(text)
    }

    /// What stands in a plan instead of a value; nothing stores it.
    pub fn placeholder() -> Secret {
        Secret(Zeroizing::new(PLACEHOLDER.to_owned()))
    }

    /// The value itself; whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
