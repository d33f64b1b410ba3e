//! What provisioning a cloud takes, as data: its own commands.

use super::Cloud;
use super::failure::Failure;
use crate::tables::Row;

/// How the person is known to the cloud.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Tells, with these arguments, who is logged in, as JSON.
    pub program: &'static str,
    pub args: &'static [&'static str],
    /// What that command is for.
    pub purpose: &'static str,
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
    /// Arguments of the account command that take the account, which follows them.
    pub arguments: &'static [&'static str],
}

/// Where a person finds the machine in the cloud's own pages.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// Where the fingerprint is that the machine itself printed.
    pub fingerprint: &'static str,
    /// How a person gets a shell where SSH is closed.
    pub shell: &'static str,
}

/// The cloud's own command service: runs a script as root on a machine, through no open port.
#[derive(Clone, Copy, Debug)]
pub struct CloudCommand {
    /// Words of a shell, before the script; `{region}` stands for the deployment's.
    pub typed: &'static str,
    /// The same for this program; `None` where every run leaves a record, which asking again and again would pile up.
    pub invocation: Option<Invocation>,
}

/// One run of the cloud's own command service.
#[derive(Clone, Copy, Debug)]
pub struct Invocation {
    pub program: &'static str,
    /// Before the script; the names of outputs in braces stand for their values.
    pub args: &'static [&'static str],
    /// Finds in what it prints what the script printed.
    pub answer: fn(&str) -> &str,
    /// Part of its message when nobody is logged in.
    pub logged_out: &'static str,
}

/// The commands of one cloud.
#[derive(Clone, Copy, Debug)]
pub struct Provisioning {
    /// `None` where nobody logs in to a cloud.
    pub account: Option<Account>,
    /// Beginnings of variables that its provider and command line read.
    pub environment: &'static [&'static str],
    /// Variables among them that would break it.
    pub refused_environment: &'static [&'static str],
    pub console: Console,
    pub cloud_command: Option<CloudCommand>,
    /// What the state has wrong when the machine does not take the key any more.
    pub unbound_key: Option<&'static Failure>,
}

/// Whether the provider or command line of some cloud reads this environment variable. One that would break it does not count.
pub fn reads_variable(name: &str) -> bool {
    let clouds = || Cloud::rows().iter().map(|cloud| &cloud.provisioning);
    let reads = clouds().any(|row| row.environment.iter().any(|beginning| name.starts_with(beginning)));
    reads && !clouds().any(|row| row.refused_environment.contains(&name))
}
