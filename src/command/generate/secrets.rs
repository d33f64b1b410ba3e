//! The secrets a deployment needs: kept, taken from the environment, asked for, or left for later.

use std::path::Path;

use zeroize::Zeroizing;

use crate::deployment::{Deployment, SecretSlot};
use crate::error::Result;
use crate::inputs::wizard::{Reply, Wizard};
use crate::inputs::{Secret, Secrets, environment};
use crate::layout::SECRETS_FILE;
use crate::render::secrets_header;
use crate::report;
use crate::tables::{Lang, words};

/// What to write, and what is still missing.
pub(super) struct Gathered {
    /// New text of `secrets.env`; `None` when it can stay as it is.
    pub text: Option<Zeroizing<String>>,
    pub missing: Vec<&'static str>,
    /// Permissions of the file, where others could read it until now.
    pub open_mode: Option<u32>,
}

/// Answers to the questions for secrets, by name; `None` for later.
#[derive(Default)]
pub(super) struct TypedSecrets(Vec<(&'static str, Option<Secret>)>);

/// With somebody to `ask`, asks for what is missing and was not typed before; back from the first of them is back for the
/// caller.
pub(super) fn gather(
    d: &Deployment,
    out: &Path,
    ask: Option<(&Wizard, &mut TypedSecrets)>,
    lang: Lang,
) -> Result<Reply<Gathered>> {
    let mut secrets = Secrets::load(&out.join(SECRETS_FILE))?;
    let mut added = false;
    for slot in &d.secrets {
        if let Some(variable) = secrets.fill(slot.env, &slot.accepted, &slot.form, &environment::process)? {
            let taken = words("{}: taken from {} in the environment", "{}：取自环境变量 {}");
            report::note(&taken.with(lang, &[&slot.env, &variable]));
            added = true;
        }
        if slot.generated && secrets.get(slot.env).is_none() {
            secrets.set(slot.env, Secret::random_token());
            added = true;
        }
    }
    if let Some((wizard, typed)) = ask {
        let missing = d.secrets.iter().filter(|slot| secrets.get(slot.env).is_none());
        if let Reply::Back = type_in(&missing.collect::<Vec<_>>(), wizard, typed)? {
            return Ok(Reply::Back);
        }
        for slot in &d.secrets {
            let given = typed.0.iter().find(|(name, _)| *name == slot.env);
            if let Some((name, Some(secret))) = given
                && secrets.get(name).is_none()
            {
                secrets.set(name, secret.clone());
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
    Ok(Reply::Given(Gathered {
        text,
        missing,
        open_mode,
    }))
}

/// Asks for these, one after the other, and back.
fn type_in(slots: &[&SecretSlot], wizard: &Wizard, typed: &mut TypedSecrets) -> Result<Reply<()>> {
    let mut last_hint = None;
    let mut way: Vec<&'static str> = Vec::new();
    while let Some(slot) = slots
        .iter()
        .find(|slot| !typed.0.iter().any(|(name, _)| *name == slot.env))
    {
        if last_hint != Some(&slot.hint) {
            report::note(slot.hint.say(wizard.lang));
            last_hint = Some(&slot.hint);
        }
        match wizard.secret(slot.env, slot.label.say(wizard.lang), slot.form)? {
            Reply::Given(secret) => {
                typed.0.push((slot.env, secret));
                way.push(slot.env);
            }
            Reply::Back => match way.pop() {
                Some(name) => typed.0.retain(|(other, _)| *other != name),
                None => return Ok(Reply::Back),
            },
        }
    }
    Ok(Reply::Given(()))
}
