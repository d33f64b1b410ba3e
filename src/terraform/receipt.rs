//! What was approved and what came of it, for later.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::error::Result;
use crate::files::replace;
use crate::inputs::Secret;
use crate::layout::RECEIPTS;
use crate::machine::installed::Installed;
use crate::machine::push::Pushed;
use crate::machine::recipient::Recipient;
use crate::terraform::account::AccountInUse;
use crate::terraform::leak;
use crate::terraform::plan::Change;

/// One run, as `receipts/<UTC>.json` and `--json` show it.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    pub schema_version: u32,
    /// `applied`, `pushed`, `unchanged` (the cloud; `machine` says what it lacks), `nothing_to_do` (the machine has all of it
    /// too), `declined`, `refused`, `failed` or `interrupted`.
    pub status: &'static str,
    pub aim: &'static str,
    pub started_at: String,
    pub finished_at: String,
    /// Login name of whoever ran it.
    pub user: String,
    pub deployment: String,
    pub id: String,
    pub account: Option<AccountInUse>,
    pub engine: String,
    pub engine_version: String,
    pub providers: Vec<String>,
    /// Over the bundle's files, the saved plan and the provider lock file.
    pub digest: String,
    pub approved: Option<&'static str>,
    pub monthly_usd_estimate: Option<f32>,
    pub changes: Vec<Change>,
    /// Addresses that exist after the run.
    pub exists: Vec<String>,
    /// Who was to get the secrets, as it was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// What the machine did with the secrets, where they are pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Pushed>,
    /// What the machine has of the bundle, once it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<Installed>,
    pub message: String,
}

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

/// The time as a name that no earlier run has: two may begin in one second.
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

impl Receipt {
    /// Writes it, over one of the same run, and says where.
    ///
    /// # Errors
    /// The folder cannot be written, or a secret stands in the text.
    pub fn save(&self, bundle: &Path, name: &str, secrets: &[(String, Secret)]) -> Result<PathBuf> {
        let path = folder(bundle)?.join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(self).map_err(anyhow::Error::from)?;
        leak::check_text("the receipt", text.as_bytes(), secrets)?;
        replace(&path, format!("{text}\n").as_bytes(), 0o600)?;
        Ok(path)
    }
}
