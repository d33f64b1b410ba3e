//! Firewall rules as they will be, whatever shape the cloud gives them.

use serde::Serialize;
use serde_json::Value;

use crate::clouds::{Ports, RuleShape, RulesIn, When};

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
    /// Groups it names instead of addresses.
    #[serde(skip)]
    pub groups: Vec<String>,
    /// Its values are known only after applying.
    #[serde(skip)]
    pub unknown: bool,
}

/// The rules in one planned resource; none for a type that has no rules.
pub(super) fn of(resource: &Value, configuration: &Value, shapes: &'static [RuleShape]) -> Vec<Rule> {
    let own = shapes.iter().filter(|shape| resource["type"] == *shape.resource_type);
    own.flat_map(|shape| of_shape(resource, configuration, shape)).collect()
}

fn of_shape(resource: &Value, configuration: &Value, shape: &RuleShape) -> Vec<Rule> {
    let change = &resource["change"];
    let (before, after, unknown) = (&change["before"], &change["after"], &change["after_unknown"]);
    let rule =
        |values: &[&Value], unknown| rule(resource["address"].as_str().unwrap_or_default(), values, shape, unknown);
    let is_unknown = shape.attributes().any(|name| holds_true(&unknown[name]));
    let (list, around) = match shape.rules_in {
        RulesIn::Resource => return vec![rule(&[after], is_unknown)],
        RulesIn::List(list) => (list, None),
        RulesIn::Parts(list) => (list, Some(after)),
    };
    if shape.reported {
        let set = after.get(list).is_some_and(|rules| *rules != before[list]);
        if !set && !is_configured(configuration, shape.resource_type, &resource["name"], list) {
            return Vec::new();
        }
    }
    let list_is_unknown = holds_true(&unknown[list]);
    let unknown = list_is_unknown || (around.is_some() && is_unknown);
    match after.get(list).and_then(Value::as_array) {
        Some(rules) if !rules.is_empty() => rules
            .iter()
            .map(|values| match around {
                Some(around) => rule(&[values, around], unknown),
                None => rule(&[values], unknown),
            })
            .collect(),
        _ if list_is_unknown => vec![rule(&[&Value::Null], unknown)],
        _ => Vec::new(),
    }
}

impl RuleShape {
    /// Every attribute that decides whom a rule lets in.
    fn attributes(&self) -> impl Iterator<Item = &'static str> {
        let one = [self.protocol].into_iter();
        let told = [self.outbound, self.denies].into_iter().filter_map(|when| match when {
            When::Is(attribute, _) => Some(attribute),
            When::Always | When::Never => None,
        });
        let ports = match self.ports {
            Ports::In(names) => names.to_vec(),
            Ports::FromTo(from, to) => vec![from, to],
        };
        let several = [self.sources, self.groups].into_iter().flatten().copied();
        one.chain(told).chain(several).chain(ports)
    }
}

/// Whether anything inside is unknown; a list or object has a mark for each element.
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

/// Takes each attribute from the first of `values` that sets it.
fn rule(address: &str, values: &[&Value], shape: &RuleShape, unknown: bool) -> Rule {
    let get = |name: &str| {
        values
            .iter()
            .find_map(|values| values.get(name).filter(|value| !value.is_null()))
    };
    let text = |name: &str| get(name).and_then(Value::as_str).unwrap_or_default();
    let all = |names: &[&str]| -> Vec<String> { names.iter().flat_map(|name| words(name, get(name))).collect() };
    let holds = |when| match when {
        When::Always => true,
        When::Never => false,
        When::Is(attribute, word) => text(attribute) == word,
    };
    let protocol = text(shape.protocol);
    let mut ports = match shape.ports {
        Ports::In(names) => all(names),
        Ports::FromTo(from, to) => range(&all(&[from]), &all(&[to])),
    };
    if shape.portless.contains(&protocol) {
        ports.clear();
    } else if ports.is_empty() {
        // No ports means every port.
        ports.push(shape.every_port.to_owned());
    }
    ports.sort_by_key(|ports| ports.split('-').next().and_then(|first| first.parse::<u16>().ok()));
    Rule {
        name: match text(shape.name) {
            "" => address.to_owned(),
            name => name.to_owned(),
        },
        // An unknown keyword must not hide a rule, so it counts as inbound and allowing.
        inbound: !holds(shape.outbound),
        allows: !holds(shape.denies),
        protocol: protocol.to_owned(),
        sources: all(shape.sources),
        destinations: all(shape.destinations),
        ports,
        groups: all(shape.groups),
        unknown,
    }
}

/// One port, or the first and the last.
fn range(from: &[String], to: &[String]) -> Vec<String> {
    match (from, to) {
        ([from], [to]) if from == to => vec![from.clone()],
        ([from], [to]) => vec![format!("{from}-{to}")],
        _ => Vec::new(),
    }
}

fn words(name: &str, value: Option<&Value>) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    match value {
        Some(Value::String(text)) => split(text),
        Some(Value::Array(list)) => list.iter().flat_map(|value| words(name, Some(value))).collect(),
        Some(Value::Number(number)) => vec![number.to_string()],
        // A flag, such as one for the group's own members.
        Some(Value::Bool(true)) => vec![name.to_owned()],
        _ => Vec::new(),
    }
}
