//! Everything a run needs, found and checked before it starts.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{NOTHING_TO_DO, bundle, status_of};
use crate::cli::ProvisionArgs;
use crate::command::stamp;
use crate::deployment::{Deployment, SecretSlot};
use crate::engine::account::{self, AccountInUse};
use crate::engine::apply::Run;
use crate::engine::environment::Environment;
use crate::engine::gate::{Approval, AtTerminal, Person, SaidBefore};
use crate::engine::interrupt;
use crate::engine::lock::{self, RunLock};
use crate::engine::plan::Plan;
use crate::engine::process;
use crate::engine::ready::Patience;
use crate::engine::receipt::{self, Receipt};
use crate::engine::rotation::{self, Rotation};
use crate::engine::state;
use crate::engine::step::{self, Aim};
use crate::engine::terraform::{self, Engine};
use crate::error::{Error, Result};
use crate::inputs::{Secret, Secrets, environment as variables, spec_file, wizard};
use crate::registry::provisioning::Stage;
use crate::render::{SECRETS_FILE, SPEC_FILE, secrets_header};
use crate::report::{self, SCHEMA_VERSION};

/// What differs between a person's run, a rehearsal and a test.
pub struct Surroundings {
    /// Variables for every child, over the process's own.
    pub variables: Vec<(String, String)>,
    pub person: Box<dyn Person>,
    /// For roles that were granted moments ago.
    pub role_patience: Patience,
    pub ready_patience: Patience,
}

impl Default for Surroundings {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Surroundings {
            variables: Vec::new(),
            person: Box::new(AtTerminal),
            role_patience: Patience {
                total: minutes(15),
                pause: Duration::from_secs(20),
            },
            ready_patience: Patience {
                total: minutes(30),
                pause: Duration::from_secs(15),
            },
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// Looking needs no secret; changing needs every one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Look,
    Change,
}

/// A run that may begin.
#[derive(Debug)]
pub(super) struct Session {
    pub run: Run<'static>,
    pub account: Option<AccountInUse>,
    pub rotation: Rotation,
    started_at: String,
    stamp: String,
    json: bool,
    _lock: RunLock,
}

impl Session {
    pub fn open(args: &ProvisionArgs, aim: Aim, purpose: Purpose, surroundings: &Surroundings) -> Result<Session> {
        interrupt::watch()?;
        process::keep_private();
        let found = bundle::find(args.dir.as_deref())?;
        let directory = std::path::absolute(&found).map_err(anyhow::Error::from)?;
        let spec = spec_file::load(&directory.join(SPEC_FILE))?;
        // One run a process: the deployment lives as long as it.
        let deployment: &'static Deployment = Box::leak(Box::new(Deployment::resolve(&spec)?));
        let mut environment = environment(surroundings);
        let engine = Engine {
            program: terraform::locate(args.engine.as_deref(), &environment)?,
            version: String::new(),
        };
        let lock = lock::take(&directory)?;
        let stamp = stamp()?;
        let (secrets, rotation) = match aim {
            Aim::Apply => secrets(deployment, &directory, args, purpose)?,
            Aim::Destroy => (Vec::new(), Rotation::default()),
        };
        let steps = step::steps(deployment, &engine.program, &directory, aim);
        let account = match steps.iter().find(|step| step.stage == Stage::Account) {
            Some(step) => Some(account::find(step, &deployment.cloud.provisioning.account, &mut environment)?),
            None => None,
        };
        Ok(Session {
            run: Run {
                deployment,
                log: receipt::folder(&directory)?.join(format!("{stamp}.log")),
                directory,
                engine,
                environment,
                secrets,
                aim,
            },
            account,
            rotation,
            started_at: now()?,
            stamp,
            json: args.json,
            _lock: lock,
        })
    }

