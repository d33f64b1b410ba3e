//! A plan saved after it was shown, to be applied later: exactly that plan or nothing.
//!
//! This is not the engine's plan file, which carries the state with every address, and a configuration that the engine
//! would apply whatever the folder holds by then. Applying plans again and continues only if bundle, state, providers
//! and every change with its values match the hashes saved here.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files;
use crate::files::replace;
use crate::render::sha256;
use crate::terraform::account::AccountInUse;
use crate::terraform::apply::Run;
use crate::terraform::leak;
use crate::terraform::plan::Plan;
use crate::terraform::state;
use crate::text::shown;

const SCHEMA_VERSION: u32 = 1;

/// Marks the kind of file.
const CONTENT: &str = "remote-setup plan";

/// A plan has a few dozen resources, so a larger file is not one.
const LONGEST: u64 = 1 << 20;

/// What was shown, as hashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    pub schema_version: u32,
    pub content: String,
    pub saved_at: String,
    pub deployment: String,
    pub id: String,
    pub engine: String,
    pub engine_version: String,
    /// Id of the account it is for.
    pub account: Option<String>,
    /// The one that the review shows.
    pub digest: String,
    /// Of every file that Terraform and the machine get.
    pub bundle: String,
    /// Of the providers' versions and hashes.
    pub providers: Option<String>,
    /// Which state it was planned against; `None` before the first apply.
    pub state: Option<state::StateIdentity>,
    /// SHA-256 of each change with its values, by address.
    pub changes: BTreeMap<String, String>,
}

impl SavedPlan {
    /// Makes one from a fresh plan.
    ///
    /// # Errors
    /// A state that cannot be read.
    pub fn of(
        run: &Run,
        account: Option<&AccountInUse>,
        plan: &Plan,
        digest: &str,
        saved_at: String,
    ) -> Result<SavedPlan> {
        let d = run.deployment();
        Ok(SavedPlan {
            schema_version: SCHEMA_VERSION,
            content: CONTENT.to_owned(),
            saved_at,
            deployment: d.name.clone(),
            id: d.id.clone(),
            engine: run.engine.program.clone(),
            engine_version: run.engine.version.clone(),
            account: account.map(|account| account.id.clone()),
            digest: digest.to_owned(),
            bundle: run.bundle.digest(),
            providers: plan.saved.providers.clone(),
            state: state::identity(&run.engine, run.directory(), &run.environment)?,
            changes: hashes(plan),
        })
    }

    /// Checks that a plan may be saved there: only an earlier saved plan is overwritten.
    ///
    /// # Errors
    /// Something else is there.
    pub fn check_place(path: &Path) -> Result<()> {
        let kind = files::kind(path).map_err(anyhow::Error::from)?;
        if kind.is_some() && SavedPlan::read(path).is_err() {
            return Err(Error::usage(format!(
                "--save: `{}` exists and is not a plan saved by remote-setup",
                path.display()
            ))
            .hint("name another file"));
        }
        Ok(())
    }

    /// Writes it, readable by its owner alone.
    ///
    /// # Errors
    /// As for [`SavedPlan::check_place`], a folder that cannot be written, a secret in the text.
    pub fn save(&self, path: &Path, run: &Run) -> Result<()> {
        SavedPlan::check_place(path)?;
        let text = serde_json::to_string_pretty(self).map_err(anyhow::Error::from)?;
        leak::check_text("the plan to save", text.as_bytes(), &run.secrets)?;
        replace(path, format!("{text}\n").as_bytes(), 0o600)
    }

    /// Reads one.
    ///
    /// # Errors
    /// The file is not a saved plan.
    pub fn read(path: &Path) -> Result<SavedPlan> {
        let refused = |why: &str| {
            Error::usage(format!(
                "`{}` is not a plan saved by `remote-setup plan --save`: {why}",
                path.display()
            ))
            .hint("name the folder of a bundle, or plan again: `remote-setup plan DIR --save FILE`")
        };
        let text = files::read_text(path, LONGEST).map_err(|error| refused(&error.to_string()))?;
        let saved: SavedPlan = serde_json::from_str(&text).map_err(|_| refused("its format is unknown"))?;
        match saved.content == CONTENT && saved.schema_version == SCHEMA_VERSION {
            true => Ok(saved),
            false => Err(refused("it was written by another version")),
        }
    }

    /// Checks, before anything is planned, that it is for this deployment, account and bundle.
    ///
    /// # Errors
    /// It is not.
    pub fn check_bundle(&self, run: &Run, account: Option<&AccountInUse>) -> Result<()> {
        let d = run.deployment();
        if self.id != d.id {
            return Err(Error::usage(format!(
                "this plan is for the deployment `{}` (id `{}`), but `{}` holds `{}` (id `{}`)",
                shown(&self.deployment),
                shown(&self.id),
                run.directory().display(),
                d.name,
                d.id
            ))
            .hint("name the folder of its bundle with --bundle"));
        }
        let account = account.map(|account| account.id.as_str());
        if account != self.account.as_deref() {
            let now = account.unwrap_or("none");
            let was = shown(self.account.as_deref().unwrap_or("none"));
            return Err(differs(
                &format!("the plan is for the account `{was}`, but the current one is `{now}`"),
                run,
            ));
        }
        match self.bundle == run.bundle.digest() {
            true => Ok(()),
            false => Err(differs("the bundle changed since it was planned", run)),
        }
    }

    /// Checks that the new plan is the saved one.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(&self, run: &Run, plan: &Plan, digest: &str) -> Result<()> {
        let state = state::identity(&run.engine, run.directory(), &run.environment)?;
        if state != self.state {
            let named = |state: &Option<state::StateIdentity>| match state {
                Some(state) => format!("serial {} of {}", state.serial, shown(&state.lineage)),
                None => "none".to_owned(),
            };
            let what = format!("the state changed: now {}, when planned {}", named(&state), named(&self.state));
            return Err(differs(&what, run));
        }
        if plan.saved.providers != self.providers {
            return Err(differs("the providers are not those it was planned with", run));
        }
        let now = hashes(plan);
        let all = now.keys().chain(self.changes.keys());
        if let Some(address) = all
            .into_iter()
            .find(|address| now.get(*address) != self.changes.get(*address))
        {
            let what = match (now.contains_key(address), self.changes.contains_key(address)) {
                (true, true) => "would change differently than planned",
                (true, false) => "would change too, which was not planned",
                _ => "would no longer change",
            };
            return Err(differs(&format!("`{}` {what}", shown(address)), run));
        }
        match digest == self.digest {
            true => Ok(()),
            false => Err(differs("the digest differs from that of the plan that was shown", run)),
        }
    }
}

fn hashes(plan: &Plan) -> BTreeMap<String, String> {
    let lines = plan.planned_by_address();
    lines
        .into_iter()
        .map(|(address, text)| (address, sha256(text.as_bytes())))
        .collect()
}

fn differs(what: &str, run: &Run) -> Error {
    Error::usage(format!("{what}; nothing was applied")).hint(format!(
        "plan again and review it: `remote-setup plan {} --save FILE`",
        run.directory().display()
    ))
}
