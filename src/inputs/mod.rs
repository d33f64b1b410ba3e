//! What the user said, from every source, merged into one [`Spec`] and its [`Secrets`].
//!
//! Checks syntax, decides nothing.

pub mod environment;
pub mod field;
pub mod flags;
pub mod legacy;
pub mod preferences;
pub mod secret;
pub mod secrets_file;
pub mod spec;
pub mod spec_file;
pub mod ssh_key;
pub mod syntax;
pub mod wizard;
pub mod yaml;

pub use secret::Secret;
pub use secrets_file::Secrets;
pub use spec::{Sources, Spec};

/// The text of a file a person named.
///
/// # Errors
/// It cannot be read, or is not text.
pub fn read_text(path: &std::path::Path) -> crate::error::Result<String> {
    std::fs::read_to_string(path).map_err(|error| {
        crate::error::Error::usage(format!("cannot read `{}`: {error}", path.display()))
            .hint("name a file that you can read")
    })
}
