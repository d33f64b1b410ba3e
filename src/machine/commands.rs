//! The commands a run executes on the machine; the review shows the same ones.

use std::path::Path;

use super::Machine;
use super::identity::Identity;
use super::transport::Transport;
use crate::deployment::Deployment;
use crate::error::Result;
use crate::layout::BOOTSTRAP;
use crate::process::command::{Command, Stdin};
use crate::tables::Bootstrap;
use crate::terraform::operation::Operation;

/// Reads what the installer reported.
const RESULT: &str = "cat /var/lib/@agent@-setup/result.json";

/// The commands of one run, in order; a phase that the run does not have is `None`.
#[derive(Clone, Debug, Default)]
pub struct MachineCommands {
    /// Reads the machine's host key, if the bundle does not have it yet.
    pub host_key: Option<Command>,
    /// Tries to log in until it works.
    pub wait: Option<Command>,
    /// Sends the host files where nothing else does.
    pub files: Option<Command>,
    pub secrets: Option<Command>,
    /// Reads the machine's status.
    pub ready: Option<Command>,
}

/// What decides which commands a run has.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub deployment: &'a Deployment,
    pub directory: &'a Path,
    pub operation: Operation,
    pub identity: &'a Identity,
    /// Whether the run reads the machine's status.
    pub asks: bool,
}

impl MachineCommands {
    /// Decides which phases a run has.
    pub fn of(work: Work) -> MachineCommands {
        let (d, directory) = (work.deployment, work.directory);
        // The CNB pipeline delivers the files only after an apply.
        let has_files = match work.operation {
            Operation::Destroy => false,
            Operation::Push => true,
            Operation::Apply => d.bootstrap != Bootstrap::Cnb,
        };
        let Some(transport) = Transport::of(d, work.identity).filter(|_| has_files) else {
            return MachineCommands::default();
        };
        let over_ssh = matches!(transport, Transport::Ssh { .. });
        let pushes = over_ssh && d.cloud.vault.is_none();
        MachineCommands {
            host_key: (over_ssh && (pushes || work.asks)).then(|| host_key(d, directory)),
            wait: pushes.then(|| wait(&transport, directory)),
            files: (pushes && d.bootstrap == Bootstrap::Ssh).then(|| files(&transport, directory)),
            secrets: pushes.then(|| secrets(&transport, d, directory)),
            ready: work.asks.then(|| ready(&transport, d, directory)),
        }
    }

    /// All of them, in order.
    pub fn all(&self) -> Vec<Command> {
        let phases = [&self.host_key, &self.wait, &self.files, &self.secrets, &self.ready];
        phases.into_iter().flatten().cloned().collect()
    }

    /// With the placeholders filled in for this machine.
    ///
    /// # Errors
    /// As for [`Machine::fill`].
    pub fn for_machine(&self, machine: &Machine) -> Result<MachineCommands> {
        let fill = |command: &Option<Command>| command.as_ref().map(|command| machine.fill(command)).transpose();
        Ok(MachineCommands {
            host_key: fill(&self.host_key)?,
            wait: fill(&self.wait)?,
            files: fill(&self.files)?,
            secrets: fill(&self.secrets)?,
            ready: fill(&self.ready)?,
        })
    }
}

/// Through the cloud where possible, otherwise from whatever answers at the address.
fn host_key(d: &Deployment, directory: &Path) -> Command {
    match Transport::by_cloud(d) {
        Some(cloud) => cloud
            .command("cat /etc/ssh/ssh_host_ed25519_key.pub", directory)
            .described("read the machine's host key through the cloud, unless known_hosts has it"),
        None => scan(directory),
    }
}

/// Asks whatever answers at the address for its host key.
pub(super) fn scan(directory: &Path) -> Command {
    Command::new("ssh-keyscan", &["-T", "10", "-t", "ed25519", "--", "{host}"], directory)
        .described("scan the machine's host key, unless known_hosts has it")
}

fn wait(transport: &Transport, directory: &Path) -> Command {
    transport.command("true", directory).described("wait until SSH works")
}

/// Public because a hint shows it when the host files did not arrive.
pub fn files(transport: &Transport, directory: &Path) -> Command {
    transport
        .command("sudo bash -s", directory)
        .described("send the host files")
        .reading(Stdin::File(BOOTSTRAP))
}

fn secrets(transport: &Transport, d: &Deployment, directory: &Path) -> Command {
    let script = d
        .agent
        .names()
        .fill("sudo bash /var/lib/@agent@-setup/bundle/store-secrets.sh");
    transport
        .command(&script, directory)
        .described("send the secrets")
        .reading(Stdin::Secrets)
}

/// Reads the machine's status over this transport.
pub fn ready(transport: &Transport, d: &Deployment, directory: &Path) -> Command {
    transport
        .command(&d.agent.names().fill(RESULT), directory)
        .described("wait until the machine reports that it is ready")
}
