//! Upgrades the state of an earlier version: finds what this version keeps differently and removes it from the state.
//!
//! A `removed` block would show up in the plan, but OpenTofu refreshes a resource once more before it forgets it, and
//! neither engine honours such a block when destroying.

use std::path::Path;

use crate::clouds::Module;
use crate::clouds::Outdated;
use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::terraform::engine::Engine;
use crate::terraform::state;

/// One kind of resource that must leave the state before planning works.
#[derive(Clone, Debug)]
pub struct CarryOver {
    pub outdated: &'static Outdated,
    /// Every instance of it that the state holds.
    pub addresses: Vec<String>,
    pub command: Command,
}

impl CarryOver {
    /// Finds all of them in the state.
    pub fn needed(
        module: &'static Module,
        engine: &Engine,
        directory: &Path,
        environment: &Environment,
    ) -> Vec<CarryOver> {
        if module.outdated.is_empty() {
            return Vec::new();
        }
        let known = state::addresses(engine, directory, environment);
        let of = |outdated: &'static Outdated| {
            let instances = format!("{}[", outdated.address);
            let is_one = |address: &&String| *address == outdated.address || address.starts_with(&instances);
            CarryOver {
                outdated,
                addresses: known.iter().filter(is_one).cloned().collect(),
                command: Command::new(
                    &engine.program,
                    &["state", "rm", "-lock-timeout=60s", outdated.address],
                    directory,
                ),
            }
        };
        let all = module.outdated.iter().map(of);
        all.filter(|found| !found.addresses.is_empty()).collect()
    }

    /// Removes it from the state.
    ///
    /// # Errors
    /// The engine fails.
    pub fn run(&self, environment: &Environment) -> Result<()> {
        let output = process::capture(&self.command, environment)?;
        match output.ok() {
            true => Ok(()),
            false => Err(Error::new(
                Kind::Failed,
                format!("`{}` failed: {}", self.command.shown(), output.stderr.trim()),
            )
            .hint("nothing was changed; run this again once the state can be written")),
        }
    }
}
