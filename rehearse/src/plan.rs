//! Plans a change: computed values become unknown, and some changes need a new resource.

use crate::data::{self, applies};
use crate::schema::Block;
use crate::value::Value;
use crate::walk::map_attributes;

/// A planned change of one resource.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) planned: Value,
    /// Changed arguments that force a replacement.
    pub(crate) replaced_by: Vec<&'static str>,
}

/// Plans one resource from its prior state (null before it exists) and the wanted one (null to remove it).
pub(crate) fn plan(data: &data::Provider, type_name: &str, block: &Block, prior: &Value, proposed: Value) -> Plan {
    let existing = Some(prior).filter(|prior| !prior.is_null());
    let planned = map_attributes(block, proposed, existing, &mut |site, value| {
        if site.attribute.write_only {
            Value::Null
        } else if value.is_null()
            && let Some(default) = default(data, type_name, site.path)
        {
            Value::Text(default.to_owned())
        } else if site.attribute.computed && value.is_null() {
            site.prior.map_or_else(Value::unknown, Value::clone)
        } else {
            value
        }
    });
    let replaced_by = match existing {
        Some(prior) if !planned.is_null() => requires_replace(data, type_name)
            .filter(|name| prior.get(name) != planned.get(name))
            .collect(),
        _ => Vec::new(),
    };
    Plan { planned, replaced_by }
}

/// The provider's error when it refuses to change an argument.
pub(crate) fn refused(data: &data::Provider, type_name: &str, prior: &Value, planned: &Value) -> Option<String> {
    if prior.is_null() || planned.is_null() {
        return None;
    }
    let rows = data.unchangeable.iter().filter(|row| row.type_name == type_name);
    let mut arguments = rows.flat_map(|row| row.arguments.iter().map(move |argument| (row, *argument)));
    let (row, argument) = arguments.find(|(_, argument)| prior.get(argument) != planned.get(argument))?;
    Some(row.says.replace("{argument}", argument))
}

fn default(data: &data::Provider, type_name: &str, path: &str) -> Option<&'static str> {
    let mut rows = data.defaults.iter();
    let row = rows.find(|row| row.type_name == type_name && row.argument == path)?;
    Some(row.text)
}

fn requires_replace(data: &data::Provider, type_name: &str) -> impl Iterator<Item = &'static str> {
    let rows = data
        .requires_replace
        .iter()
        .filter(move |row| applies(row.type_name, type_name));
    rows.flat_map(|row| row.arguments.iter().copied())
}
