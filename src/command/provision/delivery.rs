//! Delivers files and secrets to the machine, once the cloud is up to date.

use super::host_key;
use super::session::Session;
use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::machine::Machine;
use crate::machine::commands::{self, MachineCommands};
use crate::machine::connection::Connection;
use crate::machine::push::{self, Pushed};
use crate::machine::ready;
use crate::machine::recipient::Recipient;
use crate::machine::wait;
use crate::process::command::Command;
use crate::process::interrupt;
use crate::report;
use crate::tables::Bootstrap;
use crate::terraform::operation::Operation;

/// The machine that would get the secrets, from the state; its host key is verified first if it is not known yet.
///
/// # Errors
/// A state or `known_hosts` that is not ours, a new key that cannot be confirmed.
pub(super) fn meet(session: &Session, context: &mut Context) -> Result<Recipient> {
    let machine = session.machine()?;
    let commands = session.machine_commands().for_machine(&machine)?;
    let (Some(connection), Some(command)) = (session.connection(context.ssh_retry), &commands.host_key) else {
        return Err(no_way());
    };
    host_key::pin(session, &machine, command, &connection, true, context)
        .and_then(|()| Recipient::of(&machine, session.run.directory(), None))
        .map_err(|error| before_secrets(error, &connection))
}

/// Pins the host key, waits for SSH, and sends host files and secrets; where nothing can be pushed, says what is left
/// to do. `shown` is the machine that was approved; without one, its key must be confirmed now.
///
/// # Errors
/// The first phase that failed. The machine then still has its previous secrets.
pub(super) fn deliver(session: &Session, shown: Option<&Recipient>, context: &mut Context) -> Result<Option<Pushed>> {
    if session.run.deployment().cloud.vault.is_some() {
        return Ok(None);
    }
    if !session.pushes() {
        report::note(&left_to_do(session));
        return Ok(None);
    }
    let connection = session.connection(context.ssh_retry).ok_or_else(no_way)?;
    let (mut delivery, commands) =
        Delivery::new(session, &connection, shown).map_err(|error| before_secrets(error, &connection))?;
    let prepared = delivery.prepare(&commands, context);
    prepared.map_err(|error| before_secrets(error, &connection))?;
    let Some(secrets) = &commands.secrets else {
        return Ok(None);
    };
    let pushed =
        push::secrets(secrets, &connection, &session.run.secrets).map_err(|error| explained(error, &connection))?;
    report::note(match pushed {
        Pushed::Stored => "secrets: stored on the machine",
        Pushed::Unchanged => "secrets: unchanged on the machine",
    });
    Ok(Some(pushed))
}

/// Everything before the secrets, for one machine.
struct Delivery<'a> {
    session: &'a Session,
    machine: Machine,
    connection: &'a Connection<'a>,
    /// The machine that was approved, or the one found since.
    agreed: Option<Recipient>,
}

impl<'a> Delivery<'a> {
    fn new(
        session: &'a Session,
        connection: &'a Connection<'a>,
        shown: Option<&Recipient>,
    ) -> Result<(Delivery<'a>, MachineCommands)> {
        interrupt::check()?;
        let machine = session.machine()?;
        let commands = session.machine_commands().for_machine(&machine)?;
        let delivery = Delivery {
            session,
            machine,
            connection,
            agreed: shown.cloned(),
        };
        Ok((delivery, commands))
    }

    fn prepare(&mut self, commands: &MachineCommands, context: &mut Context) -> Result<()> {
        if let Some(command) = &commands.host_key {
            let is_shown = self.agreed.as_ref().is_some_and(|agreed| agreed.fingerprint.is_some());
            host_key::pin(self.session, &self.machine, command, self.connection, is_shown, context)?;
            self.check_machine()?;
        }
        if let Some(command) = &commands.wait {
            wait::until_reached(command, self.connection, &mut |text| report::note(text))?;
            self.check_machine()?;
        }
        if let Some(command) = &commands.files {
            push::host_files(command, self.connection)?;
            self.check_machine()?;
        }
        self.check_files_arrived()
    }

    /// Reads it again: the folder may have changed since the question.
    fn check_machine(&mut self) -> Result<()> {
        interrupt::check()?;
        let found = Recipient::of(&self.machine, self.session.run.directory(), None)?;
        if let Some(agreed) = &self.agreed {
            found.check_is(agreed)?;
        }
        self.agreed = Some(found);
        Ok(())
    }

    /// Where the cloud delivers the host files, it reports success even if they did not arrive, so the machine is
    /// asked. An older installer, started with the secrets, would call itself ready.
    fn check_files_arrived(&self) -> Result<()> {
        let run = &self.session.run;
        if run.deployment().bootstrap != Bootstrap::CommandService || run.operation != Operation::Apply {
            return Ok(());
        }
        let transport = &self.connection.transport;
        let filled = |command: Command| self.machine.fill(&command);
        let ask = filled(commands::ready(transport, run.deployment(), run.directory()))?;
        let Some(why) = ready::why_without_files(&ask, self.connection)? else {
            return Ok(());
        };
        let again = filled(commands::files(transport, run.directory()))?.shown();
        let folder = run.directory().display();
        Err(
            Error::new(Kind::Failed, format!("the host files did not arrive on the machine: {why}"))
                .hint(format!("fix that and send them again, in `{folder}`: `{again}`")),
        )
    }
}

fn no_way() -> Error {
    Error::new(Kind::Failed, "there is no way to push to this machine")
}

/// An error from before any secret was sent.
fn before_secrets(error: Error, connection: &Connection) -> Error {
    let error = match error.kind() {
        Kind::Interrupted => error,
        _ => error.context("no secret was pushed, and the previous ones on the machine are untouched"),
    };
    explained(error, connection)
}

/// Adds what it means for the secrets, and the command that continues.
fn explained(error: Error, connection: &Connection) -> Error {
    let continue_with = &connection.continue_with;
    if error.kind() == Kind::Interrupted {
        let text = format!(
            "{}; the machine has either its previous secrets or all the new ones. Continue with `{continue_with}`",
            error.message()
        );
        return Error::new(Kind::Interrupted, text);
    }
    let told = error.hints().iter().any(|hint| hint.contains(continue_with));
    if told {
        error
    } else {
        error.hint(format!("then continue with `{continue_with}`"))
    }
}

/// The steps left for a person where nothing is pushed but the machine waits for its secrets.
fn left_to_do(session: &Session) -> String {
    let d = session.run.deployment();
    let by_ssh = !d.ssh_cidrs.is_empty();
    let files = match (&d.cnb, d.bootstrap) {
        (Some(cnb), Bootstrap::Cnb) => format!(
            "CNB delivers the host files: push this folder to https://cnb.cool/{} and deploy a tag of it there.\n",
            cnb.repository
        ),
        _ => String::new(),
    };
    let secrets = match by_ssh {
        true => format!("Then push the secrets: `{}`", session.push_again()),
        false => format!(
            "No address may reach SSH, so no secret was pushed: {}, and enter them by hand as described in RUNBOOK.md.\n\
             The machine could not be asked about its setup either: \"Wait for the machine\" in RUNBOOK.md says how to check.",
            d.cloud.provisioning.console.shell
        ),
    };
    format!("{files}{secrets}")
}
