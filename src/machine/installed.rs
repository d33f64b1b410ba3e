//! How much of a bundle a machine has, as the machine itself reports it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::machine::ready::HostResult;
use crate::text::shown;

/// Whether the machine is up to date with the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HostFilesState {
    /// It has all of it.
    Current,
    /// It lacks some of it.
    Behind,
    /// It was not asked.
    NotAsked,
}

/// One machine compared with one bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Installed {
    pub state: HostFilesState,
    /// What it says of the agent's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codewhale_version: Option<String>,
    /// Host files of the bundle that are missing or different there; `None` if it does not report its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_files: Option<Vec<String>>,
    /// The command that brings them there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bring: Option<String>,
    /// Why it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Installed {
    pub fn not_asked(reason: impl Into<String>) -> Installed {
        Installed {
            state: HostFilesState::NotAsked,
            codewhale_version: None,
            newer_files: None,
            bring: None,
            reason: Some(reason.into()),
        }
    }

    /// Compares what the machine reports with the bundle's host files, by name and hash, and its version.
    pub fn of(said: &HostResult, files: &BTreeMap<String, String>, version: &str) -> Installed {
        let newer = said.files.as_object().map(|there| {
            let lacks = |(name, hash): &(&String, &String)| {
                there.get(*name).and_then(serde_json::Value::as_str) != Some(hash.as_str())
            };
            files
                .iter()
                .filter(lacks)
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        });
        let is_current = said.codewhale_version == version && newer.as_ref().is_some_and(Vec::is_empty);
        Installed {
            state: if is_current { HostFilesState::Current } else { HostFilesState::Behind },
            codewhale_version: Some(shown(&said.codewhale_version)),
            newer_files: newer,
            bring: None,
            reason: None,
        }
    }

    /// What it lacks, as lines for people.
    pub fn lines(&self, agent: &str, version: &str) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(there) = self.codewhale_version.as_ref().filter(|there| *there != version) {
            let there = match there.as_str() {
                "" => "does not report its version".to_owned(),
                there => format!("has {there}"),
            };
            lines.push(format!("{agent} {version} (the machine {there})"));
        }
        match &self.newer_files {
            Some(files) => lines.extend(files.iter().cloned()),
            None => lines.push(
                "host files: the machine does not report which it has, so an earlier version set it up".to_owned(),
            ),
        }
        lines
    }
}
