//! `pin`: pins what this machine downloaded, for every machine from now on.

use std::path::Path;

use serde::Serialize;

use super::host_key;
use super::secrets::Purpose;
use super::session::Session;
use crate::agents::Download;
use crate::bundle::{self, Seen, WriteOptions};
use crate::cli::{PinArgs, ProvisionArgs, RunArgs};
use crate::command::{Context, stamp};
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};
use crate::inputs::{Pins, Spec, pins};
use crate::layout::SPEC_FILE;
use crate::machine::ready;
use crate::machine::ready::HostResult;
use crate::process::interrupt;
use crate::render;
use crate::report::{self, Palette, SCHEMA_VERSION};
use crate::terraform::gate::Person;
use crate::terraform::operation::Operation;
use crate::text::shown;

/// What `pin --json` prints.
#[derive(Serialize)]
struct Pinned<'a> {
    schema_version: u32,
    status: &'static str,
    pins: &'a Pins,
    changed: &'a [String],
}

/// Asks the machine what it downloaded, shows it, and writes it into the bundle once confirmed.
///
/// # Errors
/// A machine that cannot be asked or is not ready, a download that differs from its pin, declined (4).
pub fn pin(args: &PinArgs, context: &mut Context) -> Result<()> {
    let run = ProvisionArgs {
        run: RunArgs {
            bundle: args.bundle.clone(),
            non_interactive: args.non_interactive,
            ssh_key: args.ssh_key.clone(),
            ..RunArgs::default()
        },
        ..ProvisionArgs::default()
    };
    let session = Session::open(&run, Operation::Push, Purpose::Look, context)?;
    let said = asked(&session, context)?;
    let (d, directory) = (session.run.deployment().clone(), session.run.directory().to_owned());
    let d = &d;
    let pins = held(d, &said)?;
    let seen = Seen::now(&directory)?;
    // Writing the bundle takes the lock itself.
    drop(session);
    let is_open = |download: &Download| d.pins.get(*download).is_none();
    let open: Vec<Download> = d.pinnable().iter().copied().filter(is_open).collect();
    if open.is_empty() {
        report::note("Nothing to do: everything is pinned, and the machine has it.");
        return told(args, "nothing_to_do", &pins, &[]);
    }
    report::note(&format!(
        "\n{}",
        Palette::stderr().bold(&format!("The machine got, as {} {},", d.agent.display_name, d.version))
    ));
    for download in open {
        report::note(&format!("  {}: {}", download.label().en, pins.get(download).unwrap_or_default()));
    }
    report::note("Once pinned, every machine takes exactly these and refuses anything else under the same version.");
    confirm(args, &mut *context.person)?;
    let changed = written(d, pins.clone(), &directory, seen)?;
    report::note(&Palette::stderr().green(&format!("pinned in {}", directory.join(SPEC_FILE).display())));
    report::note("Next: commit it, and bring it to the machine as described under \"Make a change\" in RUNBOOK.md");
    told(args, "pinned", &pins, &changed)
}

/// What the machine reports, asked for once.
fn asked(session: &Session, context: &mut Context) -> Result<HostResult> {
    let run = &session.run;
    let commands = session.machine_commands_of(true);
    let (Some(ready), Some(connection)) = (commands.ready, session.connection(context.ssh_retry)) else {
        return Err(Error::usage("no address may reach SSH, so the machine cannot be asked").hint(
            "allow yours with `--allow-ssh-from`, or copy `got` from the machine's result.json to `pins` by hand",
        ));
    };
    let folder = run.directory().display();
    let machine = session
        .machine()
        .map_err(|error| error.hint(format!("create the machine first: `remote-setup apply {folder}`")))?;
    if let Some(command) = &commands.host_key {
        host_key::pin(session, &machine, &machine.fill(command)?, &connection, true, context)?;
    }
    let ready = machine.fill(&ready)?;
    report::note(&format!("Running\n  {}", ready.shown()));
    ready::look(&ready, &connection)
}

/// The existing pins, and what the machine reports for the missing ones. Its report is untrusted input.
fn held(d: &Deployment, result: &HostResult) -> Result<Pins> {
    if result.codewhale_version != d.version {
        return Err(Error::new(
            Kind::Failed,
            format!(
                "the machine has {} `{}`, but this bundle is for `{}`",
                d.agent.display_name,
                shown(&result.codewhale_version),
                d.version
            ),
        )
        .hint("update the machine first, as described under \"Make a change\" in RUNBOOK.md"));
    }
    let mut all = d.pins.clone();
    all.version = Some(d.version.clone());
    for &download in d.pinnable() {
        let Some(text) = result.got.get(download.key()).and_then(|value| value.as_str()) else {
            return Err(Error::new(
                Kind::Failed,
                format!("the machine does not report what it downloaded for {}", download.label().en),
            )
            .hint("update the machine, as described under \"Make a change\" in RUNBOOK.md, then pin again"));
        };
        let got = pins::check(download, text).map_err(|error| {
            Error::new(Kind::Failed, format!("the machine's `{}`: {}", download.key(), error.message())).hint(
                d.agent
                    .names()
                    .fill("check /var/lib/@agent@-setup/result.json on the machine: our installer does not write that"),
            )
        })?;
        match d.pins.get(download) {
            Some(pinned) if pinned != got => {
                return Err(Error::new(
                    Kind::Failed,
                    format!(
                        "{} on the machine is `{got}`, but deployment.yaml pins `{pinned}`",
                        download.label().en
                    ),
                )
                .hint("update the machine so that it takes what is pinned, or remove that pin from deployment.yaml and pin again"));
            }
            _ => all.set(download, got),
        }
    }
    Ok(all)
}

fn confirm(args: &PinArgs, person: &mut dyn Person) -> Result<()> {
    if args.yes {
        return Ok(());
    }
    if args.non_interactive || !person.is_there() {
        return Err(Error::usage("not a terminal, so the pins cannot be confirmed")
            .hint("review them above, then run the same command with --yes"));
    }
    let answer = person.ask("Pin this? [y/N]").unwrap_or_default().to_lowercase();
    interrupt::check()?;
    match answer.as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Error::new(Kind::Declined, "not pinned; nothing was changed")),
    }
}

/// Writes the bundle again with these pins; its secrets stay as they are.
fn written(d: &Deployment, pins: Pins, directory: &Path, seen: Seen) -> Result<Vec<String>> {
    let spec = Spec {
        pins: Some(pins),
        ..d.spec.clone()
    };
    let files = render::render(&Deployment::resolve(&spec)?)?;
    let options = WriteOptions {
        force: false,
        spec_is_input: true,
        stamp: &stamp()?,
        secrets: None,
        seen,
    };
    let written = bundle::write(directory, &files, &options)?;
    for backup in &written.backups {
        report::note(&format!("kept the edited file as `{backup}`"));
    }
    Ok(written.changed)
}

fn told(args: &PinArgs, status: &'static str, pins: &Pins, changed: &[String]) -> Result<()> {
    if !args.bundle.json {
        return Ok(());
    }
    report::json(&Pinned {
        schema_version: SCHEMA_VERSION,
        status,
        pins,
        changed,
    })
}
