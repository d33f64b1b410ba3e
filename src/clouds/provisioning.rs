//! What provisioning a cloud takes, as data: its own commands, and how its plan is read.

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
    /// Before the account, as arguments of the account command.
    pub arguments: &'static [&'static str],
}

/// How firewall rules stand in the plan.
#[derive(Clone, Copy, Debug)]
pub struct RuleShape {
    pub resource_type: &'static str,
    /// Attribute that lists the rules; `None` where the resource is one.
    pub list: Option<&'static str>,
    /// The cloud reports rules that others made in that list, so it counts only where the configuration sets it.
    pub reported: bool,
    /// Attribute that a person knows it by.
    pub name: &'static str,
    /// Attribute and its word for what goes out; `None` where every rule is about what comes in.
    pub outbound: Option<(&'static str, &'static str)>,
    /// Attribute and its word for a rule that forbids.
    pub denied: (&'static str, &'static str),
    pub protocol: &'static str,
    /// Protocols that know no ports.
    pub portless: &'static [&'static str],
    /// Attributes with one value, and those with a list; commas part values too.
    pub sources: &'static [&'static str],
    pub destinations: &'static [&'static str],
    pub ports: &'static [&'static str],
    /// Attributes that name groups of machines instead of addresses.
    pub groups: &'static [&'static str],
    /// What a rule without a port means.
    pub every_port: &'static str,
}

/// What in a plan decides who reaches the machine, besides the rules themselves.
#[derive(Clone, Copy, Debug)]
pub struct NetworkShape {
    /// Beginnings of types that have a say in it, or could make what has.
    pub types: &'static [&'static str],
    /// Those among them that the module makes, and how many of each. More would be another way in; fewer would leave
    /// the machine without its firewall.
    pub made: &'static [(&'static str, usize)],
    /// Those among them that could be anything, and what they must be to be the module's.
    pub admitted: &'static [Admitted],
    /// Whether a rule must deny what no other allows, since the cloud's own last rules do not.
    pub deny_rule: bool,
}

/// A request to the cloud, admitted where it is just this one.
#[derive(Clone, Copy, Debug)]
pub struct Admitted {
    pub resource_type: &'static str,
    /// Attributes and their only value; `None` for one that must not be given.
    pub attributes: &'static [(&'static str, Option<&'static str>)],
    /// Attribute that says what the request is about, where that is known, and how it must end: `{vault}` and `{secret}` stand for
    /// the deployment's vault and for one of its secrets there.
    pub subject: (&'static str, &'static str),
}

/// A machine that must have an identity, since it reads its secrets with it.
#[derive(Clone, Copy, Debug)]
pub struct IdentityShape {
    pub resource_type: &'static str,
    pub block: &'static str,
}

/// What keeps the machine from being destroyed by accident, and the file that lifts it for one run.
#[derive(Clone, Copy, Debug)]
pub struct DestroyGuard {
    pub file: &'static str,
    pub text: &'static str,
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
    /// The same for this program; `None` where every run leaves a record, so that nobody asks again and again by it.
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
    /// Stands in what it says when nobody is logged in.
    pub logged_out: &'static str,
}

/// What a state of an earlier version holds and this one keeps in another way.
#[derive(Clone, Copy, Debug)]
pub struct Outdated {
    /// Without the keys of its instances.
    pub address: &'static str,
    pub why: &'static str,
    /// What becomes of the real thing.
    pub kept: &'static str,
}

/// A failure people meet, found by a part of the engine's message.
#[derive(Clone, Copy, Debug)]
pub struct KnownFailure {
    pub needles: &'static [&'static str],
    pub cause: &'static str,
    /// `{region}` stands for the deployment's, `{terraform}` for the engine as a person has to call it.
    pub hint: &'static str,
    /// Passes by itself: plan and apply again after a while.
    pub passes: bool,
}

/// What the state knows, and the cloud does not or not as its provider needs it: the state has to forget it.
#[derive(Clone, Copy, Debug)]
pub struct Stale {
    /// Parts of what the engine says then.
    pub needles: &'static [&'static str],
    pub cause: &'static str,
    /// Addresses, without an index; those that the state knows are forgotten.
    pub addresses: &'static [&'static str],
    /// `{forget}` stands for the command, `{again}` for the one that goes on.
    pub hint: &'static str,
}

/// Everything about provisioning one cloud.
#[derive(Clone, Copy, Debug)]
pub struct Provisioning {
    pub account: Account,
    /// Beginnings of variables that its provider and command line read.
    pub environment: &'static [&'static str],
    /// Those among them that break it.
    pub refused_environment: &'static [&'static str],
    pub rules: &'static [RuleShape],
    pub network: NetworkShape,
    pub identity: Option<IdentityShape>,
    /// Terraform's type of the machine.
    pub machine: &'static str,
    /// Types of what can be made anew without a loss.
    pub harmless_replacements: &'static [&'static str],
    /// Beginnings of addresses of what can go without a loss.
    pub harmless_deletions: &'static [&'static str],
    pub outdated: &'static [Outdated],
    pub destroy_guard: Option<DestroyGuard>,
    pub console: Console,
    pub cloud_command: Option<CloudCommand>,
    /// What the state has wrong when the machine does not take the key any more.
    pub unbound_key: Option<&'static Stale>,
    pub failures: &'static [KnownFailure],
    /// Looked at before `failures`.
    pub stale: &'static [Stale],
}
