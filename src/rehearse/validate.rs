//! What a provider itself refuses in a configuration. Terraform has done the rest by then, from the
//! same schema: unknown arguments, wrong types, too few or too many blocks.

use super::proto::Diagnostic;
use super::schema::Block;
use super::value::Value;

/// Complaints about one configuration, `name` in front of every argument.
pub(super) fn complaints(block: &Block, config: &Value, name: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    check(block, config, name, &mut found);
    found
}

fn check(block: &Block, config: &Value, path: &str, found: &mut Vec<Diagnostic>) {
    // Of what is unknown as a whole, nothing can be said yet.
    let Value::Map(fields) = config else {
        return;
    };
    for (name, attribute) in &block.attributes {
        let is_set = fields.get(name).is_some_and(|value| !value.is_null());
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
        }
    }
    for (name, nested) in &block.block_types {
        let path = format!("{path}.{name}");
        match fields.get(name) {
            Some(Value::List(items)) => {
                for item in items {
                    check(&nested.block, item, &path, found);
                }
            }
            Some(item) => check(&nested.block, item, &path, found),
            None => {}
        }
    }
}
