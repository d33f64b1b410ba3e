//! The values that a plan gives to what it changes.

use serde_json::{Map, Value};

use super::Plan;

/// The values after one change, as far as they are known before applying.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedValues {
    after: Value,
    /// `true` wherever the provider decides the value.
    unknown: Value,
}

impl PlannedValues {
    /// The values of one address; empty if the plan does not change it.
    pub(crate) fn of(plan: &Plan, address: &str) -> PlannedValues {
        let change = changes(plan).find(|change| change["address"] == address);
        let part = |name: &str| {
            change
                .and_then(|change| change.pointer(&format!("/change/{name}")))
                .cloned()
        };
        PlannedValues {
            after: part("after").unwrap_or_default(),
            unknown: part("after_unknown").unwrap_or_default(),
        }
    }

    /// The first value that differs from `shown` or became unknown; one that was unknown there may be anything now.
    pub fn differs_from(&self, shown: &PlannedValues) -> Option<String> {
        differs(&self.after, &self.unknown, &shown.after, &shown.unknown, "")
    }
}

impl Plan {
    /// Every change with its values, as one text: the same for the same plan.
    pub fn planned(&self) -> String {
        let mut all: Vec<String> = self.planned_by_address().into_iter().map(|(_, text)| text).collect();
        all.sort();
        all.join("\n")
    }

    /// The same per address.
    pub(crate) fn planned_by_address(&self) -> Vec<(String, String)> {
        let parts = ["address", "mode", "type", "provider_name", "change"];
        changes(self)
            .filter(|change| change.pointer("/change/actions") != Some(&serde_json::json!(["no-op"])))
            .map(|change| {
                let kept: Map<String, Value> = parts
                    .iter()
                    .map(|name| ((*name).to_owned(), change[*name].clone()))
                    .collect();
                let address = change["address"].as_str().unwrap_or_default().to_owned();
                (address, Value::Object(kept).to_string())
            })
            .collect()
    }
}

pub(super) fn changes(plan: &Plan) -> impl Iterator<Item = &Value> {
    plan.json
        .get("resource_changes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn differs(now: &Value, now_unknown: &Value, shown: &Value, shown_unknown: &Value, path: &str) -> Option<String> {
    if *shown_unknown == Value::Bool(true) {
        return None;
    }
    let here = || Some(if path.is_empty() { "its values".to_owned() } else { path.to_owned() });
    if *now_unknown == Value::Bool(true) {
        return here();
    }
    let null = Value::Null;
    match (now, shown) {
        (Value::Object(now), Value::Object(shown)) => {
            let of = |unknown: &Value, name: &str| unknown.get(name).cloned().unwrap_or_default();
            let names = shown
                .keys()
                .chain(now.keys())
                .chain(shown_unknown.as_object().into_iter().flat_map(Map::keys));
            names.into_iter().find_map(|name| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                differs(
                    now.get(name).unwrap_or(&null),
                    &of(now_unknown, name),
                    shown.get(name).unwrap_or(&null),
                    &of(shown_unknown, name),
                    &path,
                )
            })
        }
        (Value::Array(now), Value::Array(shown)) if now.len() == shown.len() => (0..now.len()).find_map(|at| {
            let of = |unknown: &Value| unknown.get(at).cloned().unwrap_or_default();
            differs(&now[at], &of(now_unknown), &shown[at], &of(shown_unknown), &format!("{path}[{at}]"))
        }),
        (now, shown) if now == shown => None,
        _ => here(),
    }
}
