//! A state of an earlier version: what this version keeps in another way, and the command that makes the state forget it.
//!
//! A `removed` block would be shown in the plan itself, but OpenTofu reads a resource once more before it forgets it, and
//! destroying pays no heed to such a block in either engine.

use std::path::Path;

use crate::clouds::Module;
use crate::clouds::Outdated;
use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::terraform::engine::Engine;
use crate::terraform::state;

/// One thing that the state must forget before anything can be planned.
#[derive(Clone, Debug)]
pub struct CarryOver {
    pub outdated: &'static Outdated,
    /// Every instance of it that the state holds.
    pub addresses: Vec<String>,
    pub command: Command,
}

impl CarryOver {
    /// Everything of that kind in the state.
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

    /// Has the state forget it.
    ///
    /// # Errors
    /// The engine's own.
    pub fn run(&self, environment: &Environment) -> Result<()> {
        let output = process::capture(&self.command, environment)?;
        match output.ok() {
            true => Ok(()),
            false => Err(Error::new(
                Kind::Failed,
                format!("`{}` failed: {}", self.command.shown(), output.stderr.trim()),
            )
            .hint("nothing was changed; when the state can be written, run this again")),
        }
    }
}
