//! A plan, and how it is shown.

use super::carry_over::carry_over;
use super::session::Session;
use crate::error::Result;
use crate::machine::Machine;
use crate::machine::recipient::Recipient;
use crate::process::command::Command;
use crate::process::interrupt;
use crate::report::Palette;
use crate::report::review::Review;
use crate::terraform::apply::Watcher;
use crate::terraform::engine;
use crate::terraform::gate::Person;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;

pub(super) const NOTHING_TO_CHANGE: &str = "Nothing to change in the cloud: it is as the bundle says.";

/// A plan of just now, and its digest. With the person to ask when the state must be changed first; none for who only looks.
///
/// # Errors
/// The engine's own, a broken policy, a state of an earlier version that nobody wants changed.
pub(super) fn planned(
    session: &mut Session,
    person: Option<&mut (dyn Person + 'static)>,
    watcher: &mut dyn Watcher,
) -> Result<(Plan, String)> {
    let run = &session.run;
    // Each start of the engine costs a person time, so the two that do not depend on each other go together.
    let (checked, prepared) = std::thread::scope(|scope| {
        let checking = scope.spawn(|| engine::check(&run.engine.program, &run.environment));
        let prepared = run.init(watcher);
        (checking.join(), prepared)
    });
    let checked = checked.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    prepared?;
    session.run.engine = checked;
    if session.run.operation == Operation::Destroy {
        session.run.check_state_is_there()?;
    }
    carry_over(session, person)?;
    let plan = session.run.plan(watcher)?;
    let digest = session.run.digest(&plan);
    interrupt::check()?;
    Ok((plan, digest))
}

/// Who gets the secrets of a plan, as far as that can be told before: a machine that is still to be made shows its key
/// when it is there.
///
/// # Errors
/// A state or `known_hosts` that is not what we left.
pub(super) fn recipient(session: &Session, plan: &Plan) -> Result<Option<Recipient>> {
    let outputs = plan.outputs();
    let is_there = outputs.get("public_ip").is_some_and(|address| !address.is_empty());
    if !session.pushes() || plan.has_new_machine() || !is_there {
        return Ok(None);
    }
    let machine = Machine::of(&outputs)?;
    Recipient::of(&machine, session.run.directory(), session.host_key.as_ref()).map(Some)
}

/// What a person sees before saying yes to `commands`.
pub(super) fn review(
    session: &Session,
    plan: &Plan,
    commands: &[Command],
    digest: &str,
    recipient: Option<&Recipient>,
    palette: Palette,
) -> String {
    if plan.is_empty() && !session.pushes() {
        return NOTHING_TO_CHANGE.to_owned();
    }
    let review = Review {
        operation: session.run.operation,
        deployment: session.run.deployment(),
        account: session.account.as_ref(),
        plan,
        extra: &session.run.bundle.extra,
        remaining: commands,
        digest,
        recipient,
    };
    review.text(palette)
}
