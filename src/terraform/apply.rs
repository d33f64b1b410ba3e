//! One run on one bundle: init, plan, apply of just that plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bundle::Bundle;
use crate::clouds::{DestroyGuard, Failure};
use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::files::replace;
use crate::inputs::Secret;
use crate::layout::{PLAN_FILE, PROVIDERS_FILE};
use crate::process;
use crate::process::Notice;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::render::sha256;
use crate::terraform::account;
use crate::terraform::engine;
use crate::terraform::engine::Engine;
use crate::terraform::gate::Approval;
use crate::terraform::leak;
use crate::terraform::messages;
use crate::terraform::messages::Diagnostic;
use crate::terraform::messages::Message;
use crate::terraform::operation::Operation;
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
pub struct Run {
    /// What the folder holds, and nothing else may.
    pub bundle: Bundle,
    pub engine: Engine,
    pub environment: Environment,
    /// Values by name in `secrets.env`; only applying needs all of them.
    pub secrets: Vec<(String, Secret)>,
    pub log: PathBuf,
    pub operation: Operation,
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

/// What the engine said while it ran.
#[derive(Default)]
pub(super) struct Said {
    pub diagnostics: Vec<Diagnostic>,
    pub plain: Vec<String>,
}

impl Run {
    pub fn deployment(&self) -> &Deployment {
        &self.bundle.deployment
    }

    pub fn directory(&self) -> &Path {
        &self.bundle.directory
    }

    /// The commands before the gate and after it, in order. Destroying is a plan too, and applies it.
    pub fn commands(&self) -> Vec<Command> {
        if self.operation == Operation::Push {
            return Vec::new();
        }
        let account = self.deployment().cloud.provisioning.account.as_ref();
        let account = account.map(|row| account::command(row, self.directory()));
        let own = [self.init_command(), self.plan_command(), self.apply_command()];
        account.into_iter().chain(own).collect()
    }

    fn init_command(&self) -> Command {
        self.engine_command(engine::INIT).described("fetch the provider")
    }

    fn plan_command(&self) -> Command {
        let out = format!("-out={PLAN_FILE}");
        let destroy: &[&str] = if self.operation == Operation::Destroy { &["-destroy"] } else { &[] };
        let args = [
            &["plan"],
            destroy,
            &["-json", "-input=false", "-lock-timeout=60s", &out],
        ]
        .concat();
        self.with_variables(self.engine_command(&args).described("find out what would change"))
    }

    /// What the gate stands before.
    pub fn apply_command(&self) -> Command {
        let args = ["apply", "-json", "-input=false", "-lock-timeout=60s", PLAN_FILE];
        self.with_variables(self.engine_command(&args).described("change just that"))
    }

    fn engine_command(&self, args: &[&str]) -> Command {
        Command::new(&self.engine.program, args, self.directory())
    }

    fn with_variables(&self, command: Command) -> Command {
        let variables = self.placeholders().into_iter().map(|(name, _)| name);
        Command {
            secret_variables: variables.collect(),
            ..command
        }
    }

    /// Prepares the folder.
    ///
    /// # Errors
    /// The engine's own.
    pub fn init(&self, watcher: &mut dyn Watcher) -> Result<()> {
        Ok(self.follow(&self.init_command(), &[], watcher)?)
    }

