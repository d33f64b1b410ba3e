//! `remote-setup migrate`: env files with `DEEPSEEK_*` names get the `CODEWHALE_*` ones.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::stamp;
use crate::cli::MigrateArgs;
use crate::error::{Error, Result};
use crate::files::replace_keeping;
use crate::inputs::legacy::{self, Finding, What};
use crate::report::{self, SCHEMA_VERSION, count};

#[derive(Serialize)]
struct Migrated {
    schema_version: u32,
    written: bool,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    path: PathBuf,
    renamed: Vec<String>,
    dropped: Vec<String>,
    conflicts: Vec<String>,
    backup: Option<PathBuf>,
}

/// Shows what would change, or changes it. Names only: values of env files are nobody's business.
///
/// # Errors
/// A file that cannot be read or written, and names whose old and new values differ.
pub fn run(args: &MigrateArgs) -> Result<()> {
    let texts: Vec<(&PathBuf, String)> = args
        .files
        .iter()
        .map(|path| Ok((path, legacy::read(path)?)))
        .collect::<Result<_>>()?;
    let stamp = stamp()?;
    let mut files = Vec::new();
    for (path, text) in texts {
        let migration = legacy::migrate(&text);
        for finding in &migration.findings {
            report::note(&line(path, finding, args.write));
        }
        let backup = match args.write && migration.text != text {
            true => Some(replace_keeping(path, migration.text.as_bytes(), &stamp)?),
            false => None,
        };
        if let Some(backup) = &backup {
            report::note(&format!("kept the old file as {}", backup.display()));
        }
        let names = |what: What| {
            let of_kind = migration.findings.iter().filter(|finding| finding.what == what);
            of_kind.map(|finding| finding.old.clone()).collect()
        };
        files.push(File {
            path: path.clone(),
            renamed: names(What::Renamed),
            dropped: names(What::Dropped),
            conflicts: names(What::Conflict),
            backup,
        });
    }
    let conflicts: Vec<String> = files.iter().flat_map(|file| file.conflicts.clone()).collect();
    let renamed: usize = files.iter().map(|file| file.renamed.len() + file.dropped.len()).sum();
    let ended = no_conflicts(&conflicts);
    if args.json {
        let object = Migrated {
            schema_version: SCHEMA_VERSION,
            written: args.write,
            files,
        };
        return report::ending(&object, ended);
    }
    if renamed == 0 && conflicts.is_empty() {
        report::note("nothing to do: no old names left");
    } else if !args.write {
        report::note(&format!(
            "{} would change; nothing was written; add --write to do it",
            count(renamed, "line")
        ));
    }
    ended
}

fn no_conflicts(conflicts: &[String]) -> Result<()> {
    if conflicts.is_empty() {
        return Ok(());
    }
    Err(
        Error::usage(format!("old and new names have different values: {}", conflicts.join(", ")))
            .hint("remove the line that is wrong, then run this again"),
    )
}

fn line(path: &Path, finding: &Finding, write: bool) -> String {
    let Finding { line, old, new, what } = finding;
    let at = format!("{}, line {line}", path.display());
    match (what, write) {
        (What::Renamed, true) => format!("{at}: {old} is now {new}"),
        (What::Renamed, false) => format!("{at}: {old} would become {new}"),
        (What::Dropped, true) => format!("{at}: {old} is removed, {new} has the same value"),
        (What::Dropped, false) => format!("{at}: {old} would be removed, {new} has the same value"),
        (What::Conflict, _) => format!("{at}: {old} stays, {new} has a different value"),
    }
}
