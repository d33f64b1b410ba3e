//! `bundle.lock.json`: hashes of the generated files, so that hand edits are noticed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{REGENERATE, RenderedFile};

/// The list of hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub schema_version: u32,
    pub generated_by: String,
    pub regenerate_with: String,
    /// SHA-256 by path.
    pub files: BTreeMap<String, String>,
    /// The same for the bundle being written; a killed run leaves files of both.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub next: BTreeMap<String, String>,
}

impl Lock {
    /// The hashes of these files.
    pub fn of(files: &[RenderedFile]) -> Lock {
        Lock {
            schema_version: 1,
            generated_by: format!("remote-setup {}", env!("CARGO_PKG_VERSION")),
            regenerate_with: REGENERATE.to_owned(),
            files: files
                .iter()
                .map(|file| (file.path.clone(), sha256(file.contents.as_bytes())))
                .collect(),
            next: BTreeMap::new(),
        }
    }

    /// Its text in the bundle.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or_default();
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