    /// Lets the engine check the configuration by itself.
    ///
    /// # Errors
    /// The engine's own.
    pub fn validate(&self) -> Result<()> {
        let output = process::capture(&self.engine_command(&["validate", "-no-color"]), &self.environment)?;
        if output.ok() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Failed,
            format!("the configuration is not valid:\n{}{}", output.stdout, output.stderr),
        ))
    }

    /// Plans, reads the plan, and holds it against the policies.
    ///
    /// # Errors
    /// The engine's own, a broken policy, a secret where none may be.
    pub fn plan(&self, watcher: &mut dyn Watcher) -> Result<Plan, Failed> {
        // An older plan must never be taken for this one, and what a killed run left lifted is back.
        self.clear();
        if let Some(guard) = self.guard().filter(|_| self.operation == Operation::Destroy) {
            replace(&self.directory().join(guard.file), guard.text.as_bytes(), 0o644)?;
        }
        // Before anything of it is run, and after: what was planned is what is shown.
        self.bundle.verify()?;
        self.follow(&self.plan_command(), &self.placeholders(), watcher)?;
        self.bundle.verify()?;
        let row = self.deployment().module()?;
        let saved = self.hashes();
        let mut plan = plan::read(&self.engine, self.directory(), row, &self.environment, saved)?;
        if self.operation == Operation::Apply {
            plan.explain(&self.bundle.files);
        }
        leak::check_text("the saved plan", plan.text.as_bytes(), &self.secrets)?;
        leak::check_folder(self.directory(), &self.secrets)?;
        policy::check(&plan, self.deployment(), self.operation)?;
        Ok(plan)
    }

    /// Applies the saved plan, if it and the bundle are still what was shown.
    ///
    /// # Errors
    /// Something changed since, the engine's own, a secret where none may be.
    pub fn apply(&self, approval: &Approval, watcher: &mut dyn Watcher) -> Result<(), Failed> {
        self.check_unchanged(approval)?;
        let outcome = self.follow(&self.apply_command(), &self.values(), watcher);
        leak::check_folder(self.directory(), &self.secrets)?;
        if let Some(state) = state::elsewhere(&self.engine, self.directory(), &self.environment) {
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
        self.deployment().cloud.module()?.destroy_guard
    }

    /// Takes away what serves one run only: the saved plan, and what lets the machine be destroyed.
    fn clear(&self) {
        let guard = self.guard().map(|guard| guard.file);
        for name in [PLAN_FILE].into_iter().chain(guard) {
            let _ = fs::remove_file(self.directory().join(name));
        }
    }

    /// What the engine wrote for just this plan.
    fn hashes(&self) -> SavedHashes {
        let hash = |name: &str| {
            files::read_regular(&self.directory().join(name))
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
        if state::is_there(&self.engine, self.directory(), &self.environment)? {
            return Ok(());
        }
        let d = self.deployment();
        Err(Error::new(
            Kind::Failed,
            format!(
                "`{}` has no state, neither terraform.tfstate nor one in a backend, so nothing can be destroyed from here; \
                 what was made elsewhere from this bundle still exists",
                self.directory().display()
            ),
        )
        .hint(format!("see what exists: {}", d.find_without_state()))
        .hint("put the state back, or go on as RUNBOOK.md says under \"Destroy\""))
    }

    /// Addresses of what exists, as the state knows it.
    pub fn exists(&self) -> Vec<String> {
        state::addresses(&self.engine, self.directory(), &self.environment)
    }

    /// Follows one command; what it says goes to the watcher, the errors into the failure.
    fn follow(
        &self,
        command: &Command,
        variables: &[(String, Secret)],
        watcher: &mut dyn Watcher,
    ) -> Result<(), Failed> {
        let mut said = Said::default();
        let watcher = std::cell::RefCell::new(watcher);
        let ended = process::follow(
            command,
            &self.environment,
            variables,
            &self.log,
            &mut |line| {
                let Some(message) = messages::read(line) else { return };
                match &message {
                    Message::Diagnostic(diagnostic) => said.diagnostics.push(diagnostic.clone()),
                    Message::Plain(text) => said.plain.push(text.clone()),
                    Message::Started { .. } | Message::Finished { .. } | Message::Failed { .. } => {}
                }
                watcher.borrow_mut().message(&message);
            },
            &mut |notice| watcher.borrow_mut().notice(notice),
        )?;
        self.judge(command, ended, &said)
    }

    /// Terraform variables of a plan. What is set at plan must be set at apply, and the other way round; destroying sets
    /// none.
    fn placeholders(&self) -> Vec<(String, Secret)> {
        self.variables(|_| Some(Secret::placeholder()))
    }

    /// The same of an apply.
    fn values(&self) -> Vec<(String, Secret)> {
        self.variables(|slot| {
            let (_, value) = self.secrets.iter().find(|(name, _)| name == slot.env)?;
            Some(value.clone())
        })
    }

    fn variables(&self, value: impl Fn(&SecretSlot) -> Option<Secret>) -> Vec<(String, Secret)> {
        let d = self.deployment();
        if self.operation != Operation::Apply || !d.has_vault() {
            return Vec::new();
        }
        let variable = |slot: &SecretSlot| Some((format!("TF_VAR_{}", slot.terraform_variable()), value(slot)?));
        d.secrets.iter().filter_map(variable).collect()
    }
}

/// However the run ends.
impl Drop for Run {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Values of the root module's outputs, as text.
///
/// # Errors
/// The engine's own.
pub fn outputs(engine: &Engine, directory: &Path, environment: &Environment) -> Result<BTreeMap<String, String>> {
    let command = Command::new(&engine.program, &["output", "-json"], directory);
    let shown = command.shown();
    let output = process::capture(&command, environment)?;
    if !output.ok() {
        let said = output.stderr.trim();
        return Err(Error::new(Kind::Failed, format!("`{shown}` failed: {said}")).hint("apply first"));
    }
    let answer: BTreeMap<String, Value> = serde_json::from_str(&output.stdout)
        .map_err(|_| Error::new(Kind::Failed, format!("`{shown}` answered with something else than outputs")))?;
    let text = |value: &Value| match value.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Ok(answer.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}
