//! One file per verb. Only here are all stages in sight.

pub mod choices;
pub mod completions;
mod context;
pub mod generate;
pub mod help;
pub mod migrate;
pub mod provision;
pub mod rehearse;
pub mod secrets;

pub use context::Context;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::error::Result;

/// Where bundles are written unless somebody says otherwise.
const DEFAULT_FOLDER: &str = "codewhale-deploy";

/// UTC, as names of backups and receipts carry it.
fn stamp() -> Result<String> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    Ok(OffsetDateTime::now_utc().format(&format).map_err(anyhow::Error::from)?)
}
