//! Brings the state of an earlier version to this one, before the first plan: shown, asked for, and never by destroying.

use super::session::Session;
use crate::error::{Error, Kind, Result};
use crate::process::interrupt;
use crate::report;
use crate::terraform::carry_over::CarryOver;
use crate::terraform::gate::Person;

/// Has the state forget what cannot be planned with any more; whoever only looks is told how.
///
/// # Errors
/// Nobody to ask (2), declined (4), interrupted (130), the engine's own.
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
            "the state is of an earlier version and cannot be planned with as it is; nothing was changed",
        )
        .hint(format!(
            "`remote-setup apply {}` shows the step above, asks before it runs it, and then plans",
            run.directory().display()
        )));
    };
    confirm(session, person)?;
    needed.iter().try_for_each(|one| one.run(&run.environment))?;
    report::note("The state has forgotten them; Terraform left a copy of it as it was beside it.");
    Ok(())
}

fn shown(needed: &[CarryOver]) -> String {
    let mut text = "\nThe state is of an earlier version".to_owned();
    for one in needed {
        text += &format!("\n  {}.\n  It must forget them first; {}:", one.outdated.why, one.outdated.kept);
        for address in &one.addresses {
            text += &format!("\n    {address}");
        }
    }
    text += "\n\nA yes to this runs";
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
        return Err(Error::usage("not a terminal, so the change of the state cannot be confirmed")
            .hint("look at the step above, then run the same with --yes"));
    }
    let answer = person
        .ask("Change the state like this? [y/N]")
        .unwrap_or_default()
        .to_lowercase();
    interrupt::check()?;
    match answer == "y" || answer == "yes" {
        true => Ok(()),
        false => Err(Error::new(Kind::Declined, "nothing was changed, neither the state nor the cloud")),
    }
}
