//! Walks over a value, attribute by attribute, as its schema nests them.

use std::collections::BTreeMap;

use crate::schema::{Attribute, Block, NestedBlock, Nesting};
use crate::value::Value;

/// One attribute on the way.
pub(crate) struct Site<'a> {
    /// Names from the resource down, with dots and without list positions and map keys: `os_disk.caching`.
    pub(crate) path: &'a str,
    pub(crate) attribute: &'a Attribute,
    /// Its prior value; `None` if the object around it is new.
    pub(crate) prior: Option<&'a Value>,
}

/// Replaces every attribute, including those in nested blocks and objects, by the result of `change`. `prior` is the
/// previous whole value, if any.
pub(crate) fn map_attributes(
    block: &Block,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    let object = Object {
        attributes: &block.attributes,
        block_types: Some(&block.block_types),
    };
    map_object(object, "", value, prior, change)
}

/// A block, or the object of a nested attribute.
#[derive(Clone, Copy)]
struct Object<'a> {
    attributes: &'a BTreeMap<String, Attribute>,
    block_types: Option<&'a BTreeMap<String, NestedBlock>>,
}

fn map_object(
    object: Object,
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
        let value = if let Some(attribute) = object.attributes.get(&name) {
            map_attribute(attribute, &path, value, before, change)
        } else if let Some(nested) = object.block_types.and_then(|types| types.get(&name)) {
            let object = Object {
                attributes: &nested.block.attributes,
                block_types: Some(&nested.block.block_types),
            };
            map_items(object, nested.nesting_mode, &path, value, before, change)
        } else {
            value
        };
        (name, value)
    });
    Value::Map(fields.collect())
}

fn map_attribute(
    attribute: &Attribute,
    path: &str,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    match (&attribute.nested_type, &value) {
        // A nested attribute with a value consists of its own attributes.
        (Some(nested), Value::Map(_) | Value::List(_)) if !attribute.write_only => {
            let object = Object {
                attributes: &nested.attributes,
                block_types: None,
            };
            map_items(object, nested.nesting_mode, path, value, prior, change)
        }
        _ => change(&Site { path, attribute, prior }, value),
    }
}

/// Whether an item of a set is the previous one, apart from values that are not decided yet.
fn could_be(object: Object, item: &Value, prior: &Value) -> bool {
    if item == prior {
        return true;
    }
    let (Value::Map(fields), Value::Map(_)) = (item, prior) else {
        return false;
    };
    fields.iter().all(|(name, value)| {
        let open = value.is_null() && object.attributes.get(name).is_some_and(|attribute| attribute.computed);
        open || prior.get(name) == Some(value)
    })
}

fn map_items(
    object: Object,
    nesting: Nesting,
    path: &str,
    value: Value,
    prior: Option<&Value>,
    change: &mut impl FnMut(&Site, Value) -> Value,
) -> Value {
    match (nesting, value) {
        (Nesting::Map, Value::Map(items)) => {
            let prior = prior.filter(|prior| !prior.is_null());
            let items = items.into_iter().map(|(key, item)| {
                let before = prior.and_then(|prior| prior.get(&key));
                let item = map_object(object, path, item, before, change);
                (key, item)
            });
            Value::Map(items.collect())
        }
        (_, Value::List(items)) => {
            let priors = match prior {
                Some(Value::List(priors)) => priors.as_slice(),
                _ => &[],
            };
            let items = items.into_iter().enumerate().map(|(position, item)| {
                // Positions mean nothing in a set: an item is either the same or new.
                let prior = match nesting {
                    Nesting::Set => priors.iter().find(|prior| could_be(object, &item, prior)),
                    _ => priors.get(position),
                };
                map_object(object, path, item, prior, change)
            });
            Value::List(items.collect())
        }
        (_, value) => map_object(object, path, value, prior, change),
    }
}
