//! What no plan may do. Nothing skips these.

use serde_json::Value;

use super::plan::{Plan, Rule};
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};

const SSH: u16 = 22;

/// Refuses a plan that breaks a rule of this program.
///
/// # Errors
/// The first rule that is broken, with the resource.
pub fn check(plan: &Plan, d: &Deployment) -> Result<()> {
    let anywhere = d.cloud.provisioning.rules.anywhere;
    for rule in &plan.rules {
        if names_port(rule, d.port) {
            return Err(refused(format!(
                "the rule `{}` names the runtime's port {}, which is never opened",
                rule.name, d.port
            )));
        }
        let open = rule.sources.iter().find(|source| is_world(source, anywhere));
        if let Some(source) = open.filter(|_| rule.inbound && rule.allows && covers(rule, SSH)) {
            return Err(refused(format!(
                "the rule `{}` opens SSH to the whole internet (`{source}`)",
                rule.name
            )));
        }
    }
    if let Some(shape) = d.cloud.provisioning.identity {
        for (address, kind, values) in plan.resources() {
            let has_identity = values
                .get(shape.block)
                .and_then(Value::as_array)
                .is_some_and(|blocks| !blocks.is_empty());
            if kind == shape.resource_type && !has_identity {
                return Err(refused(format!("`{address}` has no identity, so it could not read its secrets")));
            }
        }
    }
    Ok(())
}

fn refused(what: String) -> Error {
    Error::new(Kind::Failed, what).hint("regenerate the bundle and look at what was changed in it: `git diff`")
}

/// A deny-everything rule covers every port and names none.
fn names_port(rule: &Rule, port: u16) -> bool {
    rule.allows && rule.inbound && covers(rule, port) || rule.ports.iter().any(|ports| *ports == port.to_string())
}

fn covers(rule: &Rule, port: u16) -> bool {
    rule.ports.iter().any(|ports| match ports.split_once('-') {
        _ if ports == "*" => true,
        Some((first, last)) => {
            let number = |text: &str| text.trim().parse::<u16>().ok();
            number(first).is_some_and(|first| first <= port) && number(last).is_some_and(|last| port <= last)
        }
        None => ports.parse() == Ok(port),
    })
}

fn is_world(source: &str, anywhere: &[&str]) -> bool {
    anywhere.contains(&source) || source.ends_with("/0")
}
