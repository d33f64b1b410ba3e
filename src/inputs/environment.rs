//! The environment as a layer of the spec: `CODEWHALE_X` first, then its old name `DEEPSEEK_X`.

use crate::error::Result;
use crate::inputs::origin::Origin;
use crate::inputs::{Spec, answers};

/// Reads one variable; `None` when unset. Tests hand in their own.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's environment; empty values count as unset.
pub fn process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// What the environment says.
///
/// # Errors
/// The first variable whose value has the wrong form, by name.
pub fn layer(lookup: Lookup) -> Result<Spec> {
    let mut spec = Spec::default();
    for answer in answers::all() {
        let found = answer
            .variables()
            .into_iter()
            .find_map(|name| Some((lookup(&name)?, name)));
        if let Some((value, name)) = found {
            let value = value.trim().to_owned();
            spec.origins.set(answer.key, Origin::Variable(name));
            let read = answer.put(&mut spec, std::slice::from_ref(&value));
            read.map_err(|error| spec.origins.placed(error.about(answer.key, "", &value)))?;
        }
    }
    Ok(spec)
}