    /// Writes the receipt, prints it where `--json` asks for it, and hands the outcome on.
    pub fn receipt(&self, planned: Option<(&Plan, Option<&Approval>, String)>, outcome: Result<()>) -> Result<()> {
        let d = self.run.deployment;
        let exists = self.run.exists();
        let (plan, approval, digest) = match planned {
            Some((plan, approval, digest)) => (Some(plan), approval, digest),
            None => (None, None, String::new()),
        };
        let status = match (&outcome, plan) {
            (Err(error), _) => status_of(error),
            (Ok(()), Some(plan)) if plan.is_empty() => "nothing_to_do",
            (Ok(()), _) => "applied",
        };
        let receipt = Receipt {
            schema_version: SCHEMA_VERSION,
            status,
            aim: match self.run.aim {
                Aim::Apply => "apply",
                Aim::Destroy => "destroy",
            },
            started_at: self.started_at.clone(),
            finished_at: now()?,
            user: variables::process("USER")
                .or_else(|| variables::process("LOGNAME"))
                .unwrap_or_default(),
            deployment: d.name.clone(),
            id: d.id.clone(),
            account: self.account.clone(),
            engine: self.run.engine.program.clone(),
            engine_version: self.run.engine.version.clone(),
            providers: state::providers(&self.run.directory),
            digest,
            approved: approval.map(Approval::given),
            monthly_usd_estimate: d.monthly_usd,
            changes: plan.map(|plan| plan.changes.clone()).unwrap_or_default(),
            exists,
            message: outcome
                .as_ref()
                .err()
                .map(|error| error.message().to_owned())
                .unwrap_or_default(),
        };
        let path = receipt.save(&self.run.directory, &self.stamp, &self.run.secrets)?;
        if self.json {
            report::json(&receipt)?;
        }
        match outcome {
            Ok(()) if status == "nothing_to_do" => report::note(NOTHING_TO_DO),
            Ok(()) => report::note(&format!(
                "done: {} exist. Receipt: {}",
                report::count(receipt.exists.len(), "resource"),
                path.display()
            )),
            Err(error) => return Err(self.with_way_on(error, &receipt.exists)),
        }
        Ok(())
    }

    /// After a failure: what exists, and the command that continues.
    fn with_way_on(&self, error: Error, exists: &[String]) -> Error {
        if error.kind() == crate::error::Kind::Declined || error.kind() == crate::error::Kind::Usage {
            return error;
        }
        let folder = self.run.directory.display();
        error
            .hint(format!(
                "{} now; the engine's log is {}",
                exist(exists.len()),
                self.run.log.display()
            ))
            .hint(format!(
                "continue with `remote-setup apply {folder}`, or remove everything with `remote-setup destroy {folder}`"
            ))
    }
}

fn exist(number: usize) -> String {
    match number {
        0 => "nothing exists".to_owned(),
        1 => "1 resource exists".to_owned(),
        number => format!("{number} resources exist"),
    }
}

pub(super) fn environment(surroundings: &Surroundings) -> Environment {
    let mut environment = Environment::of(std::env::vars());
    for (name, value) in &surroundings.variables {
        environment.set(name, value);
    }
    environment
}

pub(super) fn said_before(args: &ProvisionArgs) -> SaidBefore {
    SaidBefore {
        yes: args.yes,
        allow_destroy: args.allow_destroy,
        silent: args.non_interactive,
    }
}

/// Every value the vault needs; all that are missing are named at once.
fn secrets(
    d: &Deployment,
    directory: &Path,
    args: &ProvisionArgs,
    purpose: Purpose,
) -> Result<(Vec<(String, Secret)>, Rotation)> {
    let path = directory.join(SECRETS_FILE);
    let mut stored = Secrets::load(&path)?;
    let rotated = rotation::slots(&args.rotate, d)?;
    for slot in &rotated {
        if let Some(secret) = new_value(slot, args)? {
            stored.set(slot.env, secret);
        }
    }
    let mut missing = Vec::new();
    let mut values = Vec::new();
    for slot in &d.secrets {
        stored.fill(slot.env, &slot.accepted, &variables::process)?;
        match stored.get(slot.env) {
            Some(secret) => values.push((slot.env.to_owned(), secret.clone())),
            None => missing.push(slot.env),
        }
    }
    if purpose == Purpose::Change && !missing.is_empty() {
        return Err(Error::usage(format!("no value for {}", missing.join(", ")))
            .hint(format!("fill them in in {}, or put them into the environment", path.display())));
    }
    if rotated.is_empty() {
        return Ok((values, Rotation::default()));
    }
    let names: Vec<&str> = d.secrets.iter().map(|slot| slot.env).collect();
    let text = stored.to_text(&secrets_header(), &names);
    Ok((values, Rotation::begin(directory, &rotated, &path, &text)?))
}

/// From the environment, from whoever is asked, or `None` for what `secrets.env` holds by now.
fn new_value(slot: &SecretSlot, args: &ProvisionArgs) -> Result<Option<Secret>> {
    if slot.generated {
        return Ok(Some(Secret::random_token()));
    }
    for name in &slot.accepted {
        if let Some(value) = variables::process(name) {
            return Secret::new(name, &value).map(Some);
        }
    }
    if args.non_interactive || args.yes || !AtTerminal.is_there() {
        return Ok(None);
    }
    report::note("Enter keeps what stands in secrets.env.");
    wizard::secret(slot.env, &format!("New {}", slot.label))
}

fn now() -> Result<String> {
    let now = OffsetDateTime::now_utc()
        .replace_nanosecond(0)
        .map_err(anyhow::Error::from)?;
    Ok(now.format(&Rfc3339).map_err(anyhow::Error::from)?)
}
