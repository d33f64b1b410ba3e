//! Finds the engine: Terraform or OpenTofu, new enough for write-only arguments.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;

/// Programs that can apply a bundle, in the order they are tried.
pub const ENGINES: &[&str] = &["terraform", "tofu"];

/// Arguments that prepare a folder.
pub(super) const INIT: &[&str] = &["init", "-input=false", "-no-color"];

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
}

/// Finds the engine and checks its version.
///
/// # Errors
/// As for [`locate`] and [`check`].
pub fn find(asked: Option<&str>, environment: &Environment) -> Result<Engine> {
    check(&locate(asked, environment)?, environment)
}

/// The engine asked for, or the first on the path.
///
/// # Errors
/// None found, or an unknown name.
pub fn locate(asked: Option<&str>, environment: &Environment) -> Result<String> {
    if let Some(asked) = asked {
        let name = asked.rsplit('/').next().unwrap_or(asked);
        if ENGINES.contains(&name) {
            return Ok(asked.to_owned());
        }
        return Err(Error::usage(format!("`{asked}` is not an engine; allowed: {}", ENGINES.join(", ")))
            .hint("use `--engine terraform`"));
    }
    let path = environment.get("PATH").unwrap_or_default();
    let is_there = |program: &&&str| std::env::split_paths(path).any(|folder| folder.join(program).is_file());
    match ENGINES.iter().find(is_there) {
        Some(program) => Ok((*program).to_owned()),
        None => Err(Error::new(Kind::Failed, "neither `terraform` nor `tofu` is on the PATH")
            .hint("install Terraform or OpenTofu 1.11 or newer")),
    }
}

/// Asks an engine for its version.
///
/// # Errors
/// It does not run, or is too old.
pub fn check(program: &str, environment: &Environment) -> Result<Engine> {
    let version = version(program, environment)?;
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

/// Initializes a folder whose state is in a backend, for commands that only read it.
///
/// # Errors
/// The engine fails.
pub fn init(engine: &Engine, directory: &Path, environment: &Environment) -> Result<()> {
    let command = Command::new(&engine.program, INIT, directory);
    let output = process::capture(&command, environment)?;
    match output.ok() {
        true => Ok(()),
        false => Err(
            Error::new(Kind::Failed, format!("`{}` failed: {}", command.shown(), output.stderr.trim()))
                .hint("check that the state's storage exists and that you may read it"),
        ),
    }
}

fn version(program: &str, environment: &Environment) -> Result<String> {
    let hint = "install Terraform or OpenTofu 1.11 or newer, or name another with `--engine`";
    let command = Command::new(program, &["version", "-json"], Path::new("."));
    let output = process::capture(&command, environment).map_err(|error| match error.kind() {
        Kind::Interrupted => error,
        _ => Error::new(Kind::Failed, error.message()).hint(hint),
    })?;
    let answer: VersionAnswer = serde_json::from_str(&output.stdout)
        .map_err(|_| Error::new(Kind::Failed, format!("`{program} version -json` printed no version")).hint(hint))?;
    Ok(answer.terraform_version)
}
