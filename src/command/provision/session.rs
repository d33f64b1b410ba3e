//! Everything a run needs, gathered and checked before it starts.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::secrets::Purpose;
use super::{bundle, secrets};
use crate::bundle::Bundle;
use crate::bundle::lock::{self, RunLock};
use crate::cli::ProvisionArgs;
use crate::clouds::provisioning::reads_variable;
use crate::command::{Context, stamp};
use crate::error::{Error, Result};
use crate::machine::Machine;
use crate::machine::commands::{MachineCommands, Work};
use crate::machine::connection::Connection;
use crate::machine::host_key::Expected;
use crate::machine::identity::Identity;
use crate::machine::transport::Transport;
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::process::interrupt;
use crate::process::retry::RetryPolicy;
use crate::terraform::account;
use crate::terraform::account::AccountInUse;
use crate::terraform::apply;
use crate::terraform::apply::Run;
use crate::terraform::data_folder;
use crate::terraform::engine;
use crate::terraform::engine::Engine;
use crate::terraform::gate::SaidBefore;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;
use crate::terraform::receipt;
use crate::terraform::rotation::Rotation;

/// A run that is ready to start.
#[derive(Debug)]
pub(super) struct Session {
    pub run: Run,
    pub account: Option<AccountInUse>,
    pub rotation: Rotation,
    /// The host key given with `--host-key`.
    pub host_key: Option<Expected>,
    pub started_at: String,
    /// Name of the receipt and the log.
    pub name: String,
    pub args: ProvisionArgs,
    identity: Identity,
    outputs: OnceCell<BTreeMap<String, String>>,
    _lock: RunLock,
}

impl Session {
    pub fn open(args: &ProvisionArgs, operation: Operation, purpose: Purpose, context: &Context) -> Result<Session> {
        process::keep_private();
        let host_key = args.run.host_key.as_deref().map(Expected::read).transpose()?;
        let bundle = Bundle::open(&bundle::find(args.run.bundle.dir.as_deref())?)?;
        let (deployment, directory) = (&bundle.deployment, &bundle.directory);
        deployment.module()?;
        let mut environment = environment(context);
        data_folder::use_for(directory, &deployment.id, &mut environment)?;
        let engine = Engine {
            program: engine::locate(args.run.bundle.engine.as_deref(), &environment)?,
            version: String::new(),
        };
        let identity = Identity::find(&deployment.ssh_public_key, args.run.ssh_key.as_deref(), &environment)?;
        let lock = lock::take(directory)?;
        let folder = receipt::folder(directory)?;
        let name = receipt::name(&folder, &stamp()?);
        let (secrets, rotation) = match operation {
            Operation::Apply | Operation::Push => secrets::gather(deployment, directory, args, purpose)?,
            Operation::Destroy => (Vec::new(), Rotation::default()),
        };
        // Not earlier: at the prompt for a new secret, a signal should end the program, since nothing was changed yet.
        interrupt::watch()?;
        let row = deployment.cloud.provisioning.account.as_ref();
        let account = match (operation, row) {
            (Operation::Apply | Operation::Destroy, Some(row)) => {
                let command = account::command(row, directory);
                Some(account::find(&command, row, &mut environment)?)
            }
            (Operation::Push, _) | (_, None) => None,
        };
        Ok(Session {
            run: Run {
                bundle,
                log: folder.join(format!("{name}.log")),
                engine,
                environment,
                secrets,
                operation,
            },
            account,
            rotation,
            host_key,
            started_at: now()?,
            name,
            args: args.clone(),
            identity,
            outputs: OnceCell::new(),
            _lock: lock,
        })
    }

    /// The machine in the outputs of the last apply, read once.
    pub fn machine(&self) -> Result<Machine> {
        if let Some(known) = self.outputs.get() {
            return Machine::of(known);
        }
        let run = &self.run;
        let outputs = apply::outputs(&run.engine, run.directory(), &run.environment)?;
        Machine::of(self.outputs.get_or_init(|| outputs))
    }

