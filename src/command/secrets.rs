//! `remote-setup secrets`: which secrets a bundle has, by name and never by value.

use std::path::Path;

use serde::Serialize;

use super::provision::bundle;
use crate::bundle::Bundle;
use crate::cli::SecretsArgs;
use crate::deployment::SecretSlot;
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::inputs::{Secrets, environment};
use crate::layout::SECRETS_FILE;
use crate::report::{self, Palette, SCHEMA_VERSION};
use crate::tables::Lang;

/// What `--json` prints.
#[derive(Serialize)]
struct SecretsObject<'a> {
    schema_version: u32,
    file: String,
    secrets: Vec<Entry<'a>>,
    /// Names in the file that this deployment does not use.
    unused: Vec<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'static str,
    label: &'a str,
    state: SecretState,
    /// `file`, or the variable of the environment that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// Where a person gets it, or what is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum SecretState {
    Given,
    Missing,
    /// There, but not what its service gives out.
    Refused,
}

/// Lists every secret of a bundle.
///
/// # Errors
/// A bundle that is not what its spec says, an unreadable file, and, as a difference (3), a secret that is missing or
/// refused.
pub fn run(args: &SecretsArgs) -> Result<()> {
    let bundle = Bundle::open(&bundle::find(args.dir.as_deref())?)?;
    let path = bundle.directory.join(SECRETS_FILE);
    let stored = Secrets::load(&path)?;
    keep_private(&stored, &path)?;
    let slots = &bundle.deployment.secrets;
    let secrets: Vec<Entry> = slots.iter().map(|slot| entry(slot, &stored)).collect();
    let known = |name: &&str| {
        slots
            .iter()
            .any(|slot| slot.env == *name || slot.accepted.iter().any(|other| other == name))
    };
    let listing = SecretsObject {
        schema_version: SCHEMA_VERSION,
        file: path.display().to_string(),
        unused: stored.names().into_iter().filter(|name| !known(name)).collect(),
        secrets,
    };
    let wrong = listing.secrets.iter().filter(|entry| entry.state != SecretState::Given);
    let wrong: Vec<&str> = wrong.map(|entry| entry.name).collect();
    let ended = match wrong.is_empty() {
        true => Ok(()),
        false => Err(Error::new(Kind::Differs, format!("no value for {}", wrong.join(", ")))
            .hint(format!("add it to {}, after its `=`", listing.file))),
    };
    if args.json {
        return report::ending(&listing, ended);
    }
    report::result(&plain(&listing, Palette::stdout()))?;
    ended
}

/// Takes a file of secrets that was for others too away from them, and says so.
///
/// # Errors
/// A file whose permissions cannot be changed.
pub(super) fn keep_private(stored: &Secrets, path: &Path) -> Result<()> {
    if let Some(mode) = stored.open_mode() {
        files::close_to_others(path).map_err(anyhow::Error::from)?;
        report::note(&report::closed(path, mode, Lang::En));
    }
    Ok(())
}

fn entry<'a>(slot: &'a SecretSlot, stored: &Secrets) -> Entry<'a> {
    let in_file = std::iter::once(slot.env).chain(slot.accepted.iter().map(String::as_str));
    let in_file = in_file.into_iter().any(|name| stored.get(name).is_some());
    let found = stored
        .clone()
        .fill(slot.env, &slot.accepted, &slot.form, &environment::process);
    let (state, from, hint) = match found {
        Err(error) => (SecretState::Refused, None, Some(error.message().to_owned())),
        Ok(None) if in_file => (SecretState::Given, Some("file".to_owned()), None),
        Ok(Some(variable)) => (SecretState::Given, Some(variable), None),
        Ok(None) => (SecretState::Missing, None, Some(slot.hint.en.clone())),
    };
    Entry {
        name: slot.env,
        label: &slot.label.en,
        state,
        from,
        hint,
    }
}

fn plain(listing: &SecretsObject, palette: Palette) -> String {
    let width = listing.secrets.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in &listing.secrets {
        let (state, what) = match (entry.state, entry.from.as_deref(), &entry.hint) {
            (SecretState::Given, Some("file") | None, _) => (palette.green("given  "), SECRETS_FILE.to_owned()),
            (SecretState::Given, Some(variable), _) => {
                (palette.green("given  "), format!("{variable} in the environment"))
            }
            (SecretState::Missing, _, hint) => (palette.yellow("missing"), hint.clone().unwrap_or_default()),
            (SecretState::Refused, _, hint) => (palette.red("refused"), hint.clone().unwrap_or_default()),
        };
        text.push_str(&format!("{:<width$}  {state}  {what}\n", entry.name));
    }
    for name in &listing.unused {
        text.push_str(&format!("{name}: in {SECRETS_FILE}, but not used by this deployment\n"));
    }
    text
}
