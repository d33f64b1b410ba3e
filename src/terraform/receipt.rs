//! Where the receipts of runs are kept.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::error::Result;
use crate::files::replace;
use crate::inputs::Secret;
use crate::layout::RECEIPTS;
use crate::terraform::leak;

/// The folder, readable by its owner alone.
///
/// # Errors
/// It cannot be made.
pub fn folder(bundle: &Path) -> Result<PathBuf> {
    let folder = bundle.join(RECEIPTS);
    if !folder.is_dir() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("cannot create `{}`", folder.display()))?;
    }
    Ok(folder)
}

/// A name made from the time that no earlier run has, since two may start in the same second.
pub fn name(folder: &Path, stamp: &str) -> String {
    let mut name = stamp.to_owned();
    for number in 2.. {
        if !folder.join(format!("{name}.json")).exists() {
            break;
        }
        name = format!("{stamp}_{number}");
    }
    name
}

/// Writes the receipt, replacing an earlier one of the same run, and returns its path.
///
/// # Errors
/// The folder cannot be written, or the text contains a secret.
pub fn save(receipt: &impl Serialize, bundle: &Path, name: &str, secrets: &[(String, Secret)]) -> Result<PathBuf> {
    let path = folder(bundle)?.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(receipt).map_err(anyhow::Error::from)?;
    leak::check_text("the receipt", text.as_bytes(), secrets)?;
    replace(&path, format!("{text}\n").as_bytes(), 0o600)?;
    Ok(path)
}