    /// Every command of this run, in order.
    pub fn commands(&self) -> Vec<Command> {
        [self.run.commands(), self.machine_commands().all()].concat()
    }

    /// Those that run once approved.
    pub fn commands_after_gate(&self, plan: &Plan) -> Vec<Command> {
        let apply = (!plan.is_empty()).then(|| self.run.apply_command());
        apply.into_iter().chain(self.machine_commands().all()).collect()
    }

    /// The commands of this run on the machine.
    pub fn machine_commands(&self) -> MachineCommands {
        self.machine_commands_of(!self.args.run.no_wait)
    }

    /// The same, with or without reading the machine's status.
    pub fn machine_commands_of(&self, asks: bool) -> MachineCommands {
        MachineCommands::of(Work {
            deployment: self.run.deployment(),
            directory: self.run.directory(),
            operation: self.run.operation,
            identity: &self.identity,
            asks,
        })
    }

    /// How to reach the machine; `None` if there is no way.
    pub fn connection(&self, retry: RetryPolicy) -> Option<Connection<'_>> {
        let d = self.run.deployment();
        let row = &d.cloud.provisioning;
        let unbound_key = row.unbound_key.and_then(|failure| self.run.way_out(failure));
        Some(Connection {
            transport: Transport::of(d, &self.identity)?,
            names: d.agent.names(),
            environment: &self.run.environment,
            retry,
            fingerprint_place: row.console.fingerprint,
            continue_with: self.continue_with(),
            unbound_key: unbound_key
                .map(|way_out| format!("if the key was unbound from the machine in the console, {way_out}")),
        })
    }

    pub fn said_before(&self) -> SaidBefore {
        SaidBefore {
            yes: self.args.yes,
            allow_destroy: self.args.allow_destroy,
            silent: self.args.run.non_interactive,
        }
    }

    /// Whether this run sends secrets to the machine.
    pub fn pushes(&self) -> bool {
        self.machine_commands().secrets.is_some()
    }

    /// Checks that secrets can be pushed at all.
    ///
    /// # Errors
    /// The cloud has a vault, or SSH is closed.
    pub fn check_pushes(&self) -> Result<()> {
        if self.pushes() {
            return Ok(());
        }
        let d = self.run.deployment();
        Err(match d.cloud.vault.is_some() {
            true => Error::usage(format!("{} keeps the secrets in a vault", d.cloud.display_name.en))
                .hint(format!("`remote-setup apply {}` stores them there", self.run.directory().display())),
            false => Error::usage("no address may reach SSH, so nothing can be pushed").hint(format!(
                "{}, and enter the secrets by hand as described in RUNBOOK.md",
                d.cloud.provisioning.console.shell
            )),
        })
    }

    /// The command that pushes the secrets after a failure; a rotation was undone by then, so it is repeated.
    pub fn push_again(&self) -> String {
        let rotated = self.args.run.rotate.iter().map(|name| format!(" --rotate {name}"));
        format!("remote-setup push {}{}", self.run.directory().display(), rotated.collect::<String>())
    }

    /// The command that continues once the machine can be reached.
    fn continue_with(&self) -> String {
        match self.run.deployment().cloud.vault.is_some() {
            true => format!("remote-setup apply {}", self.run.directory().display()),
            false => self.push_again(),
        }
    }

    /// Restores the old secrets, unless the new ones are kept, and reports if that failed.
    pub fn settle_rotation<T>(&mut self, ended: Result<T>) -> Result<T> {
        match (ended, self.rotation.take_back()) {
            (ended, Ok(())) => ended,
            (Ok(_), Err(lost)) => Err(lost),
            (Err(error), Err(lost)) => Err(error.hint(lost.message())),
        }
    }
}

pub(super) fn environment(context: &Context) -> Environment {
    let mut environment = Environment::of(std::env::vars(), reads_variable);
    for (name, value) in &context.variables {
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
