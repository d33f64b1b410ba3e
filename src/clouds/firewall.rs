//! How firewall rules stand in a plan, and what else there decides who reaches the machine.

/// How one kind of firewall rules stands in the plan.
#[derive(Clone, Copy, Debug)]
pub struct RuleShape {
    pub resource_type: &'static str,
    pub rules_in: RulesIn,
    /// The cloud reports rules that others made in that list, so it counts only where the configuration sets it.
    pub reported: bool,
    /// Attribute that a person knows a rule by.
    pub name: &'static str,
    /// The rule is about what goes out.
    pub outbound: When,
    /// The rule forbids.
    pub denies: When,
    pub protocol: &'static str,
    /// Protocols that know no ports.
    pub portless: &'static [&'static str],
    /// Attributes with one value, and those with a list; commas part values too.
    pub sources: &'static [&'static str],
    pub destinations: &'static [&'static str],
    pub ports: Ports,
    /// Attributes that name groups of machines instead of addresses.
    pub groups: &'static [&'static str],
    /// What a rule without a port means.
    pub every_port: &'static str,
}

/// Where rules stand.
#[derive(Clone, Copy, Debug)]
pub enum RulesIn {
    /// Each resource is a rule.
    Resource,
    /// In an attribute that lists them, or in blocks of this name.
    List(&'static str),
    /// Blocks of this name hold protocol and ports; what they leave out stands on the resource.
    Parts(&'static str),
}

/// Whether something holds of a rule.
#[derive(Clone, Copy, Debug)]
pub enum When {
    Always,
    Never,
    /// An attribute has this value.
    Is(&'static str, &'static str),
}

/// Where a rule's ports stand.
#[derive(Clone, Copy, Debug)]
pub enum Ports {
    In(&'static [&'static str]),
    /// The first and the last, as numbers.
    FromTo(&'static str, &'static str),
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
    /// The word for everything, where a rule must deny what no other allows, since the cloud's own last rules do not.
    pub deny_rule: Option<&'static str>,
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
