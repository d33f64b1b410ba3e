//! What provisioning a cloud takes, as data: the commands.

use super::failure::Failure;

/// One command, before folder, plan file and machine are known.
#[derive(Clone, Copy, Debug)]
pub struct StepRow {
    pub stage: Stage,
    pub description: &'static str,
    pub program: Program,
    /// `{plan}`, `{host}`, `{ssh_target}` and the names of outputs stand for what is known when it runs.
    pub args: &'static [&'static str],
    pub secrets: SecretUse,
    pub stdin: Stdin,
}

impl StepRow {
    /// Terraform's own, the same for every cloud.
    pub const INIT: StepRow = StepRow {
        stage: Stage::Init,
        description: "fetch the provider",
        program: Program::Engine,
        args: &["init", "-input=false", "-no-color"],
        secrets: SecretUse::None,
        stdin: Stdin::Nothing,
    };

    pub const fn plan(secrets: SecretUse) -> StepRow {
        StepRow {
            stage: Stage::Plan,
            description: "find out what would change",
            program: Program::Engine,
            args: &["plan", "-json", "-input=false", "-lock-timeout=60s", "-out={plan}"],
            secrets,
            stdin: Stdin::Nothing,
        }
    }

    pub const fn apply(secrets: SecretUse) -> StepRow {
        StepRow {
            stage: Stage::Apply,
            description: "change just that",
            program: Program::Engine,
            args: &["apply", "-json", "-input=false", "-lock-timeout=60s", "{plan}"],
            secrets,
            stdin: Stdin::Nothing,
        }
    }

    /// A command of the cloud's or of the machine, which Terraform has no part in.
    pub const fn other(
        stage: Stage,
        description: &'static str,
        program: Program,
        args: &'static [&'static str],
        stdin: Stdin,
    ) -> StepRow {
        StepRow {
            stage,
            description,
            program,
            args,
            secrets: SecretUse::None,
            stdin,
        }
    }
}

/// Where in the order a command stands. The gate is before `Apply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Account,
    Init,
    Plan,
    Apply,
    /// Sees which key the machine shows, where the bundle holds none yet.
    HostKey,
    /// Logs in, as soon as that can be done.
    AwaitSsh,
    /// Brings the host files where nothing else did.
    Bootstrap,
    /// Brings the secrets.
    Push,
    /// Asks the machine itself, over SSH.
    ReadyBySsh,
    /// Asks the machine through the cloud, where no SSH rule exists.
    ReadyByCloud,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Terraform or OpenTofu.
    Engine,
    /// On the machine, over SSH, by the host key that the bundle holds and the key that the deployment names.
    OnMachine,
    Named(&'static str),
}

/// What a command's Terraform variables hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretUse {
    None,
    Placeholder,
    Values,
}

/// What a command reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    Nothing,
    /// Every secret of the deployment.
    Secrets,
    /// A file of the bundle.
    File(&'static str),
}

/// How the person is known to the cloud.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Any of these in the environment authenticates by itself.
    pub own_credentials: &'static [&'static str],
    pub login_hint: &'static str,
    /// Where one login has several accounts.
    pub pin: Option<Pin>,
    /// JSON pointers into the account command's answer.
    pub id: &'static str,
    pub name: &'static str,
}

/// How an account is pinned for every command.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    pub variable: &'static str,
    /// Before the account, as arguments of the account command.
    pub arguments: &'static [&'static str],
}

/// What a machine with its own host key needs told.
#[derive(Clone, Copy, Debug)]
pub struct OverSsh {
    /// Where a person reads the fingerprint that the machine itself printed.
    pub fingerprint: &'static str,
    /// How a person gets a shell where SSH is closed.
    pub console: &'static str,
    /// What the state has wrong when the machine does not take the key any more.
    pub unbound_key: &'static Failure,
}

/// The commands of one cloud.
#[derive(Clone, Copy, Debug)]
pub struct Provisioning {
    pub steps: &'static [StepRow],
    /// `None` where nobody logs in to a cloud.
    pub account: Option<Account>,
    /// Beginnings of variables that its provider and command line read.
    pub environment: &'static [&'static str],
    /// Those among them that break it.
    pub refused_environment: &'static [&'static str],
    /// Where secrets are pushed.
    pub over_ssh: Option<OverSsh>,
}
