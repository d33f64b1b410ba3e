//! Upgrades the state of an earlier version before the first plan: shown, approved, and never by destroying anything.

use super::session::Session;
use crate::error::{Error, Kind, Result};
use crate::process::interrupt;
use crate::report;
use crate::terraform::carry_over::CarryOver;
use crate::terraform::gate::Person;

/// Removes from the state what can no longer be planned. Without a person to ask, says how to do it.
///
/// # Errors
/// No terminal (2), declined (4), interrupted (130), an engine failure.
pub(super) fn carry_over(session: &Session, person: Option<&mut (dyn Person + 'static)>) -> Result<()> {
    let run = &session.run;
    let module = run.deployment().module()?;
    let needed = CarryOver::needed(module, &run.engine, run.directory(), &run.environment);
    if needed.is_empty() {
        return Ok(());
    }
    report::note(&shown(&needed));
    let Some(person) = person else {
        return Err(Error::new(
            Kind::Failed,
            "the state is from an earlier version and must be changed before planning; nothing was changed",
        )
        .hint(format!(
            "`remote-setup apply {}` shows the step above, asks before running it, and then plans",
            run.directory().display()
        )));
    };
    confirm(session, person)?;
    needed.iter().try_for_each(|one| one.run(&run.environment))?;
    report::note("The state has forgotten them; Terraform left a backup of the state next to it.");
    Ok(())
}

fn shown(needed: &[CarryOver]) -> String {
    let mut text = "\nThe state is from an earlier version".to_owned();
    for one in needed {
        text += &format!(
            "\n  {}.\n  The state must forget them first; {}:",
            one.outdated.why, one.outdated.kept
        );
        for address in &one.addresses {
            text += &format!("\n    {address}");
        }
    }
    text += "\n\nWill run";
    for one in needed {
        text += &format!("\n  {}", one.command.shown());
    }
    text
}

fn confirm(session: &Session, person: &mut dyn Person) -> Result<()> {
    let said = session.said_before();
    if said.yes {
        return Ok(());
    }
    if said.silent || !person.is_there() {
        return Err(Error::usage("not a terminal, so the change to the state cannot be confirmed")
            .hint("review the step above, then run the same command with --yes"));
    }
    let answer = person.ask("Change the state? [y/N]").unwrap_or_default().to_lowercase();
    interrupt::check()?;
    match answer == "y" || answer == "yes" {
        true => Ok(()),
        false => Err(Error::new(Kind::Declined, "nothing was changed, neither the state nor the cloud")),
    }
}
