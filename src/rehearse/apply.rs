//! What a change led to: what was unknown gets a value, and what is write-only is forgotten.

use super::plausible::Subject;
use super::schema::Block;
use super::value::Value;
use super::walk::map_attributes;

/// The state after a planned change. `generation` tells resources apart that are made again after
/// having been removed.
pub(super) fn settle(type_name: &str, block: &Block, planned: Value, generation: usize, region: &str) -> Value {
    let known = planned.clone();
    let subject = Subject::new(type_name, &known, generation, region);
    map_attributes(block, planned, None, &mut |site, value| match value {
        _ if site.attribute.write_only => Value::Null,
        Value::Unknown(_) => subject.value(site.path, &site.attribute.kind),
        value => value,
    })
}

/// What a data source or an ephemeral resource answers: everything computed has a value.
pub(super) fn read(type_name: &str, block: &Block, config: Value, region: &str) -> Value {
    let known = config.clone();
    let subject = Subject::new(type_name, &known, 0, region);
    map_attributes(block, config, None, &mut |site, value| {
        if site.attribute.computed && value.is_null() {
            subject.value(site.path, &site.attribute.kind)
        } else {
            value
        }
    })
}

/// Values of all write-only attributes of a configuration.
pub(super) fn write_only_texts(block: &Block, config: Value) -> Vec<String> {
    let mut texts = Vec::new();
    map_attributes(block, config, None, &mut |site, value| {
        if let Value::Text(text) = &value
            && site.attribute.write_only
        {
            texts.push(text.clone());
        }
        value
    });
    texts
}
