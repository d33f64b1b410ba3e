//! What a run does on the machine, and with which commands. The review shows these, and the run runs these.

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

/// Where the installer says how it went.
const RESULT: &str = "cat /var/lib/codewhale-setup/result.json";

/// The commands of one run, by phase and in this order; a run without a phase has none for it.
#[derive(Clone, Debug, Default)]
pub struct MachineCommands {
    /// Sees which key the machine has, where the bundle holds none yet.
    pub host_key: Option<Command>,
    /// Logs in, as soon as that can be done.
    pub wait: Option<Command>,
    /// Brings the host files where nothing else did.
    pub files: Option<Command>,
    pub secrets: Option<Command>,
    /// Asks the machine how it is.
    pub ready: Option<Command>,
}

/// What a run on a machine depends on.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub deployment: &'a Deployment,
    pub directory: &'a Path,
    pub operation: Operation,
    pub identity: &'a Identity,
    /// Whether the machine is asked how it is.
    pub asks: bool,
}

impl MachineCommands {
    /// Decides which phases a run has.
    pub fn of(work: Work) -> MachineCommands {
        let (d, directory) = (work.deployment, work.directory);
        // What the CNB pipeline brings is not there yet when an apply ends.
        let has_files = match work.operation {
            Operation::Destroy => false,
            Operation::Push => true,
            Operation::Apply => d.bootstrap != Bootstrap::Cnb,
        };
        let Some(transport) = Transport::of(d, work.identity).filter(|_| has_files) else {
            return MachineCommands::default();
        };
        let over_ssh = matches!(transport, Transport::Ssh { .. });
        let pushes = over_ssh && !d.has_vault();
        MachineCommands {
            host_key: (over_ssh && (pushes || work.asks)).then(|| host_key(d, directory)),
            wait: pushes.then(|| wait(&transport, directory)),
            files: (pushes && d.bootstrap == Bootstrap::Ssh).then(|| files(&transport, directory)),
            secrets: pushes.then(|| secrets(&transport, directory)),
            ready: work.asks.then(|| ready(&transport, directory)),
        }
    }

    /// All of them, in order.
    pub fn all(&self) -> Vec<Command> {
        let phases = [&self.host_key, &self.wait, &self.files, &self.secrets, &self.ready];
        phases.into_iter().flatten().cloned().collect()
    }

    /// With the machine's names in their places.
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

/// The cloud's word where it can be had, else whatever answers at the address.
fn host_key(d: &Deployment, directory: &Path) -> Command {
    match Transport::by_cloud(d) {
        Some(cloud) => cloud
            .command("cat /etc/ssh/ssh_host_ed25519_key.pub", directory)
            .described("read the machine's host key through the cloud, unless known_hosts has it"),
        None => scan(directory),
    }
}

/// Asks whatever answers at the address for its key.
pub(super) fn scan(directory: &Path) -> Command {
    Command::new("ssh-keyscan", &["-T", "10", "-t", "ed25519", "--", "{host}"], directory)
        .described("see which key the machine shows, unless known_hosts has it")
}

fn wait(transport: &Transport, directory: &Path) -> Command {
    transport
        .command("true", directory)
        .described("wait until the machine lets you in")
}

/// Also for a person whose machine did not get them another way.
pub fn files(transport: &Transport, directory: &Path) -> Command {
    transport
        .command("sudo bash -s", directory)
        .described("bring the host files")
        .reading(Stdin::File(BOOTSTRAP))
}

fn secrets(transport: &Transport, directory: &Path) -> Command {
    transport
        .command("sudo bash /var/lib/codewhale-setup/bundle/store-secrets.sh", directory)
        .described("bring the secrets")
        .reading(Stdin::Secrets)
}

/// Asks the machine how it is, by the way given.
pub fn ready(transport: &Transport, directory: &Path) -> Command {
    transport
        .command(RESULT, directory)
        .described("wait until the machine says that it is ready")
}
