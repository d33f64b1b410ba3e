//! Which engine there is: Terraform or OpenTofu, new enough for write-only arguments.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::environment::Environment;
use super::process;
use super::step::Step;
use crate::error::{Error, Result};
use crate::registry::provisioning::{SecretUse, Stage};

/// Programs that can apply a bundle, in the order they are tried.
pub const ENGINES: &[&str] = &["terraform", "tofu"];

const OLDEST: [u32; 2] = [1, 11];

/// A usable engine.
#[derive(Clone, Debug)]
pub struct Engine {
    pub program: String,
    pub version: String,
}

#[derive(Deserialize)]
struct VersionAnswer {
    terraform_version: String,
    #[serde(default)]
    provider_selections: BTreeMap<String, String>,
}

/// Finds the engine: the one asked for, or the first on the path.
///
/// # Errors
/// None found, an unknown name, or one that is too old.
pub fn find(asked: Option<&str>, environment: &Environment) -> Result<Engine> {
    if let Some(asked) = asked {
        let name = asked.rsplit('/').next().unwrap_or(asked);
        if !ENGINES.contains(&name) {
            return Err(Error::usage(format!("`{asked}` is not an engine; allowed: {}", ENGINES.join(", ")))
                .hint("use `--engine terraform`"));
        }
        return check(asked, version(asked, environment)?);
    }
    for program in ENGINES {
        if let Ok(found) = version(program, environment) {
            return check(program, found);
        }
    }
    Err(Error::new(crate::error::Kind::Failed, "neither terraform nor tofu is on the path")
        .hint("install Terraform or OpenTofu 1.11 or newer"))
}

/// Providers as installed in a folder, with their versions; empty where none is installed.
pub fn providers(engine: &Engine, directory: &Path, environment: &Environment) -> Vec<String> {
    let step = step(&engine.program, &["version", "-json"], directory);
    let Ok((_, stdout, _)) = process::capture(&step, environment) else {
        return Vec::new();
    };
    let answer: Option<VersionAnswer> = serde_json::from_str(&stdout).ok();
    let selections = answer.map(|answer| answer.provider_selections).unwrap_or_default();
    selections
        .iter()
        .map(|(source, version)| format!("{source} {version}"))
        .collect()
}

/// A step that runs the engine and belongs to no cloud's list.
pub(super) fn step(engine: &str, args: &[&str], directory: &Path) -> Step {
    Step {
        description: String::new(),
        program: engine.to_owned(),
        args: args.iter().map(ToString::to_string).collect(),
        directory: directory.to_owned(),
        secret_variables: Vec::new(),
        stage: Stage::Init,
        secrets: SecretUse::None,
    }
}

fn version(program: &str, environment: &Environment) -> Result<String> {
    let (_, stdout, _) = process::capture(&step(program, &["version", "-json"], Path::new(".")), environment)?;
    let answer: VersionAnswer = serde_json::from_str(&stdout).map_err(|_| {
        Error::new(
            crate::error::Kind::Failed,
            format!("`{program} version -json` does not say its version"),
        )
        .hint("install Terraform or OpenTofu 1.11 or newer")
    })?;
    Ok(answer.terraform_version)
}

fn check(program: &str, version: String) -> Result<Engine> {
    let numbers: Vec<u32> = version.split(['.', '-']).map_while(|part| part.parse().ok()).collect();
    if numbers.as_slice() < OLDEST.as_slice() {
        let [major, minor] = OLDEST;
        return Err(Error::usage(format!(
            "`{program}` is version {version}; write-only arguments need {major}.{minor} or newer"
        ))
        .hint("install a newer one, or name another with `--engine`"));
    }
    Ok(Engine {
        program: program.to_owned(),
        version,
    })
}
