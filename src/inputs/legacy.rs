//! Env files of older installations: `DEEPSEEK_X` becomes `CODEWHALE_X`.
//!
//! Only names that the agent reads under both: `DEEPSEEK_API_KEY`, for one, is the provider's own.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result, why};

/// What stands after `DEEPSEEK_` in a name that has a new one. Sorted.
const RENAMED: &[&str] = &[
    "ALLOW_SHELL",
    "ALLOW_UNLISTED",
    "AUTO_APPROVE",
    "CHAT_ALLOWLIST",
    "HOME",
    "MODE",
    "MODEL",
    "PREFER_BWRAP",
    "PROVIDER",
    "RUNTIME_PORT",
    "RUNTIME_TOKEN",
    "RUNTIME_URL",
    "RUNTIME_WORKERS",
    "TRUST_MODE",
    "TURN_TIMEOUT_MS",
    "WORKSPACE",
];

/// What was found in one file, by name and never by value.
#[derive(Debug, PartialEq, Eq)]
pub struct Migration {
    /// The file as it should be.
    pub text: String,
    pub findings: Vec<Finding>,
}

/// One line that is or should be different.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// From 1.
    pub line: usize,
    pub old: String,
    pub new: String,
    pub what: What,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Renamed,
    /// The new name says the same already.
    Dropped,
    /// The new name says something else; both lines stay.
    Conflict,
}

/// Renames what has a new name. Values, comments, order and everything unknown stay as they are.
pub fn migrate(text: &str) -> Migration {
    let values: Vec<(&str, &str)> = text.lines().filter_map(assignment).collect();
    let mut migrated = String::with_capacity(text.len());
    let mut findings = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let Some((old, new)) = assignment(line).and_then(|(name, _)| Some((name, renamed(name)?))) else {
            migrated.push_str(line);
            continue;
        };
        let value = assignment(line).map_or("", |(_, value)| value);
        // systemd reads the last of several lines.
        let given = values
            .iter()
            .rev()
            .find(|(name, _)| *name == new)
            .map(|(_, value)| *value);
        let what = match given {
            None => What::Renamed,
            Some(same) if same == value => What::Dropped,
            Some(_) => What::Conflict,
        };
        match what {
            What::Renamed => migrated.push_str(&line.replacen(old, &new, 1)),
            What::Dropped => {}
            What::Conflict => migrated.push_str(line),
        }
        findings.push(Finding {
            line: index + 1,
            old: old.to_owned(),
            new,
            what,
        });
    }
    Migration {
        text: migrated,
        findings,
    }
}

/// Name and value of an assignment, `export` allowed; `None` for comments and anything else.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end_matches(['\n', '\r']).trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let (name, value) = line.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then_some((name, value))
}

fn renamed(name: &str) -> Option<String> {
    let rest = name.strip_prefix("DEEPSEEK_")?;
    RENAMED
        .binary_search(&rest)
        .is_ok()
        .then(|| format!("CODEWHALE_{rest}"))
}

/// The text of an env file a person named.
///
/// # Errors
/// It cannot be read, or is not text.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("cannot read `{}`: {}", path.display(), why(&error))).hint("name a file that you can read")
    })
}
