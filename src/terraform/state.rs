//! Reads what exists from the state file where it is local: starting the engine takes longer than everything else.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::files;
use crate::layout::PROVIDERS_FILE;
use crate::layout::STATE_FILE;
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::terraform::data_folder;
use crate::terraform::engine::Engine;

/// Whether the state is in a backend: `init` writes this file where the configuration names one.
fn is_elsewhere(directory: &Path, environment: &Environment) -> bool {
    data_folder::of(directory, environment).join(STATE_FILE).exists()
}

/// Text of a state in a backend; a local one is searched along with the bundle's other files.
pub fn elsewhere(engine: &Engine, directory: &Path, environment: &Environment) -> Option<String> {
    let command = Command::new(&engine.program, &["state", "pull"], directory);
    is_elsewhere(directory, environment)
        .then(|| process::capture(&command, environment).ok())?
        .map(|output| output.stdout)
}

/// Whether there is a state, here or in the backend; an empty one counts.
///
/// # Errors
/// The engine fails: a backend that does not answer says nothing about what exists.
pub fn is_there(engine: &Engine, directory: &Path, environment: &Environment) -> Result<bool> {
    Ok(!pulled(engine, directory, environment)?.trim().is_empty())
}

fn pulled(engine: &Engine, directory: &Path, environment: &Environment) -> Result<String> {
    let command = Command::new(&engine.program, &["state", "pull"], directory);
    let output = process::capture(&command, environment)?;
    match output.ok() {
        true => Ok(output.stdout),
        false => Err(Error::new(Kind::Failed, format!("cannot read the state: {}", output.stderr.trim()))
            .hint(format!("to see why, run `{}`", command.shown()))),
    }
}

/// Identifies one version of a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateIdentity {
    pub lineage: String,
    pub serial: u64,
}

/// Reads it, here or from the backend; `None` before the first apply.
///
/// # Errors
/// The engine fails: a backend that does not answer says nothing.
pub fn identity(engine: &Engine, directory: &Path, environment: &Environment) -> Result<Option<StateIdentity>> {
    let text = match is_elsewhere(directory, environment) {
        false => files::read_regular(&directory.join(STATE_FILE)).unwrap_or_default(),
        true => pulled(engine, directory, environment)?.into_bytes(),
    };
    let state: Value = serde_json::from_slice(&text).unwrap_or_default();
    let lineage = state["lineage"].as_str().map(str::to_owned);
    Ok(lineage
        .zip(state["serial"].as_u64())
        .map(|(lineage, serial)| StateIdentity { lineage, serial }))
}

/// Addresses of every resource in the state; empty without one.
pub fn addresses(engine: &Engine, directory: &Path, environment: &Environment) -> Vec<String> {
    let elsewhere = is_elsewhere(directory, environment);
    let local = files::read_regular(&directory.join(STATE_FILE))
        .ok()
        .filter(|_| !elsewhere);
    match local.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()) {
        Some(state) => in_file(&state),
        None if elsewhere => listed(engine, directory, environment),
        None => Vec::new(),
    }
}

fn in_file(state: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let resources = state.get("resources").and_then(Value::as_array).into_iter().flatten();
    for resource in resources.filter(|resource| resource["mode"] == "managed") {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        let module = match text("module") {
            "" => String::new(),
            module => format!("{module}."),
        };
        for instance in resource
            .get("instances")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let index = match instance.get("index_key") {
                Some(key) => format!("[{key}]"),
                None => String::new(),
            };
            found.push(format!("{module}{}.{}{index}", text("type"), text("name")));
        }
    }
    found
}

fn listed(engine: &Engine, directory: &Path, environment: &Environment) -> Vec<String> {
    let command = Command::new(&engine.program, &["state", "list"], directory);
    match process::capture(&command, environment) {
        Ok(output) if output.ok() => {
            let is_data = |line: &str| line.starts_with("data.") || line.contains(".data.");
            output
                .stdout
                .lines()
                .filter(|line| !is_data(line))
                .map(str::to_owned)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Installed providers with their versions, from the lock file that `init` keeps.
pub fn providers(directory: &Path) -> Vec<String> {
    let Ok(text) = files::read_text(&directory.join(PROVIDERS_FILE), 1 << 20) else {
        return Vec::new();
    };
    let Ok(body) = hcl::parse(&text) else {
        return Vec::new();
    };
    body.blocks()
        .filter(|block| block.identifier() == "provider")
        .filter_map(|block| {
            let version = block
                .body()
                .attributes()
                .find(|attribute| attribute.key() == "version")?;
            Some(format!(
                "{} {}",
                block.labels().first()?.as_str(),
                version.expr().to_string().trim_matches('"')
            ))
        })
        .collect()
}
