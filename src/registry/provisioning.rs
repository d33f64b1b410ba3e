//! What provisioning a cloud takes, as data: the commands, and how its plan is read.

/// One command, before folder, plan file and machine are known.
#[derive(Clone, Copy, Debug)]
pub struct StepRow {
    pub stage: Stage,
    pub description: &'static str,
    pub program: Program,
    /// `{plan}`, `{ssh_target}` and `{vm_id}` stand for what is known when it runs.
    pub args: &'static [&'static str],
    pub secrets: SecretUse,
}

/// Where in the order a command stands. The gate is before `Apply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Account,
    Init,
    Plan,
    Apply,
    /// Asks the machine itself, over SSH.
    ReadyBySsh,
    /// Asks the machine through the cloud, where no SSH rule exists.
    ReadyByCloud,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Terraform or OpenTofu.
    Engine,
    Named(&'static str),
}

/// What a command's Terraform variables hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretUse {
    None,
    Placeholder,
    Values,
}

/// How the person is known to the cloud.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Any of these in the environment authenticates by itself.
    pub own_credentials: &'static [&'static str],
    pub login_hint: &'static str,
    /// Variable that pins the account for every command.
    pub pin: &'static str,
    /// JSON pointers into the account command's answer.
    pub id: &'static str,
    pub name: &'static str,
}

/// How a firewall rule stands in the plan.
#[derive(Clone, Copy, Debug)]
pub struct RuleShape {
    pub resource_type: &'static str,
    pub direction: &'static str,
    pub inbound: &'static str,
    pub access: &'static str,
    pub allow: &'static str,
    /// Attributes with one value, and those with a list.
    pub sources: &'static [&'static str],
    pub destinations: &'static [&'static str],
    pub ports: &'static [&'static str],
    /// Words that mean every address.
    pub anywhere: &'static [&'static str],
}

/// A machine that must have an identity, since it reads its secrets with it.
#[derive(Clone, Copy, Debug)]
pub struct IdentityShape {
    pub resource_type: &'static str,
    pub block: &'static str,
}

/// A failure people meet, found by a part of the engine's message.
#[derive(Clone, Copy, Debug)]
pub struct KnownFailure {
    pub needles: &'static [&'static str],
    pub cause: &'static str,
    pub hint: &'static str,
    /// Passes by itself: plan and apply again after a while.
    pub passes: bool,
}

/// Everything about provisioning one cloud.
#[derive(Clone, Copy, Debug)]
pub struct Provisioning {
    pub steps: &'static [StepRow],
    pub account: Account,
    pub rules: RuleShape,
    pub identity: Option<IdentityShape>,
    pub failures: &'static [KnownFailure],
}
