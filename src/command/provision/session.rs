//! Everything a run needs, found and checked before it starts.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::secrets::Purpose;
use super::{bundle, secrets};
use crate::bundle::Bundle;
use crate::bundle::lock::{self, RunLock};
use crate::cli::ProvisionArgs;
use crate::clouds::provisioning::Stage;
use crate::command::stamp;
use crate::error::Result;
use crate::machine::host_key::Expected;
use crate::machine::ssh::Identity;
use crate::machine::target::Target;
use crate::process;
use crate::process::environment::Environment;
use crate::process::interrupt;
use crate::process::patience::Patience;
use crate::process::step;
use crate::process::step::Aim;
use crate::terraform::account;
use crate::terraform::account::AccountInUse;
use crate::terraform::apply;
use crate::terraform::apply::Run;
use crate::terraform::data_folder;
use crate::terraform::engine as terraform;
use crate::terraform::engine::Engine;
use crate::terraform::gate::AtTerminal;
use crate::terraform::gate::Person;
use crate::terraform::gate::SaidBefore;
use crate::terraform::receipt;
use crate::terraform::rotation::Rotation;

/// What differs between a person's run, a rehearsal and a test.
pub struct Surroundings {
    /// Variables for every child, over the process's own.
    pub variables: Vec<(String, String)>,
    pub person: Box<dyn Person>,
    /// For a failure that passes by itself.
    pub apply_patience: Patience,
    /// For a machine that starts.
    pub ssh_patience: Patience,
    pub ready_patience: Patience,
}

impl Default for Surroundings {
    fn default() -> Self {
        let patience = |minutes: u64, seconds: u64| Patience {
            total: Duration::from_secs(60 * minutes),
            pause: Duration::from_secs(seconds),
        };
        Surroundings {
            variables: Vec::new(),
            person: Box::new(AtTerminal),
            apply_patience: patience(15, 20),
            ssh_patience: patience(5, 5),
            ready_patience: patience(30, 15),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// A run that may begin.
#[derive(Debug)]
pub(super) struct Session {
    pub run: Run<'static>,
    pub account: Option<AccountInUse>,
    pub rotation: Rotation,
    /// What was said about the machine's host key.
    pub host_key: Option<Expected>,
    pub started_at: String,
    /// Of the receipt and the log.
    pub name: String,
    pub args: ProvisionArgs,
    outputs: OnceCell<BTreeMap<String, String>>,
    _lock: RunLock,
}

impl Session {
    pub fn open(args: &ProvisionArgs, aim: Aim, purpose: Purpose, surroundings: &Surroundings) -> Result<Session> {
        process::keep_private();
        let host_key = args.run.host_key.as_deref().map(Expected::read).transpose()?;
        let found = bundle::find(args.run.bundle.dir.as_deref())?;
        // One run a process: the bundle lives as long as it.
        let bundle: &'static Bundle = Box::leak(Box::new(Bundle::open(&found)?));
        let (deployment, directory) = (&bundle.deployment, bundle.directory.clone());
        deployment.module()?;
        let mut environment = environment(surroundings);
        data_folder::use_for(&directory, &deployment.id, &mut environment)?;
        let engine = Engine {
            program: terraform::locate(args.run.bundle.engine.as_deref(), &environment)?,
            version: String::new(),
        };
        let steps = step::steps(deployment, &engine.program, &directory, aim);
        let step = |stage| steps.iter().find(|step| step.stage == stage);
        let (key, named) = (&deployment.ssh_public_key, args.run.ssh_key.as_deref());
        let identity = match step(Stage::Push) {
            Some(_) => Some(Identity::find(key, named, &environment)?),
            None => Identity::lies_at(key, named, &environment)?.map(Identity::of),
        };
        let lock = lock::take(&directory)?;
        let folder = receipt::folder(&directory)?;
        let name = receipt::name(&folder, &stamp()?);
        let (secrets, rotation) = match aim {
            Aim::Apply | Aim::Push => secrets::gather(deployment, &directory, args, purpose)?,
            Aim::Destroy => (Vec::new(), Rotation::default()),
        };
        // Not before: a signal at the prompt for a new secret ends the program, and nothing was changed.
        interrupt::watch()?;
        let account = match step(Stage::Account).zip(deployment.cloud.provisioning.account.as_ref()) {
            Some((step, account)) => Some(account::find(step, account, &mut environment)?),
            None => None,
        };
        Ok(Session {
            run: Run {
                deployment,
                bundle,
                log: folder.join(format!("{name}.log")),
                directory,
                engine,
                environment,
                secrets,
                aim,
                identity,
            },
            account,
            rotation,
            host_key,
            started_at: now()?,
            name,
            args: args.clone(),
            outputs: OnceCell::new(),
            _lock: lock,
        })
    }

    /// The machine that the applied configuration tells of, asked for once.
    pub fn target(&self) -> Result<Target> {
        if let Some(known) = self.outputs.get() {
            return Target::of(known);
        }
        let run = &self.run;
        let outputs = apply::outputs(&run.engine, &run.directory, &run.environment)?;
        Target::of(self.outputs.get_or_init(|| outputs))
    }

    pub fn said_before(&self) -> SaidBefore {
        SaidBefore {
            yes: self.args.yes,
            allow_destroy: self.args.allow_destroy,
            silent: self.args.run.non_interactive,
        }
    }

    /// Whether secrets go to the machine in this run.
    pub fn pushes(&self) -> bool {
        self.run.steps().iter().any(|step| step.stage == Stage::Push)
    }

    /// What brings the secrets after a failure; new ones were taken back by then.
    pub fn push_again(&self) -> String {
        let rotated = self.args.run.rotate.iter().map(|name| format!(" --rotate {name}"));
        format!("remote-setup push {}{}", self.run.directory.display(), rotated.collect::<String>())
    }
}

pub(super) fn environment(surroundings: &Surroundings) -> Environment {
    let mut environment = Environment::of(std::env::vars());
    for (name, value) in &surroundings.variables {
        environment.set(name, value);
    }
    environment
}

pub(super) fn now() -> Result<String> {
    let now = OffsetDateTime::now_utc()
        .replace_nanosecond(0)
        .map_err(anyhow::Error::from)?;
    Ok(now.format(&Rfc3339).map_err(anyhow::Error::from)?)
}
