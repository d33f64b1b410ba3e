//! One run on one bundle: init, plan, apply of just that plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bundle::Bundle;
use crate::clouds::provisioning::SecretUse;
use crate::clouds::provisioning::Stage;
use crate::clouds::{DestroyGuard, Failure};
use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::files::replace;
use crate::inputs::Secret;
use crate::layout::{PLAN_FILE, PROVIDERS_FILE};
use crate::machine::ssh::Identity;
use crate::process;
use crate::process::Ended;
use crate::process::Notice;
use crate::process::environment::Environment;
use crate::process::step;
use crate::process::step::Aim;
use crate::process::step::Step;
use crate::render::sha256;
use crate::terraform::data_folder;
use crate::terraform::engine as terraform;
use crate::terraform::engine::Engine;
use crate::terraform::failure;
use crate::terraform::gate::Approval;
use crate::terraform::leak;
use crate::terraform::messages;
use crate::terraform::messages::Diagnostic;
use crate::terraform::messages::Message;
use crate::terraform::plan;
use crate::terraform::plan::Plan;
use crate::terraform::plan::SavedHashes;
use crate::terraform::policy;
use crate::terraform::state;

/// Who watches a run.
pub trait Watcher {
    fn message(&mut self, message: &Message);
    fn notice(&mut self, notice: Notice);
}

/// What a run works with.
#[derive(Debug)]
pub struct Run<'a> {
    pub deployment: &'a Deployment,
    /// What the folder holds, and nothing else may.
    pub bundle: &'a Bundle,
    pub directory: PathBuf,
    pub engine: Engine,
    pub environment: Environment,
    /// Values by name in `secrets.env`; only applying needs all of them.
    pub secrets: Vec<(String, Secret)>,
    pub log: PathBuf,
    pub aim: Aim,
    /// For the steps on the machine, where there are any.
    pub identity: Option<Identity>,
}

/// Why an apply did not end well.
#[derive(Debug)]
pub struct Failed {
    pub error: Error,
    pub known: Option<&'static Failure>,
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Error {
        failed.error
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed { error, known: None }
    }
}

/// What the engine said while a step ran.
#[derive(Default)]
struct Said {
    diagnostics: Vec<Diagnostic>,
    plain: Vec<String>,
}

