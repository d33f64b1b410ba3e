//! Rules that every plan must pass; nothing skips them.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use crate::clouds::Admitted;
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;
use crate::terraform::plan::Rule;

const SSH: &str = "22";
const WAY_ON: &str = "regenerate the bundle and see what was changed in it: `git diff`";

/// Checks a plan against the deployment: exactly the networks that it asks for are let in.
///
/// # Errors
/// The first difference, with its rule or resource.
pub fn check(plan: &Plan, d: &Deployment, operation: Operation) -> Result<()> {
    let allowed = plan.rules.iter().filter(|rule| rule.inbound && rule.allows);
    let mut reached = Vec::new();
    for rule in allowed {
        reached.extend(asked_for(rule, d)?);
    }
    nothing_else_leads_in(plan, d)?;
    if operation != Operation::Destroy {
        nothing_is_missing(plan, d, &reached)?;
    }
    has_identity(plan)
}

/// The networks that a rule lets in, all of them named by the deployment.
fn asked_for(rule: &Rule, d: &Deployment) -> Result<Vec<IpNet>> {
    let refused = |what: String| Err(refused(format!("the rule `{}` {what}", rule.name), d));
    if rule.unknown {
        return refused("is known only after applying, so it cannot be checked".to_owned());
    }
    if let [group, ..] = rule.groups.as_slice() {
        return refused(format!("allows the group `{group}` instead of addresses"));
    }
    if !rule.protocol.eq_ignore_ascii_case("tcp") || rule.ports != [SSH] {
        return refused(format!("allows {} {}", rule.protocol, rule.ports.join(", ")));
    }
    if rule.sources.is_empty() {
        return refused("allows TCP 22 from everywhere: it names no source".to_owned());
    }
    let mut found = Vec::new();
    for source in &rule.sources {
        match network(source).filter(|network| d.ssh_cidrs.contains(network)) {
            Some(network) => found.push(network),
            None => return refused(format!("allows TCP 22 from `{source}`")),
        }
    }
    Ok(found)
}

/// Keywords such as `Internet` are not networks.
fn network(source: &str) -> Option<IpNet> {
    let address = || source.parse::<IpAddr>().ok().map(IpNet::from);
    source.parse().ok().or_else(address)
}

/// Gateways, more addresses or another firewall could let others in, past the rules.
fn nothing_else_leads_in(plan: &Plan, d: &Deployment) -> Result<()> {
    let module = plan.module;
    let has_a_say = |kind: &str| module.network.types.iter().any(|beginning| kind.starts_with(beginning));
    let is_rule = |kind: &str| module.rules.iter().any(|shape| shape.resource_type == kind);
    for (address, kind) in plan.remaining().filter(|(_, kind)| has_a_say(kind)) {
        if let Some(admitted) = module
            .network
            .admitted
            .iter()
            .find(|admitted| admitted.resource_type == kind)
        {
            is_just_that(address, admitted, plan, d)?;
            continue;
        }
        let made = module.network.made.iter().find(|(made, _)| *made == kind);
        let most = made.map_or(0, |(_, number)| *number);
        let count = plan.remaining().filter(|(_, other)| *other == kind).count();
        if count > most && (made.is_some() || !is_rule(kind)) {
            return Err(refused(format!("`{address}` could let others in, bypassing the rules"), d));
        }
    }
    Ok(())
}

/// A generic API request may only do what the module uses it for.
fn is_just_that(address: &str, admitted: &Admitted, plan: &Plan, d: &Deployment) -> Result<()> {
    let refused = |name: &str, value: String| {
        let what = format!(
            "`{address}`: its `{name}` is {value}, so it could do something other than store a secret of this deployment"
        );
        Err(Error::new(Kind::Failed, what).hint(WAY_ON))
    };
    let (after, unknown) = plan.after(address);
    for (name, wanted) in admitted.attributes {
        let value = &after[*name];
        let is = match wanted {
            Some(wanted) => *value == **wanted,
            None => value.is_null(),
        };
        if unknown[*name] == Value::Bool(true) {
            return refused(name, "known only after applying".to_owned());
        }
        if !is {
            return refused(name, format!("`{value}`"));
        }
    }
    let (name, form) = admitted.subject;
    let vault = d.vault_name.as_deref().unwrap_or_default();
    let ends = |id: &str| {
        let mut secrets = d.secrets.iter().map(|slot| slot.vault_name());
        secrets.any(|secret| id.ends_with(&form.replace("{vault}", vault).replace("{secret}", &secret)))
    };
    match after[name].as_str() {
        Some(id) if !ends(id) => refused(name, format!("`{id}`")),
        // Unknown until the vault exists; the provider then checks it against the type.
        _ => Ok(()),
    }
}

fn nothing_is_missing(plan: &Plan, d: &Deployment, reached: &[IpNet]) -> Result<()> {
    let shape = &plan.module.network;
    for (kind, number) in shape.made {
        if plan.remaining().filter(|(_, other)| other == kind).count() < *number {
            return Err(refused(
                format!("the plan has no `{kind}`, so the machine would not be behind its firewall"),
                d,
            ));
        }
    }
    let denies = |rule: &Rule, everything: &str| {
        let all = [&rule.sources, &rule.destinations, &rule.ports];
        let is_everything = all.into_iter().all(|words| *words == [everything]);
        rule.inbound && !rule.allows && !rule.unknown && rule.protocol == everything && is_everything
    };
    let is_open = |everything| !plan.rules.iter().any(|rule| denies(rule, everything));
    if shape.deny_rule.is_some_and(is_open) {
        return Err(refused("the plan has no rule that denies everything else".to_owned(), d));
    }
    match d.ssh_cidrs.iter().find(|asked| !reached.contains(asked)) {
        Some(asked) => Err(refused(format!("the plan has no rule that allows TCP 22 from `{asked}`"), d)),
        None => Ok(()),
    }
}

fn has_identity(plan: &Plan) -> Result<()> {
    let Some(shape) = plan.module.identity else {
        return Ok(());
    };
    for (address, kind, values) in plan.resources() {
        let has_identity = values
            .get(shape.block)
            .and_then(Value::as_array)
            .is_some_and(|blocks| !blocks.is_empty());
        if kind == shape.resource_type && !has_identity {
            let what = format!("`{address}` has no identity, so it could not read its secrets");
            return Err(Error::new(Kind::Failed, what).hint(WAY_ON));
        }
    }
    Ok(())
}

fn refused(what: String, d: &Deployment) -> Error {
    let asked = match d.ssh_cidrs.as_slice() {
        [] => "allows no inbound access".to_owned(),
        networks => {
            let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
            format!("allows TCP 22 from {} and nothing else", networks.join(", "))
        }
    };
    Error::new(Kind::Failed, format!("{what}; deployment.yaml {asked}")).hint(WAY_ON)
}
