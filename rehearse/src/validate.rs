//! What a provider itself rejects in a configuration. Terraform has already checked the rest against the same schema:
//! unknown arguments, wrong types, too few or too many blocks.

use std::collections::BTreeMap;

use crate::proto::Diagnostic;
use crate::schema::{Attribute, Block, Nesting};
use crate::value::Value;

/// Errors in one configuration, with `name` in front of every argument.
pub(crate) fn complaints(block: &Block, config: &Value, name: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    check(block, config, name, &mut found);
    found
}

fn check(block: &Block, config: &Value, path: &str, found: &mut Vec<Diagnostic>) {
    check_attributes(&block.attributes, config, path, found);
    for (name, nested) in &block.block_types {
        let path = format!("{path}.{name}");
        for item in items(nested.nesting_mode, config.get(name)) {
            check(&nested.block, item, &path, found);
        }
    }
}

fn check_attributes(attributes: &BTreeMap<String, Attribute>, config: &Value, path: &str, found: &mut Vec<Diagnostic>) {
    // A wholly unknown object cannot be checked yet.
    let Value::Map(fields) = config else {
        return;
    };
    for (name, attribute) in attributes {
        let value = fields.get(name);
        let is_set = value.is_some_and(|value| !value.is_null());
        if attribute.required && !is_set {
            found.push(Diagnostic::error(
                "Missing required argument",
                format!("{path}.{name} must have a value, and it is null."),
            ));
        }
        if is_set && !attribute.required && !attribute.optional {
            found.push(Diagnostic::error(
                "Read-only argument",
                format!("{path}.{name} is decided by the provider and cannot be set."),
            ));
        } else if let Some(nested) = &attribute.nested_type {
            for item in items(nested.nesting_mode, value) {
                check_attributes(&nested.attributes, item, &format!("{path}.{name}"), found);
            }
        }
    }
}

/// The objects in a nested value.
fn items(nesting: Nesting, value: Option<&Value>) -> Vec<&Value> {
    match (nesting, value) {
        (Nesting::Map, Some(Value::Map(items))) => items.values().collect(),
        (_, Some(Value::List(items))) => items.iter().collect(),
        (_, value) => value.into_iter().collect(),
    }
}
