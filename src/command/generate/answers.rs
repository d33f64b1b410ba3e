//! Every source of answers, laid over each other: flags > spec file > environment > preferences >
//! prompts.

use std::path::PathBuf;

use super::place::{self, Standing};
use crate::bundle::Seen;
use crate::cli::GenerateArgs;
use crate::deployment::Deployment;
use crate::error::{Error, Result};
use crate::inputs::answers::Answer;
use crate::inputs::preferences::Preferences;
use crate::inputs::wizard::{Reply, Wizard};
use crate::inputs::{Spec, environment, flags, spec_file, ssh_key};
use crate::layout::SPEC_FILE;
use crate::report;
use crate::tables::{find, words};

/// The answers, and where the bundle goes.
pub(super) struct Answers {
    pub spec: Spec,
    pub out: PathBuf,
    /// The spec that was read is the one in `out`.
    pub spec_is_in_out: bool,
    /// What `out` held before anything was asked.
    pub seen: Seen,
    /// What was answered, without what only the place adds.
    pub asked: Spec,
    /// They are changes to a bundle that is there.
    pub edits: bool,
    standing: Standing,
}

pub(super) fn gather(args: &GenerateArgs, interactive: bool, wizard: &mut Wizard) -> Result<Answers> {
    let lookup = &environment::process;
    let standing = Standing::of(args);
    let early = standing
        .out
        .as_deref()
        .map(|out| Seen::now(out).map(|seen| (out.to_owned(), seen)));
    let early = early.transpose()?;
    let from_file = match &standing.spec {
        Some(path) => spec_file::load(path)?,
        None => Spec::default(),
    };
    let preferences = Preferences::load(lookup)?;
    let flags = flags::layer(&args.answers.0)?;
    let edits = interactive && standing.inside && flags == Spec::default() && !args.yes;
    let said = flags.over(from_file).over(environment::layer(lookup)?);
    let mut spec = said.or(preferences.layer(None)?);
    if interactive {
        wizard.lang = Deployment::lang_of(&spec)?;
        wizard.models.clone_from(preferences.models());
    }
    if spec.ssh_public_key.is_none()
        && let Some((path, key)) = ssh_key::newest()?
    {
        report::note(&words("SSH key: {}", "SSH 公钥：{}").with(wizard.lang, &[&path.display()]));
        spec.ssh_public_key = Some(key);
    }
    if edits {
        report::note(&place::shown(&spec, wizard.lang));
        spec = loop {
            match wizard.edit(spec.clone(), false)? {
                Reply::Given(edited) => break edited,
                Reply::Back => wizard.stop_here()?,
            }
        };
    }
    spec = with_preferred_model(spec, &preferences)?;
    let missing = Deployment::missing(&spec);
    if !edits && interactive && !(missing.is_empty() && (args.yes || standing.spec.is_some())) {
        spec = wizard.complete(spec)?;
    } else if !missing.is_empty() {
        return Err(all_missing(&missing));
    }
    place(args, spec, standing, early, edits)
}

/// The same with other answers, which may belong in another place.
///
/// # Errors
/// A place that holds another deployment.
pub(super) fn placed(args: &GenerateArgs, asked: Spec, before: Answers) -> Result<Answers> {
    let early = before.standing.out.is_some().then_some((before.out, before.seen));
    place(args, asked, before.standing, early, before.edits)
}

fn place(
    args: &GenerateArgs,
    asked: Spec,
    standing: Standing,
    early: Option<(PathBuf, Seen)>,
    edits: bool,
) -> Result<Answers> {
    let mut spec = asked.clone();
    let (out, seen) = match early {
        Some(early) => early,
        None => {
            let out = place::default_out(&spec)?;
            let seen = Seen::now(&out)?;
            (out, seen)
        }
    };
    let own_spec = out.join(SPEC_FILE);
    let spec_is_in_out = standing
        .spec
        .as_deref()
        .is_some_and(|path| spec_file::is_same(path, &own_spec));
    if !spec_is_in_out {
        spec = place::beside_what_is_there(spec, &out)?;
    }
    if spec.id.is_none() {
        spec = spec.over(spec_file::made_up_before(&own_spec));
    }
    spec.id = Some(match spec.id {
        Some(id) => id,
        None if args.check => {
            return Err(Error::usage("`id` is missing, so nothing can be compared")
                .hint("check against the bundle's own spec: `--spec deployment.yaml`"));
        }
        None => new_id(),
    });
    let tags = spec.tags.get_or_insert_default();
    if !tags.contains_key("owner") {
        tags.insert("owner".to_owned(), owner(&environment::process));
    }
    Ok(Answers {
        spec,
        out,
        spec_is_in_out,
        seen,
        asked,
        edits,
        standing,
    })
}

/// The preferred model of the provider, once that is known.
fn with_preferred_model(spec: Spec, preferences: &Preferences) -> Result<Spec> {
    let Some(provider) = spec.provider.as_deref() else {
        return Ok(spec);
    };
    let found = find::<crate::model_providers::Provider>(provider).map_err(|error| spec.origins.placed(error))?;
    let preferred = preferences.layer(Some(found.slug))?;
    Ok(spec.or(Spec {
        model: preferred.model,
        origins: preferred.origins,
        ..Spec::default()
    }))
}

fn new_id() -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..6)
        .map(|_| char::from(ALPHABET[rand::random_range(0..ALPHABET.len())]))
        .collect()
}

fn owner(lookup: environment::Lookup) -> String {
    lookup("USER")
        .or_else(|| lookup("LOGNAME"))
        .filter(|name| name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)))
        .unwrap_or_else(|| "remote-setup".to_owned())
}

fn all_missing(missing: &[&'static Answer]) -> Error {
    let mut message = format!("{} missing:", crate::report::count(missing.len(), "answer"));
    for answer in missing {
        message.push_str(&format!("\n  {}: --{}, or `{}` in the spec", answer.wants, answer.flag, answer.key));
        if let Some(variable) = answer.variables().first() {
            message.push_str(&format!(", or {variable}"));
        }
    }
    Error::usage(message)
        .hint("list what you can choose with `remote-setup choices`, or run this in a terminal to be asked")
}
