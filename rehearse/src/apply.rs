//! The outcome of a change: unknown values get a value, and write-only ones are dropped.

use crate::plausible::Subject;
use crate::schema::Block;
use crate::value::Value;
use crate::walk::map_attributes;

/// The state after a planned change.
pub(crate) fn settle(subject: &Subject, block: &Block, planned: Value) -> Value {
    map_attributes(block, planned, None, &mut |site, value| match value {
        _ if site.attribute.write_only => Value::Null,
        Value::Unknown(_) => subject.value(site.path, &site.attribute.kind()),
        value => value,
    })
}

/// The answer of a data source or ephemeral resource: everything computed has a value.
pub(crate) fn read(subject: &Subject, block: &Block, config: Value) -> Value {
    map_attributes(block, config, None, &mut |site, value| {
        if site.attribute.computed && value.is_null() {
            subject.value(site.path, &site.attribute.kind())
        } else {
            value
        }
    })
}

/// Every string in the write-only attributes of a configuration.
pub(crate) fn write_only_texts(block: &Block, config: Value) -> Vec<String> {
    let mut texts = Vec::new();
    map_attributes(block, config, None, &mut |site, value| {
        if site.attribute.write_only {
            value.collect_texts(&mut texts);
        }
        value
    });
    texts
}
