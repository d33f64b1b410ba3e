//! What `apply` and `destroy` share: a plan, the gate, the change, and the secrets.

use super::delivery;
use super::outcome::Outcome;
use super::planned::{planned, recipient, review};
use super::retrying;
use super::secrets::Purpose;
use super::session::Session;
use crate::cli::ProvisionArgs;
use crate::command::Context;
use crate::error::Result;
use crate::machine;
use crate::machine::recipient::Recipient;
use crate::report::{self, Palette, progress::Progress};
use crate::terraform::apply::Watcher;
use crate::terraform::gate;
use crate::terraform::gate::Approval;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;
use crate::terraform::saved::SavedPlan;

/// Plans, asks, makes the approved changes, and writes a receipt.
///
/// # Errors
/// As for the verbs.
pub(super) fn run(
    args: &ProvisionArgs,
    operation: Operation,
    saved: Option<&SavedPlan>,
    context: &mut Context,
) -> Result<()> {
    let mut session = Session::open(args, operation, Purpose::Change, context)?;
    session.rotation.begin()?;
    let outcome = changed(&mut session, saved, context);
    outcome.unwrap_or_else(Outcome::failed).close(&mut session, context)
}

fn changed(session: &mut Session, saved: Option<&SavedPlan>, context: &mut Context) -> Result<Outcome> {
    let mut progress = Progress::new();
    if let Some(saved) = saved {
        saved.check_bundle(&session.run, session.account.as_ref())?;
    }
    let (plan, digest) = planned(session, Some(&mut *context.person), &mut progress)?;
    if let Some(saved) = saved {
        saved.check(&session.run, &plan, &digest)?;
    }
    if plan.is_empty() && !session.pushes() {
        session.rotation.keep();
        return Ok(Outcome {
            plan: Some(plan),
            digest,
            ..Outcome::default()
        });
    }
    let recipient = recipient(session, &plan)?;
    let commands = session.commands_after_gate(&plan);
    report::note(&review(session, &plan, &commands, &digest, recipient.as_ref(), Palette::stderr()));
    let name = &session.run.deployment().name;
    let operation = session.run.operation;
    let approval = gate::ask(&plan, digest, name, operation, session.said_before(), &mut *context.person)?;
    carried_out(session, plan, approval, recipient, context, &mut progress)
}

/// Applies what was approved, then sends the secrets.
fn carried_out(
    session: &mut Session,
    plan: Plan,
    mut approval: Approval,
    recipient: Option<Recipient>,
    context: &mut Context,
    watcher: &mut dyn Watcher,
) -> Result<Outcome> {
    if plan.has_new_machine() {
        machine::forget(session.run.directory())?;
    }
    if !session.pushes() {
        // The vault may already have the new values when something else fails.
        session.rotation.keep();
    }
    let applied = match plan.is_empty() {
        true => session.run.check_unchanged(&approval),
        false => retrying::apply(session, &mut approval, context.apply_retry, watcher),
    };
    let mut outcome = Outcome {
        digest: approval.digest().to_owned(),
        applied: applied.is_ok(),
        plan: Some(plan),
        approval: Some(approval),
        recipient: recipient.clone(),
        ..Outcome::default()
    };
    let delivered = applied.and_then(|()| match session.run.operation {
        Operation::Destroy => Ok(None),
        Operation::Apply | Operation::Push => delivery::deliver(session, recipient.as_ref(), context),
    });
    match delivered {
        Ok(pushed) => {
            outcome.pushed = pushed;
            session.rotation.keep();
        }
        Err(error) => outcome.error = Some(error),
    }
    Ok(outcome)
}
