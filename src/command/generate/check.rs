//! `--check`: writes nothing, shows every difference.

use std::path::Path;

use serde::Serialize;

use crate::bundle::diff::FileDiff;
use crate::bundle::{Folder, diff};
use crate::error::{Error, Kind, Result};
use crate::render::RenderedFile;
use crate::report::{self, SCHEMA_VERSION, count};

#[derive(Serialize)]
struct Checked<'a> {
    schema_version: u32,
    status: &'static str,
    out: String,
    differences: Vec<Difference<'a>>,
}

#[derive(Serialize)]
struct Difference<'a> {
    path: &'a str,
    state: &'static str,
    diff: &'a str,
}

pub(super) fn run(out: &Path, files: &[RenderedFile], json: bool) -> Result<()> {
    let folder = Folder::read(out)?;
    let diffs = diff::compare(&folder, files)?;
    let ended = told(out, &diffs);
    if json {
        let object = Checked {
            schema_version: SCHEMA_VERSION,
            status: if diffs.is_empty() { "same" } else { "differs" },
            out: out.display().to_string(),
            differences: diffs
                .iter()
                .map(|diff| Difference {
                    path: &diff.path,
                    state: diff.state.word(),
                    diff: &diff.unified,
                })
                .collect(),
        };
        return report::ending(&object, ended);
    }
    for diff in &diffs {
        report::result(&diff.unified)?;
    }
    ended
}

fn told(out: &Path, diffs: &[FileDiff]) -> Result<()> {
    if diffs.is_empty() {
        report::note(&format!("{} is up to date", out.display()));
        return Ok(());
    }
    let names: Vec<String> = diffs
        .iter()
        .map(|diff| format!("{} ({})", diff.path, diff.state.word()))
        .collect();
    Err(Error::new(
        Kind::Differs,
        format!("{} in `{}`: {}", count(diffs.len(), "difference"), out.display(), names.join(", ")),
    )
    .hint("run the same command without --check, and commit what it writes"))
}