impl Run<'_> {
    /// Every command of this run, in order.
    pub fn steps(&self) -> Vec<Step> {
        let steps = step::steps(self.deployment, &self.engine.program, &self.directory, self.aim);
        match &self.identity {
            Some(identity) => {
                let path = identity.path.to_string_lossy();
                let steps = steps.into_iter().map(|step| step.with("identity", &path));
                steps.map(|step| step.logging_in_with(&path)).collect()
            }
            None => steps,
        }
    }

    fn step(&self, stage: Stage) -> Step {
        let found = self.steps().into_iter().find(|step| step.stage == stage);
        found.unwrap_or_else(|| panic!("the cloud's row has no {stage:?} step"))
    }

    /// Prepares the folder.
    ///
    /// # Errors
    /// The engine's own.
    pub fn init(&self, watcher: &mut dyn Watcher) -> Result<()> {
        Ok(self.follow(Stage::Init, watcher)?)
    }

    /// Lets the engine check the configuration by itself.
    ///
    /// # Errors
    /// The engine's own.
    pub fn validate(&self) -> Result<()> {
        let step = terraform::step(&self.engine.program, &["validate", "-no-color"], &self.directory);
        let (ended, stdout, stderr) = process::capture(&step, &self.environment)?;
        if ended.ok() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Failed,
            format!("the configuration is not valid:\n{stdout}{stderr}"),
        ))
    }

    /// Plans, reads the plan, and holds it against the policies.
    ///
    /// # Errors
    /// The engine's own, a broken policy, a secret where none may be.
    pub fn plan(&self, watcher: &mut dyn Watcher) -> Result<Plan, Failed> {
        // An older plan must never be taken for this one, and what a killed run left lifted is back.
        self.clear();
        if let Some(guard) = self.guard().filter(|_| self.aim == Aim::Destroy) {
            replace(&self.directory.join(guard.file), guard.text.as_bytes(), 0o644)?;
        }
        // Before anything of it is run, and after: what was planned is what is shown.
        self.bundle.verify()?;
        self.follow(Stage::Plan, watcher)?;
        self.bundle.verify()?;
        let row = self.deployment.module()?;
        let saved = self.hashes();
        let mut plan = plan::read(&self.engine, &self.directory, row, &self.environment, saved)?;
        if self.aim == Aim::Apply {
            plan.explain(&self.bundle.files);
        }
        leak::check_text("the saved plan", plan.text.as_bytes(), &self.secrets)?;
        leak::check_folder(&self.directory, &self.secrets)?;
        policy::check(&plan, self.deployment, self.aim)?;
        Ok(plan)
    }

    /// Applies the saved plan, if it and the bundle are still what was shown.
    ///
    /// # Errors
    /// Something changed since, the engine's own, a secret where none may be.
    pub fn apply(&self, approval: &Approval, watcher: &mut dyn Watcher) -> Result<(), Failed> {
        self.check_unchanged(approval)?;
        let outcome = self.follow(Stage::Apply, watcher);
        leak::check_folder(&self.directory, &self.secrets)?;
        if let Some(state) = state::elsewhere(&self.engine, &self.directory, &self.environment) {
            leak::check_text("the remote state", state.as_bytes(), &self.secrets)?;
        }
        outcome
    }

    /// Everything is still what was shown.
    ///
    /// # Errors
    /// It is not.
    pub fn check_unchanged(&self, approval: &Approval) -> Result<()> {
        let what = match self.bundle.verify() {
            Err(error) => format!(": {}", error.message()),
            Ok(()) if self.hashes() != *approval.saved() => String::new(),
            Ok(()) => return Ok(()),
        };
        Err(Error::new(
            Kind::Failed,
            format!("the bundle or its plan changed after it was shown; nothing was applied{what}"),
        )
        .hint("run this again and look at the new plan"))
    }

    fn guard(&self) -> Option<DestroyGuard> {
        self.deployment.cloud.module()?.destroy_guard
    }

    /// Takes away what serves one run only: the saved plan, and what lets the machine be destroyed.
    fn clear(&self) {
        let guard = self.guard().map(|guard| guard.file);
        for name in [PLAN_FILE].into_iter().chain(guard) {
            let _ = fs::remove_file(self.directory.join(name));
        }
    }

    /// What the engine wrote for just this plan.
    fn hashes(&self) -> SavedHashes {
        let hash = |name: &str| {
            files::read_regular(&self.directory.join(name))
                .map(|bytes| sha256(&bytes))
                .ok()
        };
        SavedHashes {
            plan: hash(PLAN_FILE),
            providers: hash(PROVIDERS_FILE),
        }
    }

    /// Digest of what is shown: the same for the same bundle, providers and planned changes.
    pub fn digest(&self, plan: &Plan) -> String {
        let providers = plan.saved.providers.as_deref().unwrap_or("none");
        let changes = sha256(plan.planned().as_bytes());
        sha256(format!("{}  bundle\n{providers}  providers\n{changes}  changes\n", self.bundle.digest()).as_bytes())
    }

    /// Something tells what exists; destroying without it would find nothing and call that a success.
    ///
    /// # Errors
    /// There is no state.
    pub fn check_state_is_there(&self) -> Result<()> {
        if state::is_there(&self.engine, &self.directory, &self.environment)? {
            return Ok(());
        }
        let d = self.deployment;
        Err(Error::new(
            Kind::Failed,
            format!(
                "`{}` has no state, neither terraform.tfstate nor one in a backend, so nothing can be destroyed from here; \
                 what was made elsewhere from this bundle still exists",
                self.directory.display()
            ),
        )
        .hint(format!("see what exists: {}", d.find_without_state()))
        .hint("put the state back, or go on as RUNBOOK.md says under \"Destroy\""))
    }

    /// Addresses of what exists, as the state knows it.
    pub fn exists(&self) -> Vec<String> {
        state::addresses(&self.engine, &self.directory, &self.environment)
    }

    /// Follows one step; what it says goes to the watcher, the errors into the failure.
    fn follow(&self, stage: Stage, watcher: &mut dyn Watcher) -> Result<(), Failed> {
        let step = self.step(stage);
        let mut said = Said::default();
        let watcher = std::cell::RefCell::new(watcher);
        let ended = process::follow(
            &step,
            &self.environment,
            &self.variables(&step),
            &self.log,
            &mut |line| {
                let Some(message) = messages::read(line) else { return };
                match &message {
                    Message::Diagnostic(diagnostic) => said.diagnostics.push(diagnostic.clone()),
                    Message::Plain(text) => said.plain.push(text.clone()),
                    _ => {}
                }
                watcher.borrow_mut().message(&message);
            },
            &mut |notice| watcher.borrow_mut().notice(notice),
        )?;
        self.judge(&step, ended, &said)
    }

    fn judge(&self, step: &Step, ended: Ended, said: &Said) -> Result<(), Failed> {
        if ended.ok() {
            return Ok(());
        }
        if ended.interrupted {
            return Err(Failed::from(Error::new(
                Kind::Interrupted,
                "interrupted; the engine stopped in order",
            )));
        }
        let (diagnostics, plain) = (&said.diagnostics, &said.plain);
        let what = format!("`{} {}` failed", step.program, step.args.first().map_or("", String::as_str));
        let found = failure::known(self.deployment.cloud.failures, diagnostics, plain)
            .find_map(|failure| Some((failure, self.way_out(failure)?)));
        let known = found.as_ref().map(|(failure, _)| *failure);
        let told = found.map(|(failure, way_out)| (failure.cause.en, way_out));
        Err(Failed {
            error: failure::explain(&what, told, diagnostics, plain),
            known,
        })
    }

    /// The way out of a failure, in words that can be typed as they stand; `None` where the state knows nothing of what it has to
    /// forget.
    pub fn way_out(&self, failure: &Failure) -> Option<String> {
        let mut forget = String::new();
        if !failure.forget.is_empty() {
            let addresses = failure::forgettable(failure, self.exists());
            if addresses.is_empty() {
                return None;
            }
            let addresses: Vec<String> = addresses.iter().map(|address| step::quoted(address)).collect();
            forget = format!("`{{terraform}} state rm {}`", addresses.join(" "));
        }
        // Pushing changes nothing in the cloud.
        let aim = if self.aim == Aim::Destroy { Aim::Destroy } else { Aim::Apply };
        let again = format!("`remote-setup {} {}`", aim.word(), self.shown_directory());
        let words = failure
            .remedy
            .en
            .replace("{forget}", &forget)
            .replace("{again}", &again);
        Some(self.in_words_to_type(&words))
    }

    /// The engine as a person has to call it: what it downloaded and remembers is not in the bundle's folder.
    fn in_words_to_type(&self, hint: &str) -> String {
        let data = data_folder::assignment(&self.environment);
        let data = data.map(|(name, path)| format!("{name}={} ", step::quoted(path)));
        let engine = format!(
            "{}{} -chdir={}",
            data.unwrap_or_default(),
            step::quoted(&self.engine.program),
            self.shown_directory()
        );
        hint.replace("{terraform}", &engine)
            .replace("{region}", &self.deployment.region)
    }

    fn shown_directory(&self) -> String {
        step::quoted(&self.directory.display().to_string())
    }

    /// Terraform variables of a step. What is set at plan must be set at apply, and the other way round;
    /// destroying sets none.
    fn variables(&self, step: &Step) -> Vec<(String, Secret)> {
        let value = |slot: &SecretSlot| match (self.aim, step.secrets) {
            (Aim::Destroy | Aim::Push, _) | (_, SecretUse::None) => None,
            (Aim::Apply, SecretUse::Placeholder) => Some(Secret::placeholder()),
            (Aim::Apply, SecretUse::Values) => {
                let (_, value) = self.secrets.iter().find(|(name, _)| name == slot.env)?;
                Some(value.clone())
            }
        };
        let slots = self.deployment.secrets.iter();
        slots
            .filter_map(|slot| Some((format!("TF_VAR_{}", slot.terraform_variable()), value(slot)?)))
            .collect()
    }
}

/// However the run ends.
impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Values of the root module's outputs, as text.
///
/// # Errors
/// The engine's own.
pub fn outputs(engine: &Engine, directory: &Path, environment: &Environment) -> Result<BTreeMap<String, String>> {
    let step = terraform::step(&engine.program, &["output", "-json"], directory);
    let (ended, stdout, stderr) = process::capture(&step, environment)?;
    if !ended.ok() {
        return Err(
            Error::new(Kind::Failed, format!("`{}` failed: {}", step.shown(), stderr.trim())).hint("apply first")
        );
    }
    let answer: BTreeMap<String, Value> = serde_json::from_str(&stdout).map_err(|_| {
        Error::new(Kind::Failed, format!("`{}` answered with something else than outputs", step.shown()))
    })?;
    let text = |value: &Value| match value.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Ok(answer.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}
