//! The versions of the secrets that a rotation raises: numbers only, kept beside the generated files and committed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::folder::Folder;
use crate::error::{Error, Result};
use crate::layout::VERSIONS_FILE;

/// Its whole content.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    pub secret_versions: BTreeMap<String, u64>,
}

impl Versions {
    /// Names of secrets have no other letters.
    fn is_plain(&self) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        self.secret_versions.keys().all(|name| name.chars().all(plain))
    }

    /// As the folder has them; none when it has no such file.
    ///
    /// # Errors
    /// A file that holds anything else.
    pub fn read(folder: &Folder) -> Result<Versions> {
        let Some(bytes) = folder.bytes(VERSIONS_FILE)? else {
            return Ok(Versions::default());
        };
        serde_json::from_slice(&bytes)
            .ok()
            .filter(Versions::is_plain)
            .ok_or_else(|| {
                Error::usage(format!("`{VERSIONS_FILE}` holds something else than versions of secrets"))
                    .hint("restore it from version control; its shape is {\"secret_versions\": {\"name\": 2}}")
            })
    }
}
