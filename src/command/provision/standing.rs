//! Whether the machine is up to date, once the cloud is.

use super::host_key;
use super::session::Session;
use crate::command::Context;
use crate::error::Result;
use crate::layout::BOOTSTRAP;
use crate::machine::Machine;
use crate::machine::connection::Connection;
use crate::machine::installed::HostFilesState;
use crate::machine::installed::Installed;
use crate::machine::ready;
use crate::machine::transport::Transport;
use crate::process::command::quoted;
use crate::render;
use crate::report::{self, Palette};
use crate::tables::Bootstrap;

const NO_WAIT: &str = "--no-wait was given";

/// Waits until the machine reports that it is ready, if it can be asked, and compares what it has with the bundle.
///
/// # Errors
/// It reports a failure, or nothing in time; its host key is not known.
pub(super) fn ask(session: &Session, is_unchanged: bool, context: &mut Context) -> Result<Installed> {
    let run = &session.run;
    let d = run.deployment();
    let commands = session.machine_commands_of(true);
    let (Some(ready), Some(connection)) = (commands.ready, session.connection(context.ready_retry)) else {
        return Ok(Installed::not_asked(match d.bootstrap {
            Bootstrap::Cnb if !d.ssh_cidrs.is_empty() => "the CNB pipeline delivers its files",
            _ => "no address may reach SSH",
        }));
    };
    if session.args.run.no_wait {
        return Ok(Installed::not_asked(NO_WAIT));
    }
    let machine = session.machine()?;
    if let Some(command) = &commands.host_key {
        let connection = Connection {
            retry: context.ssh_retry,
            ..connection.clone()
        };
        // Nothing secret is sent, so a key in `known_hosts` need not be shown first.
        host_key::pin(session, &machine, &machine.fill(command)?, &connection, true, context)?;
    }
    let ready = machine.fill(&ready)?;
    let mut tell = |text: &str| report::note(text);
    let said = ready::wait(&ready, &connection, is_unchanged, &mut tell)?;
    report::note(&Palette::stderr().green(&format!("ready: {}", said.message)));
    let mut installed = Installed::of(&said, &render::host_hashes(d)?, &d.version);
    if installed.state == HostFilesState::Behind {
        installed.bring = Some(way_there(session, &machine, &connection.transport)?);
    }
    Ok(installed)
}

/// Reports it. Only a new machine has no phone paired yet.
pub(super) fn tell(session: &Session, installed: &Installed, is_new: bool, is_unchanged: bool) {
    let folder = session.run.directory().display();
    let pair = format!("Pair your phone: follow \"Pair\" in {folder}/RUNBOOK.md");
    match (installed.state, &installed.reason) {
        (HostFilesState::Current, _) => {
            if is_unchanged {
                report::note("Nothing to do: cloud and machine match the bundle.");
            }
            if is_new {
                report::note(&pair);
            }
        }
        (HostFilesState::Behind, _) => {
            report::note(&Palette::stderr().yellow("\nThe machine is behind this bundle. Newer here:"));
            let d = session.run.deployment();
            for line in installed.lines(d.agent.display_name, &d.version) {
                report::note(&format!("  {line}"));
            }
            if let Some(bring) = &installed.bring {
                report::note(&format!("To update it:\n  {bring}\nThen check: `remote-setup apply {folder}`"));
            }
        }
        (HostFilesState::NotAsked, Some(reason)) if is_new => {
            // Without SSH or with CNB, `delivery` has said what is left to do.
            if reason == NO_WAIT {
                report::note(&format!("The machine is setting itself up. Then: {pair}"));
            }
        }
        (HostFilesState::NotAsked, reason) => {
            let reason = reason.as_deref().unwrap_or_default();
            report::note(&format!("The machine was not checked: {reason}."));
        }
    }
}

/// The command that updates the host files of an existing machine, over the transport that just worked.
fn way_there(session: &Session, machine: &Machine, transport: &Transport) -> Result<String> {
    let run = &session.run;
    let d = run.deployment();
    let folder = quoted(&run.directory().to_string_lossy());
    let on_machine = |script: &str| machine.fill(&transport.command(script, run.directory()));
    Ok(match (d.bootstrap, transport) {
        (Bootstrap::Cnb, _) => {
            "commit, tag and press Deploy, as described under \"Deploy with CNB\" in RUNBOOK.md".to_owned()
        }
        (Bootstrap::Ssh, _) => format!("remote-setup apply {folder}"),
        (Bootstrap::CommandService, _) => {
            let script = on_machine("sudo bash -s")?.shown();
            format!("(cd {folder} && {script} < {})", BOOTSTRAP)
        }
        // User data is read at the first boot only, but the script in it may run at any time.
        (Bootstrap::CloudInit, way) => {
            let user_data = d.cloud.user_data.map(|user_data| user_data.encoding.script_in(&folder));
            let script = user_data.unwrap_or_default();
            match way {
                Transport::CloudCommand(_) => {
                    let mut command = on_machine("")?;
                    command.args.pop();
                    format!("{} \"$({script})\"", command.shown())
                }
                Transport::Ssh { .. } => format!("{script} | {}", on_machine("sudo bash -s")?.shown()),
            }
        }
    })
}
