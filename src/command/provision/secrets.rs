//! The secrets of a run: from `secrets.env`, the environment, or new ones.

use std::path::Path;

use crate::cli::ProvisionArgs;
use crate::command::secrets::keep_private;
use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Result};
use crate::inputs::{Secret, Secrets, environment as variables, wizard};
use crate::layout::SECRETS_FILE;
use crate::render::secrets_header;
use crate::report;
use crate::terraform::gate::AtTerminal;
use crate::terraform::gate::Person;
use crate::terraform::rotation;
use crate::terraform::rotation::Rotation;

/// Planning needs no secret; changing needs every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Look,
    Change,
}

/// Collects every secret; an error names all missing ones at once.
pub(super) fn gather(
    d: &Deployment,
    directory: &Path,
    args: &ProvisionArgs,
    purpose: Purpose,
) -> Result<(Vec<(String, Secret)>, Rotation)> {
    let path = directory.join(SECRETS_FILE);
    let mut stored = Secrets::load(&path)?;
    keep_private(&stored, &path)?;
    let rotated = rotation::slots(&args.run.rotate, d)?;
    for slot in &rotated {
        if let Some(secret) = new_value(slot, args)? {
            stored.set(slot.env, secret);
        }
    }
    let mut missing = Vec::new();
    let mut values = Vec::new();
    for slot in &d.secrets {
        stored.fill(slot.env, &slot.accepted, &slot.form, &variables::process)?;
        match stored.get(slot.env) {
            Some(secret) => values.push((slot.env.to_owned(), secret.clone())),
            None => missing.push(slot.env),
        }
    }
    if purpose == Purpose::Change && !missing.is_empty() {
        return Err(Error::usage(format!("no value for {}", missing.join(", ")))
            .hint(format!("set them in {} or in the environment", path.display())));
    }
    if rotated.is_empty() {
        return Ok((values, Rotation::default()));
    }
    let names: Vec<&str> = d.secrets.iter().map(|slot| slot.env).collect();
    let text = stored.to_text(&secrets_header(), &names);
    let rotation = Rotation::of(d, &rotated, directory, &path, &text)?;
    Ok((values, rotation))
}

/// A new value from the environment or the person; `None` keeps what `secrets.env` has.
fn new_value(slot: &SecretSlot, args: &ProvisionArgs) -> Result<Option<Secret>> {
    if slot.generated {
        return Ok(Some(Secret::random_token()));
    }
    for name in &slot.accepted {
        if let Some(value) = variables::process(name) {
            let secret = Secret::new(name, &value)?;
            secret.check(name, &slot.form, "the environment")?;
            return Ok(Some(secret));
        }
    }
    if args.run.non_interactive || args.yes || !AtTerminal.is_there() {
        return Ok(None);
    }
    report::note("Press Enter to keep the value in secrets.env.");
    wizard::secret(slot.env, &format!("New {}", slot.label.en), slot.form)
}
