//! Firewall rules as they will be, whatever shape the cloud gives them.

use serde::Serialize;
use serde_json::Value;

use crate::clouds::provisioning::RuleShape;

/// One firewall rule as it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub name: String,
    pub inbound: bool,
    pub allows: bool,
    pub protocol: String,
    /// Empty for every address.
    pub sources: Vec<String>,
    pub destinations: Vec<String>,
    /// Empty for a protocol without ports.
    pub ports: Vec<String>,
    /// Machines that it is about, where those are not named by address.
    #[serde(skip)]
    pub groups: Vec<String>,
    /// Only applying would tell what it says.
    #[serde(skip)]
    pub unknown: bool,
}

/// Rules of one resource that exists afterwards; none of one that has nothing to do with them.
pub(super) fn of(resource: &Value, configuration: &Value, shapes: &'static [RuleShape]) -> Vec<Rule> {
    let kind = resource["type"].as_str().unwrap_or_default();
    let address = resource["address"].as_str().unwrap_or_default();
    let Some(shape) = shapes.iter().find(|shape| shape.resource_type == kind) else {
        return Vec::new();
    };
    let change = &resource["change"];
    let (before, after, unknown) = (&change["before"], &change["after"], &change["after_unknown"]);
    let Some(list) = shape.list else {
        let unknown = shape.attributes().any(|name| holds_true(&unknown[name]));
        return vec![rule(address, after, shape, unknown)];
    };
    if shape.reported {
        let set = after.get(list).is_some_and(|rules| *rules != before[list]);
        if !set && !is_configured(configuration, kind, &resource["name"], list) {
            return Vec::new();
        }
    }
    let unknown = holds_true(&unknown[list]);
    match after.get(list).and_then(Value::as_array) {
        Some(rules) if !rules.is_empty() => rules
            .iter()
            .map(|values| rule(address, values, shape, unknown))
            .collect(),
        _ if unknown => vec![rule(address, &Value::Null, shape, unknown)],
        _ => Vec::new(),
    }
}

impl RuleShape {
    /// Everything that decides whom a rule lets in.
    fn attributes(&self) -> impl Iterator<Item = &'static str> {
        let one = [self.protocol, self.denied.0].into_iter();
        let direction = self.outbound.map(|(attribute, _)| attribute);
        let several = [self.sources, self.ports, self.groups].into_iter().flatten().copied();
        one.chain(direction).chain(several)
    }
}

/// Anywhere inside: a list has one of these for each of its elements.
fn holds_true(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(unknown) => *unknown,
        Value::Array(all) => all.iter().any(holds_true),
        Value::Object(all) => all.values().any(holds_true),
        _ => false,
    }
}

/// Whether a resource of this type and name, in whatever module, gives the attribute a value.
fn is_configured(module: &Value, kind: &str, name: &Value, attribute: &str) -> bool {
    let resources = module["resources"].as_array().into_iter().flatten();
    let calls = module["module_calls"].as_object().into_iter().flatten();
    resources.into_iter().any(|resource| {
        resource["type"] == kind && resource["name"] == *name && resource["expressions"].get(attribute).is_some()
    }) || calls
        .into_iter()
        .any(|(_, call)| is_configured(&call["module"], kind, name, attribute))
}

fn rule(address: &str, values: &Value, shape: &RuleShape, unknown: bool) -> Rule {
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
    let all = |names: &[&str]| -> Vec<String> { names.iter().flat_map(|name| words(values.get(*name))).collect() };
    let protocol = text(shape.protocol);
    let mut ports = all(shape.ports);
    if shape.portless.contains(&protocol) {
        ports.clear();
    } else if ports.is_empty() {
        // What is left out means everything.
        ports.push(shape.every_port.to_owned());
    }
    ports.sort_by_key(|ports| ports.split('-').next().and_then(|first| first.parse::<u16>().ok()));
    Rule {
        name: match text(shape.name) {
            "" => address.to_owned(),
            name => name.to_owned(),
        },
        // A word that nobody knows must not hide a rule.
        inbound: shape
            .outbound
            .is_none_or(|(attribute, outbound)| text(attribute) != outbound),
        allows: text(shape.denied.0) != shape.denied.1,
        protocol: protocol.to_owned(),
        sources: all(shape.sources),
        destinations: all(shape.destinations),
        ports,
        groups: all(shape.groups),
        unknown,
    }
}

fn words(value: Option<&Value>) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    match value {
        Some(Value::String(text)) => split(text),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).flat_map(split).collect(),
        _ => Vec::new(),
    }
}
