//! The secrets a deployment needs: kept, taken from the environment, asked for, or left for later.

use std::path::Path;

use zeroize::Zeroizing;

use crate::deployment::Deployment;
use crate::error::Result;
use crate::inputs::{Secret, Secrets, environment, wizard};
use crate::render::{SECRETS_FILE, secrets_header};
use crate::report;

/// What to write, and what is still missing.
pub(super) struct Gathered {
    /// New text of `secrets.env`; `None` when it can stay as it is.
    pub text: Option<Zeroizing<String>>,
    pub missing: Vec<&'static str>,
    /// Permissions of the file, where others could read it until now.
    pub open_mode: Option<u32>,
}

pub(super) fn gather(d: &Deployment, out: &Path, ask: bool) -> Result<Gathered> {
    let mut secrets = Secrets::load(&out.join(SECRETS_FILE))?;
    let mut added = false;
    let mut last_hint = "";
    for slot in &d.secrets {
        if let Some(variable) = secrets.fill(slot.env, &slot.accepted, &slot.form, &environment::process)? {
            report::note(&format!("{}: taken from {variable} in the environment", slot.env));
            added = true;
        }
        if secrets.get(slot.env).is_some() {
            continue;
        }
        if slot.generated {
            secrets.set(slot.env, Secret::random_token());
            added = true;
        } else if ask {
            if slot.hint != last_hint {
                report::note(&slot.hint);
                last_hint = &slot.hint;
            }
            if let Some(secret) = wizard::secret(slot.env, &slot.label, slot.form)? {
                secrets.set(slot.env, secret);
                added = true;
            }
        }
    }
    let wanted: Vec<&'static str> = d.secrets.iter().map(|slot| slot.env).collect();
    let missing = wanted
        .iter()
        .copied()
        .filter(|name| secrets.get(name).is_none())
        .collect();
    let lines = secrets.names();
    let lacks = wanted.iter().any(|name| !lines.contains(name));
    let open_mode = secrets.open_mode();
    let text = (added || lacks || open_mode.is_some()).then(|| secrets.to_text(&secrets_header(), &wanted));
    Ok(Gathered {
        text,
        missing,
        open_mode,
    })
}
