//! `output`: the addresses and commands of the last apply.

use std::collections::BTreeMap;
use std::path::Path;

use super::{bundle, session};
use crate::bundle::Bundle;
use crate::cli::OutputArgs;
use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::machine::identity::Identity;
use crate::process::command::quoted;
use crate::process::interrupt;
use crate::report::{self, SCHEMA_VERSION};
use crate::terraform::apply;
use crate::terraform::data_folder;
use crate::terraform::engine as terraform;

/// Prints the outputs of the last apply.
///
/// # Errors
/// The engine fails.
pub fn output(args: &OutputArgs, context: &Context) -> Result<()> {
    let (args, named) = (&args.bundle, args.ssh_key.as_deref());
    interrupt::watch()?;
    let bundle = Bundle::open(&bundle::find(args.dir.as_deref())?)?;
    bundle.deployment.module()?;
    let directory = &bundle.directory;
    let mut environment = session::environment(context);
    data_folder::use_for(directory, &bundle.deployment.id, &mut environment)?;
    let engine = terraform::find(args.engine.as_deref(), &environment)?;
    if bundle.has_backend() {
        terraform::init(&engine, directory, &environment)?;
    }
    let mut outputs = apply::outputs(&engine, directory, &environment)?;
    if let Some(key) = Identity::lies_at(&bundle.deployment.ssh_public_key, named, &environment)? {
        name_the_key(&mut outputs, &key, named.is_some());
    }
    if outputs.is_empty() {
        let folder = directory.display();
        return Err(Error::new(Kind::Failed, format!("`{folder}` has not been applied yet"))
            .hint(format!("run `remote-setup apply {folder}`")));
    }
    if args.json {
        return report::json(&serde_json::json!({ "schema_version": SCHEMA_VERSION, "outputs": outputs }));
    }
    let width = outputs.keys().map(String::len).max().unwrap_or(0);
    let lines: Vec<String> = outputs
        .iter()
        .map(|(name, value)| format!("{name:<width$}  {value}\n"))
        .collect();
    report::result(&lines.concat())
}

/// Adds the key to the login commands where `ssh` would not find it by itself.
fn name_the_key(outputs: &mut BTreeMap<String, String>, key: &Path, named: bool) {
    let is_default = key
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| ["id_rsa", "id_ecdsa", "id_ed25519"].contains(&name));
    if is_default && !named {
        return;
    }
    let key = quoted(&key.to_string_lossy());
    for value in outputs.values_mut() {
        if let Some(rest) = value.strip_prefix("ssh ") {
            *value = format!("ssh -i {key} {rest}");
        }
    }
}
