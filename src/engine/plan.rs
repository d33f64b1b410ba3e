//! A saved plan, read from the engine's JSON and never from its text.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::environment::Environment;
use super::process;
use super::step::PLAN_FILE;
use super::terraform::{self, Engine};
use crate::error::{Error, Kind, Result};
use crate::registry::provisioning::RuleShape;

/// What would happen to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Replace,
    Delete,
}

/// One planned change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub address: String,
    pub resource_type: String,
    pub action: Action,
}

/// One firewall rule as it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub name: String,
    pub inbound: bool,
    pub allows: bool,
    pub sources: Vec<String>,
    pub destinations: Vec<String>,
    pub ports: Vec<String>,
}

/// A saved plan.
#[derive(Clone, Debug)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub rules: Vec<Rule>,
    /// The engine's own JSON, for the policies.
    pub json: Value,
    /// The same as text, to search for secrets.
    pub text: String,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// Something that exists would be lost.
    pub fn loses_something(&self) -> bool {
        self.count(Action::Delete) + self.count(Action::Replace) > 0
    }

    /// Every resource with its attributes as planned: `(address, type, values)`.
    pub fn resources(&self) -> Vec<(&str, &str, &Value)> {
        let mut found = Vec::new();
        if let Some(root) = self.json.pointer("/planned_values/root_module") {
            collect(root, &mut found);
        }
        found
    }
}

fn collect<'a>(module: &'a Value, found: &mut Vec<(&'a str, &'a str, &'a Value)>) {
    let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
    for resource in list("resources") {
        let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        found.push((text("address"), text("type"), resource.get("values").unwrap_or(&Value::Null)));
    }
    for child in list("child_modules") {
        collect(child, found);
    }
}

/// Reads the plan saved in `directory`.
///
/// # Errors
/// The engine cannot read its own plan.
pub fn read(engine: &Engine, directory: &Path, shape: &RuleShape, environment: &Environment) -> Result<Plan> {
    let step = terraform::step(&engine.program, &["show", "-json", PLAN_FILE], directory);
    let (ended, text, stderr) = process::capture(&step, environment)?;
    if !ended.ok() {
        return Err(Error::new(Kind::Failed, format!("cannot read the saved plan: {}", stderr.trim()))
            .hint(format!("see `{}`", step.shown())));
    }
    let json: Value = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
    Ok(of_json(json, text, shape))
}

fn of_json(json: Value, text: String, shape: &RuleShape) -> Plan {
    let mut plan = Plan {
        changes: changes(&json),
        rules: Vec::new(),
        json,
        text,
    };
    plan.rules = plan
        .resources()
        .into_iter()
        .filter(|(_, kind, _)| *kind == shape.resource_type)
        .map(|(address, _, values)| rule(address, values, shape))
        .collect();
    plan
}

fn changes(json: &Value) -> Vec<Change> {
    let all = json
        .get("resource_changes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    all.filter(|change| change.get("mode").and_then(Value::as_str) == Some("managed"))
        .filter_map(|change| {
            let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let actions = change.pointer("/change/actions")?.as_array()?;
            let actions: Vec<&str> = actions.iter().filter_map(Value::as_str).collect();
            let action = match actions.as_slice() {
                ["create"] => Action::Create,
                ["update"] => Action::Update,
                ["delete"] => Action::Delete,
                [_, _] => Action::Replace,
                _ => return None,
            };
            Some(Change {
                address: text("address"),
                resource_type: text("type"),
                action,
            })
        })
        .collect()
}

fn rule(address: &str, values: &Value, shape: &RuleShape) -> Rule {
    let text = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
    let all = |names: &[&str]| {
        names
            .iter()
            .flat_map(|name| words(values.get(*name)))
            .collect::<Vec<_>>()
    };
    let mut ports = all(shape.ports);
    ports.sort_by_key(|ports| ports.split('-').next().and_then(|first| first.parse::<u16>().ok()));
    Rule {
        name: match text("name") {
            "" => address.to_owned(),
            name => name.to_owned(),
        },
        inbound: text(shape.direction) == shape.inbound,
        allows: text(shape.access) == shape.allow,
        sources: all(shape.sources),
        destinations: all(shape.destinations),
        ports,
    }
}

fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(word)) => vec![word.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
