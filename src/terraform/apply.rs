//! One run on one bundle: init, plan, and apply of exactly that plan.

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

/// Receives what happens during a run.
pub trait Watcher {
    fn message(&mut self, message: &Message);
    fn notice(&mut self, notice: Notice);
}

/// Everything one run needs.
#[derive(Debug)]
pub struct Run {
    /// The verified bundle; it is verified again around planning and before applying.
    pub bundle: Bundle,
    pub engine: Engine,
    pub environment: Environment,
    /// Secret values by their name in `secrets.env`; complete only for an apply.
    pub secrets: Vec<(String, Secret)>,
    pub log: PathBuf,
    pub operation: Operation,
}

/// Why an apply failed.
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

/// What the engine printed while it ran.
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

    /// The commands before and after the gate, in order. Destroying also plans first, then applies that plan.
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
        self.engine_command(engine::INIT).described("download the provider")
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
        self.with_variables(self.engine_command(&args).described("plan the changes"))
    }

    /// The command that needs approval.
    pub fn apply_command(&self) -> Command {
        let args = ["apply", "-json", "-input=false", "-lock-timeout=60s", PLAN_FILE];
        self.with_variables(self.engine_command(&args).described("apply exactly that plan"))
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

    /// Runs the engine's `init`.
    ///
    /// # Errors
    /// The engine fails.
    pub fn init(&self, watcher: &mut dyn Watcher) -> Result<()> {
        Ok(self.follow(&self.init_command(), &[], watcher)?)
    }

    /// Runs the engine's `validate`.
    ///
    /// # Errors
    /// The engine fails.
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

    /// Plans, reads the plan, and checks it against the policies.
    ///
    /// # Errors
    /// An engine failure, a broken policy, a secret where none may be.
    pub fn plan(&self, watcher: &mut dyn Watcher) -> Result<Plan, Failed> {
        // An older plan must not be mistaken for this one, and a killed run may have left the destroy guard lifted.
        self.clear();
        if let Some(guard) = self.guard().filter(|_| self.operation == Operation::Destroy) {
            replace(&self.directory().join(guard.file), guard.text.as_bytes(), 0o644)?;
        }
        // Verified before and after planning, so that the plan shown is a plan of this bundle.
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
    /// Something changed since, an engine failure, a secret where none may be.
    pub fn apply(&self, approval: &Approval, watcher: &mut dyn Watcher) -> Result<(), Failed> {
        self.check_unchanged(approval)?;
        let outcome = self.follow(&self.apply_command(), &self.values(), watcher);
        leak::check_folder(self.directory(), &self.secrets)?;
        if let Some(state) = state::elsewhere(&self.engine, self.directory(), &self.environment) {
            leak::check_text("the remote state", state.as_bytes(), &self.secrets)?;
        }
        outcome
    }

    /// Checks that the bundle and its plan are still what was shown.
    ///
    /// # Errors
    /// They changed.
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
        .hint("run this again and review the new plan"))
    }

    fn guard(&self) -> Option<DestroyGuard> {
        self.deployment().cloud.module()?.destroy_guard
    }

    /// Removes what serves this run only: the saved plan and the file that lifts the destroy guard.
    fn clear(&self) {
        let guard = self.guard().map(|guard| guard.file);
        for name in [PLAN_FILE].into_iter().chain(guard) {
            let _ = fs::remove_file(self.directory().join(name));
        }
    }

    /// Hashes of the files that the engine wrote for this plan.
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

    /// Digest of the review: the same for the same bundle, providers and planned changes.
    pub fn digest(&self, plan: &Plan) -> String {
        let providers = plan.saved.providers.as_deref().unwrap_or("none");
        let changes = sha256(plan.planned().as_bytes());
        sha256(format!("{}  bundle\n{providers}  providers\n{changes}  changes\n", self.bundle.digest()).as_bytes())
    }

    /// Checks that there is a state: without one, destroying would find nothing and report success.
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
                "`{}` has no state (no terraform.tfstate, and none in a backend), so nothing can be destroyed from here; \
                 resources created elsewhere from this bundle still exist",
                self.directory().display()
            ),
        )
        .hint(format!("list what exists: {}", d.find_without_state()))
        .hint("restore the state, or follow \"Destroy\" in RUNBOOK.md"))
    }

    /// Addresses of every resource in the state.
    pub fn exists(&self) -> Vec<String> {
        state::addresses(&self.engine, self.directory(), &self.environment)
    }

    /// Runs one command, passing its messages to the watcher and its errors into the failure.
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

    /// Terraform variables for a plan. A plan and its apply must set the same ones; destroying sets none.
    fn placeholders(&self) -> Vec<(String, Secret)> {
        self.variables(|_| Some(Secret::placeholder()))
    }

    /// The same variables with their real values, for the apply.
    fn values(&self) -> Vec<(String, Secret)> {
        self.variables(|slot| {
            let (_, value) = self.secrets.iter().find(|(name, _)| name == slot.env)?;
            Some(value.clone())
        })
    }

    fn variables(&self, value: impl Fn(&SecretSlot) -> Option<Secret>) -> Vec<(String, Secret)> {
        let d = self.deployment();
        if self.operation != Operation::Apply || d.cloud.vault.is_none() {
            return Vec::new();
        }
        let variable = |slot: &SecretSlot| Some((format!("TF_VAR_{}", slot.terraform_variable()), value(slot)?));
        d.secrets.iter().filter_map(variable).collect()
    }
}

/// Cleans up however the run ends.
impl Drop for Run {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Values of the root module's outputs, as text.
///
/// # Errors
/// The engine fails.
pub fn outputs(engine: &Engine, directory: &Path, environment: &Environment) -> Result<BTreeMap<String, String>> {
    let command = Command::new(&engine.program, &["output", "-json"], directory);
    let shown = command.shown();
    let output = process::capture(&command, environment)?;
    if !output.ok() {
        let said = output.stderr.trim();
        return Err(Error::new(Kind::Failed, format!("`{shown}` failed: {said}")).hint("apply first"));
    }
    let answer: BTreeMap<String, Value> = serde_json::from_str(&output.stdout)
        .map_err(|_| Error::new(Kind::Failed, format!("`{shown}` printed something other than outputs")))?;
    let text = |value: &Value| match value.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    Ok(answer.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}
