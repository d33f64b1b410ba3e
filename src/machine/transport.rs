//! How commands and files reach a machine: SSH, or the cloud's own command service.

use std::path::{Path, PathBuf};

use super::ssh;
use crate::clouds::provisioning::Invocation;
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};
use crate::machine::identity::Identity;
use crate::process;
use crate::process::Output;
use crate::process::command::Command;
use crate::process::environment::Environment;

/// One way to reach a machine.
#[derive(Clone, Debug)]
pub enum Transport {
    /// With the bundle's host key and the deployment's SSH key.
    Ssh { identity: PathBuf },
    /// As root, through the cloud, which records what it ran.
    CloudCommand(Invocation),
}

impl Transport {
    /// The transport that the deployment allows; `None` if there is none.
    pub fn of(d: &Deployment, identity: &Identity) -> Option<Transport> {
        match d.ssh_cidrs.is_empty() {
            false => Some(Transport::Ssh {
                identity: identity.path.clone(),
            }),
            true => Transport::by_cloud(d),
        }
    }

    /// The cloud's command service, whether or not SSH is allowed.
    pub fn by_cloud(d: &Deployment) -> Option<Transport> {
        let service = d.cloud.provisioning.cloud_command?;
        service.invocation.map(Transport::CloudCommand)
    }

    /// The command that runs a script on the machine, with placeholders until [`super::Machine::fill`].
    pub fn command(&self, script: &str, directory: &Path) -> Command {
        match self {
            Transport::Ssh { identity } => Command::new("ssh", &ssh::args(identity, script), directory),
            Transport::CloudCommand(invocation) => {
                Command::new(invocation.program, &[invocation.args, &[script]].concat(), directory)
            }
        }
    }

    /// Runs such a command with this input.
    ///
    /// # Errors
    /// The program cannot be started, an interrupt, or input for a command that takes none.
    pub fn run(&self, command: &Command, stdin: &[u8], environment: &Environment) -> Result<Output> {
        match self {
            Transport::Ssh { .. } => process::exchange(command, environment, stdin),
            // A secret would end up in the cloud's records.
            Transport::CloudCommand(_) if !stdin.is_empty() => Err(Error::new(
                Kind::Failed,
                format!("`{}` takes no input, so nothing was sent", command.program),
            )),
            Transport::CloudCommand(invocation) => {
                let output = process::capture(command, environment)?;
                Ok(Output {
                    stdout: (invocation.answer)(&output.stdout).to_owned(),
                    ..output
                })
            }
        }
    }

    /// Why the script did not run; `None` if it ran.
    pub fn trouble(&self, output: &Output) -> Option<Trouble> {
        match self {
            Transport::Ssh { .. } => ssh::trouble(output.code, &output.stderr),
            Transport::CloudCommand(_) if output.ok() => None,
            Transport::CloudCommand(invocation) if output.stderr.contains(invocation.logged_out) => {
                Some(Trouble::Refused)
            }
            Transport::CloudCommand(_) => Some(Trouble::Connection),
        }
    }
}

pub use ssh::Trouble;

/// The last line a program printed.
pub fn last_line(text: &str) -> &str {
    let mut lines = text.lines().rev().map(str::trim);
    lines.find(|line| !line.is_empty()).unwrap_or("no answer")
}
