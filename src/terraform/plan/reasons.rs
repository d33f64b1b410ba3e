//! Why a plan replaces or removes something, in plain words.

use serde_json::Value;

use super::{Action, Plan, planned};
use crate::render::RenderedFile;

/// Plain names of attributes; any other is shown by its own name.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("admin_ssh_key", "the SSH key"),
    ("admin_username", "the administrator's name"),
    ("blueprint_id", "the image"),
    ("bundle_id", "the machine size"),
    ("computer_name", "the machine name"),
    ("custom_data", "the user data"),
    ("location", "the region"),
    ("name", "the name"),
    ("os_disk.disk_size_gb", "the disk size"),
    ("public_key", "the SSH key"),
    ("resource_group_name", "the resource group"),
    ("secure_boot_enabled", "trusted launch"),
    ("size", "the machine size"),
    ("source_image_reference", "the image"),
    ("vtpm_enabled", "trusted launch"),
    ("zone", "the zone"),
];

/// What the modules' replace triggers stand for; any other shows its old and new value.
const TRIGGERS: &[(&str, &str)] = &[
    ("blueprint", "the machine's image changed"),
    ("bootstrap", "bootstrap.sh changed"),
    ("ssh_key", "the SSH key changed"),
];

/// Longer values do not fit in a line.
const LONGEST: usize = 40;

impl Plan {
    /// Adds the reason to each replacement and removal. `files` are the bundle's: only they tell which trigger belongs to
    /// which resource.
    pub fn explain(&mut self, files: &[RenderedFile]) {
        let reasons: Vec<Option<String>> = self
            .changes
            .iter()
            .map(|change| match change.action {
                Action::Replace | Action::Delete => {
                    let planned = planned::changes(self).find(|planned| planned["address"] == *change.address)?;
                    reason(planned, self, files)
                }
                Action::Create | Action::Update => None,
            })
            .collect();
        for (change, because) in self.changes.iter_mut().zip(reasons) {
            change.because = because;
        }
    }
}

fn reason(planned: &Value, plan: &Plan, files: &[RenderedFile]) -> Option<String> {
    let words = match planned["action_reason"].as_str()? {
        "replace_because_cannot_update" => attributes(&planned["change"]),
        "replace_because_tainted" => vec!["an earlier run left it incomplete".to_owned()],
        "replace_by_request" => vec!["asked for with `-replace`".to_owned()],
        "replace_by_triggers" => triggers(planned, plan, files),
        reason if reason.starts_with("delete_because_") => vec!["the bundle no longer has it".to_owned()],
        _ => Vec::new(),
    };
    (!words.is_empty()).then(|| words.join(", "))
}

/// Every attribute that cannot be changed in place, once.
fn attributes(change: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for path in change["replace_paths"].as_array().into_iter().flatten() {
        let steps: Vec<&Value> = path.as_array().into_iter().flatten().collect();
        let names: Vec<&str> = steps.iter().filter_map(|step| step.as_str()).collect();
        let whole = names.join(".");
        let first = names.first().copied().unwrap_or_default();
        let word = |name: &str| ATTRIBUTES.iter().find(|(known, _)| *known == name);
        let called = word(&whole).or_else(|| word(first)).map(|(_, called)| *called);
        let called = called.map_or_else(|| format!("`{whole}`"), str::to_owned);
        let is_hidden = ["before_sensitive", "after_sensitive"].iter().any(|marks| {
            let marks = at(&change[*marks], &steps);
            !marks.is_null() && *marks != Value::Bool(false)
        });
        let text = match is_hidden {
            true => format!("{called} changed"),
            false => became(&called, at(&change["before"], &steps), at(&change["after"], &steps)),
        };
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// The value at a path; a `true` on the way covers everything below it.
fn at<'a>(value: &'a Value, steps: &[&Value]) -> &'a Value {
    steps.iter().fold(value, |value, step| match (value, step) {
        (Value::Bool(true), _) => value,
        (_, Value::String(name)) => &value[name.as_str()],
        (_, step) => step
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .map_or(&Value::Null, |index| &value[index]),
    })
}

fn became(called: &str, before: &Value, after: &Value) -> String {
    match (plain(before), plain(after)) {
        (Some(before), Some(after)) => format!("{called} {before} → {after}"),
        _ => format!("{called} changed"),
    }
}

/// A value that fits into a line.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.chars().count() <= LONGEST && !text.contains('\n')).then_some(text)
}

/// The triggers that the resource names and that change in this plan.
fn triggers(planned: &Value, plan: &Plan, files: &[RenderedFile]) -> Vec<String> {
    let text = |name: &str| planned[name].as_str().unwrap_or_default();
    let named = named_triggers(files, text("type"), text("name"));
    let changing = planned::changes(plan).filter(|change| {
        let actions = &change["change"]["actions"];
        change["type"] == "terraform_data"
            && change["module_address"] == planned["module_address"]
            && *actions != serde_json::json!(["no-op"])
            && change["name"]
                .as_str()
                .is_some_and(|name| named.iter().any(|known| known == name))
    });
    changing
        .map(|change| {
            let name = change["name"].as_str().unwrap_or_default();
            let (before, after) = (&change["change"]["before"]["input"], &change["change"]["after"]["input"]);
            match TRIGGERS.iter().find(|(known, _)| *known == name) {
                Some((_, words)) => (*words).to_owned(),
                None => became(name, before, after),
            }
        })
        .collect()
}

/// Names of the `terraform_data` under `replace_triggered_by` of a resource, which the engine's JSON leaves out.
fn named_triggers(files: &[RenderedFile], kind: &str, name: &str) -> Vec<String> {
    let modules = files
        .iter()
        .filter(|file| file.path.starts_with("modules/") && file.path.ends_with(".tf"));
    let bodies = modules.filter_map(|file| hcl::parse(&file.contents).ok());
    bodies
        .flat_map(|body| {
            let wanted = |block: &&hcl::Block| {
                let labels: Vec<&str> = block.labels().iter().map(hcl::BlockLabel::as_str).collect();
                block.identifier() == "resource" && labels == [kind, name]
            };
            let inner = body.blocks().filter(wanted).flat_map(|block| block.body().blocks());
            inner
                .filter(|block| block.identifier() == "lifecycle")
                .flat_map(|block| block.body().attributes())
                .filter(|attribute| attribute.key() == "replace_triggered_by")
                .flat_map(|attribute| names_in(&attribute.expr().to_string()))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn names_in(list: &str) -> Vec<String> {
    let words = list.split(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c)));
    let data = words.filter_map(|word| word.strip_prefix("terraform_data."));
    data.map(|rest| rest.split('.').next().unwrap_or(rest).to_owned())
        .collect()
}
