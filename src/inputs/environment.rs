//! The environment as a layer of the spec: `CODEWHALE_X` first, then its old name `DEEPSEEK_X`.

use crate::error::Result;
use crate::inputs::field::{self, FIELDS, Field};
use crate::inputs::origin::{Origin, Origins};
use crate::inputs::{Spec, flags, ssh_key, syntax};

/// Reads one variable; `None` when unset. Tests hand in their own.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's environment; empty values count as unset.
pub fn process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Whether colour is refused: `NO_COLOR` is set and not empty, or the terminal is dumb.
pub fn no_color() -> bool {
    process("NO_COLOR").is_some() || process("TERM").is_some_and(|terminal| terminal == "dumb")
}

/// What the environment says.
///
/// # Errors
/// The first variable whose value has the wrong form, by name.
pub fn layer(lookup: Lookup) -> Result<Spec> {
    let mut spec = Spec {
        cloud: text(lookup, "cloud"),
        region: text(lookup, "region"),
        size: text(lookup, "size"),
        bridge: text(lookup, "bridge"),
        allowlist: text(lookup, "allowlist").map(|value| syntax::list(&value)),
        provider: text(lookup, "provider"),
        model: text(lookup, "model"),
        name: text(lookup, "name"),
        ssh_public_key: read(lookup, "ssh_public_key", |value| ssh_key::text_or_file(value).map(Some))?,
        allow_ssh_from: text(lookup, "allow_ssh_from").map(|value| syntax::cidr_list(&[value])),
        allow_vault_from: text(lookup, "allow_vault_from").map(|value| syntax::cidr_list(&[value])),
        workspace: text(lookup, "workspace"),
        port: read(lookup, "port", |value| flags::port(Some(value)))?,
        workers: read(lookup, "workers", |value| flags::workers(Some(value)))?,
        install: text(lookup, "install"),
        codewhale_version: text(lookup, "codewhale_version"),
        mirror: text(lookup, "mirror"),
        bootstrap: text(lookup, "bootstrap"),
        lang: text(lookup, "lang"),
        ..Spec::default()
    };
    for field in FIELDS {
        if let Some((name, _)) = variable(lookup, field) {
            spec.origins.set(field.key, Origin::Variable(name));
        }
    }
    Ok(spec)
}

fn text(lookup: Lookup, key: &str) -> Option<String> {
    variable(lookup, field::by_key(key)).map(|(_, value)| value)
}

fn read<T>(lookup: Lookup, key: &str, parse: impl Fn(&str) -> Result<Option<T>>) -> Result<Option<T>> {
    match variable(lookup, field::by_key(key)) {
        Some((name, value)) => parse(&value).map_err(|error| {
            let mut origins = Origins::default();
            origins.set(key, Origin::Variable(name));
            origins.placed(error.about(key, "", &value))
        }),
        None => Ok(None),
    }
}

fn variable(lookup: Lookup, field: &Field) -> Option<(String, String)> {
    if field.variable.is_empty() {
        return None;
    }
    field
        .variables()
        .into_iter()
        .find_map(|name| lookup(&name).map(|value| (name, value.trim().to_owned())))
}
