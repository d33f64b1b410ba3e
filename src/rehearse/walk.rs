//! A walk over a value, attribute by attribute, as its schema nests them.

use super::schema::{Attribute, Block};
use super::value::Value;

/// One attribute on the way.
pub(super) struct Site<'a> {
    /// Names from the resource down, with dots and without list positions: `os_disk.caching`.
    pub(super) path: &'a str,
    pub(super) attribute: &'a Attribute,
    /// What it was before; none where the object around it is new.
    pub(super) prior: Option<&'a Value>,
}

/// The value with every attribute, also those in nested blocks, replaced by what `change` makes of it.
/// `prior` is what the whole was before, if it was.
pub(super) fn map_attributes(
    block: &Block,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    map_block(block, "", value, prior, change)
}

fn map_block(
    block: &Block,
    path: &str,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    let Value::Map(fields) = value else {
        return value;
    };
    let prior = prior.filter(|prior| !prior.is_null());
    let fields = fields.into_iter().map(|(name, value)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let before = prior.and_then(|prior| prior.get(&name));
        let value = if let Some(attribute) = block.attributes.get(&name) {
            let site = Site {
                path: &path,
                attribute,
                prior: before,
            };
            change(&site, value)
        } else if let Some(nested) = block.block_types.get(&name) {
            map_items(&nested.block, &path, value, before, change)
        } else {
            value
        };
        (name, value)
    });
    Value::Map(fields.collect())
}

fn map_items(
    block: &Block,
    path: &str,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    let Value::List(items) = value else {
        return map_block(block, path, value, prior, change);
    };
    let priors = match prior {
        Some(Value::List(priors)) => priors.as_slice(),
        _ => &[],
    };
    let items = items.into_iter().enumerate().map(|(position, item)| {
        // Positions mean nothing in a set, where an item is either the same or new.
        let prior = priors.iter().find(|prior| **prior == item).or(priors.get(position));
        map_block(block, path, item, prior, change)
    });
    Value::List(items.collect())
}
