//! Firewall rules as they will be, whatever shape the cloud gives them.

use serde::Serialize;
use serde_json::Value;

use crate::registry::provisioning::RuleShape;

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
}

/// Rules of one resource; none of one that has nothing to do with them.
pub(super) fn of(address: &str, kind: &str, values: &Value, shapes: &'static [RuleShape]) -> Vec<Rule> {
    let Some(shape) = shapes.iter().find(|shape| shape.resource_type == kind) else {
        return Vec::new();
    };
    let Some(list) = shape.list else {
        return vec![rule(address, values, shape)];
    };
    let listed = values.get(list).and_then(Value::as_array).into_iter().flatten();
    listed.map(|values| rule(address, values, shape)).collect()
}

fn rule(address: &str, values: &Value, shape: &RuleShape) -> Rule {
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
    let all = |names: &[&str]| -> Vec<String> { names.iter().flat_map(|name| words(values.get(*name))).collect() };
    let protocol = text(shape.protocol);
    let mut ports = all(shape.ports);
    if shape.portless.contains(&protocol) {
        ports.clear();
    } else if ports.is_empty() {
        // What is left out means everything.
        ports.extend(shape.every_port.first().map(ToString::to_string));
    }
    ports.sort_by_key(|ports| ports.split('-').next().and_then(|first| first.parse::<u16>().ok()));
    Rule {
        name: match text(shape.name) {
            "" => address.to_owned(),
            name => name.to_owned(),
        },
        inbound: shape
            .inbound
            .is_none_or(|(attribute, inbound)| text(attribute) == inbound),
        allows: text(shape.denied.0) != shape.denied.1,
        protocol: protocol.to_owned(),
        sources: all(shape.sources),
        destinations: all(shape.destinations),
        ports,
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
