//! The record of what was approved and what came of it.

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
    /// `applied`, `pushed`, `unchanged` (the cloud; see `machine` for the machine), `nothing_to_do` (the machine is up
    /// to date too), `declined`, `refused`, `failed` or `interrupted`.
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
    /// Of the bundle's files, the planned changes and the provider lock file.
    pub digest: String,
    pub approved: Option<&'static str>,
    pub monthly_usd_estimate: Option<f32>,
    pub changes: Vec<Change>,
    /// Addresses that exist after the run.
    pub exists: Vec<String>,
    /// The machine that was to get the secrets, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// What the machine did with the secrets, where they are pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Pushed>,
    /// How up to date the machine is, once it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<Installed>,
    pub message: String,
}
