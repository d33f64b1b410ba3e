//! The versions of the secrets, raised by a rotation: numbers only, kept next to the generated files and committed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::folder::Folder;
use crate::error::{Error, Result};
use crate::layout::VERSIONS_FILE;

/// The whole file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    pub secret_versions: BTreeMap<String, u64>,
}

impl Versions {
    /// Whether all names could be names of secrets.
    fn is_plain(&self) -> bool {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        self.secret_versions.keys().all(|name| name.chars().all(plain))
    }

    /// Reads them; none without the file.
    ///
    /// # Errors
    /// The file has anything else in it.
    pub fn read(folder: &Folder) -> Result<Versions> {
        let Some(bytes) = folder.bytes(VERSIONS_FILE)? else {
            return Ok(Versions::default());
        };
        serde_json::from_slice(&bytes)
            .ok()
            .filter(Versions::is_plain)
            .ok_or_else(|| {
                Error::usage(format!("`{VERSIONS_FILE}` has something other than versions of secrets"))
                    .hint("restore it from version control; its format is {\"secret_versions\": {\"name\": 2}}")
            })
    }
}
