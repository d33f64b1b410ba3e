//! What was approved and what came of it, for later.

use serde::Serialize;

use crate::machine::installed::Installed;
use crate::machine::push::Pushed;
use crate::machine::recipient::Recipient;
use crate::terraform::account::AccountInUse;
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
