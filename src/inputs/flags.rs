//! Flags as a layer of the spec.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::inputs::origin::Origin;
use crate::inputs::{Spec, answers};

/// What was typed behind the flag of each answer, by the answer's key.
pub type GivenFlags = BTreeMap<&'static str, Vec<String>>;

/// What the flags say.
///
/// # Errors
/// The first flag whose value has the wrong form.
pub fn layer(typed: &GivenFlags) -> Result<Spec> {
    let mut spec = Spec::default();
    for answer in answers::all() {
        if let Some(values) = typed.get(answer.key) {
            let read = answer.put(&mut spec, values);
            read.map_err(|error| error.context(answer.name()))?;
        }
    }
    Ok(spec.given_by(&Origin::Flag))
}
