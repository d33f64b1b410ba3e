//! Makes a plan and its review.

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

pub(super) const NOTHING_TO_CHANGE: &str = "No changes: the cloud matches the bundle.";

/// Makes a plan and its digest. `person` approves changes to the state; without one, none are made.
///
/// # Errors
/// An engine failure, a broken policy, a state of an earlier version that stays as it is.
pub(super) fn planned(
    session: &mut Session,
    person: Option<&mut (dyn Person + 'static)>,
    watcher: &mut dyn Watcher,
) -> Result<(Plan, String)> {
    let run = &session.run;
    // Starting the engine is slow, so these two independent starts run in parallel.
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

/// The machine that gets the secrets, if it exists already: a new machine's key is compared once it is there.
///
/// # Errors
/// A state or `known_hosts` that is not ours.
pub(super) fn recipient(session: &Session, plan: &Plan) -> Result<Option<Recipient>> {
    let outputs = plan.outputs();
    let is_there = outputs.get("public_ip").is_some_and(|address| !address.is_empty());
    if !session.pushes() || plan.has_new_machine() || !is_there {
        return Ok(None);
    }
    let machine = Machine::of(&outputs)?;
    Recipient::of(&machine, session.run.directory(), session.host_key.as_ref()).map(Some)
}

/// The text a person sees before approving `commands`.
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
