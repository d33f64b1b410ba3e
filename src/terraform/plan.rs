//! A saved plan, read from the engine's JSON and never from its text.

mod planned;
mod reasons;
mod rules;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clouds::Module;
use crate::error::{Error, Kind, Result};
use crate::layout::PLAN_FILE;
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::terraform::engine::Engine;

pub use planned::PlannedValues;
pub use rules::Rule;

/// Hashes of what the engine wrote for one plan; `None` where a file is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedHashes {
    /// The saved plan.
    pub plan: Option<String>,
    /// Versions and hashes of the providers.
    pub providers: Option<String>,
}

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
    /// Why it is replaced or destroyed, where the plan says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Change {
    /// Whether the same thing happens, ignoring why: a resource that failed halfway is replaced for another reason.
    pub fn is_same(&self, other: &Change) -> bool {
        let parts = |change: &'_ Change| (change.address.clone(), change.resource_type.clone(), change.action);
        parts(self) == parts(other)
    }
}

/// A saved plan.
#[derive(Clone, Debug)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub rules: Vec<Rule>,
    /// Hashes of the files it was read from.
    pub saved: SavedHashes,
    /// Tells policies and reviews which resource types matter.
    pub module: &'static Module,
    /// The engine's own JSON, for the policies.
    pub json: Value,
    /// The same as text, searched for secrets.
    pub text: String,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// How many existing resources would be lost.
    pub fn losses(&self) -> usize {
        let lost = |change: &&Change| match change.action {
            Action::Delete => {
                let harmless = self.module.harmless_deletions.iter();
                !harmless
                    .into_iter()
                    .any(|beginning| change.address.starts_with(beginning))
            }
            Action::Replace => !self
                .module
                .harmless_replacements
                .contains(&change.resource_type.as_str()),
            Action::Create | Action::Update => false,
        };
        self.changes.iter().filter(lost).count()
    }

    /// Whether the existing machine is lost, along with its disk.
    pub fn loses_machine(&self) -> bool {
        let lost = |change: &Change| {
            change.resource_type == self.module.machine && matches!(change.action, Action::Replace | Action::Delete)
        };
        self.changes.iter().any(lost)
    }

    /// Whether the machine afterwards is not the one known now.
    pub fn has_new_machine(&self) -> bool {
        let new = |change: &Change| change.resource_type == self.module.machine && change.action != Action::Update;
        self.changes.iter().any(new)
    }

    /// An output whose value is known before applying.
    pub fn output(&self, name: &str) -> Option<&str> {
        let value = self.json.pointer(&format!("/planned_values/outputs/{name}/value"))?;
        value.as_str().filter(|text| !text.is_empty())
    }

    /// Every output with a known value, preferring the planned one.
    pub fn outputs(&self) -> BTreeMap<String, String> {
        let places = ["/prior_state/values/outputs", "/planned_values/outputs"];
        let all = places.iter().filter_map(|place| self.json.pointer(place)?.as_object());
        let text = |output: &Value| output.get("value")?.as_str().map(str::to_owned);
        all.flatten()
            .filter_map(|(name, output)| Some((name.clone(), text(output)?)))
            .collect()
    }

    /// Address and type of every resource that exists afterwards.
    pub fn remaining(&self) -> impl Iterator<Item = (&str, &str)> {
        remaining(&self.json).map(|resource| {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            (text("address"), text("type"))
        })
    }

    /// The planned values of one resource, and which of them are known only after applying.
    pub fn after(&self, address: &str) -> (&Value, &Value) {
        let change = remaining(&self.json).find(|resource| resource["address"] == address);
        change.map_or((&Value::Null, &Value::Null), |resource| {
            (&resource["change"]["after"], &resource["change"]["after_unknown"])
        })
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
pub fn read(
    engine: &Engine,
    directory: &Path,
    module: &'static Module,
    environment: &Environment,
    saved: SavedHashes,
) -> Result<Plan> {
    let command = Command::new(&engine.program, &["show", "-json", PLAN_FILE], directory);
    let output = process::capture(&command, environment)?;
    if !output.ok() {
        return Err(
            Error::new(Kind::Failed, format!("cannot read the saved plan: {}", output.stderr.trim()))
                .hint(format!("to see why, run `{}`", command.shown())),
        );
    }
    let json: Value = serde_json::from_str(&output.stdout).map_err(anyhow::Error::from)?;
    Ok(Plan {
        saved,
        ..of_json(json, output.stdout, module)
    })
}

/// Parses the engine's JSON.
pub fn of_json(json: Value, text: String, module: &'static Module) -> Plan {
    let configuration = &json["configuration"]["root_module"];
    let rules = remaining(&json).flat_map(|resource| rules::of(resource, configuration, module.rules));
    Plan {
        changes: changes(&json),
        rules: rules.collect(),
        saved: SavedHashes::default(),
        module,
        json,
        text,
    }
}

/// Every managed resource that exists afterwards, changed or not, as `resource_changes` has it.
fn remaining(json: &Value) -> impl Iterator<Item = &Value> {
    let all = json["resource_changes"].as_array().into_iter().flatten();
    all.filter(|resource| resource["mode"] == "managed" && !resource["change"]["after"].is_null())
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
                because: None,
            })
        })
        .collect()
}
