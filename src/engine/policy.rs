//! What no plan may do. Nothing skips these.

use serde_json::Value;

use super::plan::{Plan, Rule};
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};
use crate::registry::provisioning::RuleShape;

const SSH: u16 = 22;

/// Refuses a plan that breaks a rule of this program.
///
/// # Errors
/// The first rule that is broken, with the resource.
pub fn check(plan: &Plan, d: &Deployment) -> Result<()> {
    let row = &d.cloud.provisioning;
    for rule in &plan.rules {
        if names_port(rule, d.port, row.rules) {
            return Err(refused(format!(
                "the rule `{}` names the runtime's port {}, which is never opened",
                rule.name, d.port
            )));
        }
        if let Some(source) = world(rule, row.rules).filter(|_| opens(rule, SSH, row.rules)) {
            return Err(refused(format!(
                "the rule `{}` opens SSH to the whole internet (`{source}`)",
                rule.name
            )));
        }
    }
    if let Some(shape) = row.identity {
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
fn names_port(rule: &Rule, port: u16, shapes: &[RuleShape]) -> bool {
    opens(rule, port, shapes) || rule.ports.iter().any(|ports| *ports == port.to_string())
}

fn opens(rule: &Rule, port: u16, shapes: &[RuleShape]) -> bool {
    let every = |ports: &str| shapes.iter().any(|shape| shape.every_port.contains(&ports));
    let covers = |ports: &String| match ports.split_once('-') {
        _ if every(ports) => true,
        Some((first, last)) => {
            let number = |text: &str| text.trim().parse::<u16>().ok();
            number(first).is_some_and(|first| first <= port) && number(last).is_some_and(|last| port <= last)
        }
        None => ports.parse() == Ok(port),
    };
    rule.allows && rule.inbound && rule.ports.iter().any(covers)
}

/// The source that lets everybody in; none at all does too.
fn world<'a>(rule: &'a Rule, shapes: &[RuleShape]) -> Option<&'a str> {
    let anywhere = |source: &str| shapes.iter().any(|shape| shape.anywhere.contains(&source));
    match rule.sources.as_slice() {
        [] => Some("no source"),
        sources => sources
            .iter()
            .map(String::as_str)
            .find(|source| anywhere(source) || source.ends_with("/0")),
    }
}
