//! `push`: sends the secrets to the machine, and the host files where nothing else delivers them.

use super::delivery;
use super::outcome::Outcome;
use super::secrets::Purpose;
use super::session::Session;
use crate::cli::{ProvisionArgs, PushArgs};
use crate::command::Context;
use crate::error::Result;
use crate::machine::push::Pushed;
use crate::machine::recipient::Recipient;
use crate::report;
use crate::terraform::engine;
use crate::terraform::operation::Operation;

/// Shows the machine, asks, sends the secrets, and waits for the machine.
///
/// # Errors
/// Nothing is pushed on this cloud, declined (4), the machine cannot be reached or rejects them, interrupted (130).
pub fn push(args: &PushArgs, context: &mut Context) -> Result<()> {
    let args = ProvisionArgs {
        run: args.run.clone(),
        yes: args.yes,
        ..ProvisionArgs::default()
    };
    let mut session = Session::open(&args, Operation::Push, Purpose::Change, context)?;
    session.check_pushes()?;
    session.run.engine = engine::check(&session.run.engine.program, &session.run.environment)?;
    session.rotation.begin()?;
    let mut shown = None;
    let outcome = match pushed(&session, &mut shown, context) {
        Ok(pushed) => {
            session.rotation.keep();
            Outcome {
                pushed,
                ..Outcome::default()
            }
        }
        Err(error) => Outcome {
            applied: true,
            ..Outcome::failed(error)
        },
    };
    let outcome = Outcome {
        recipient: shown,
        ..outcome
    };
    outcome.close(&mut session, context)
}

/// Shows the machine, asks, and pushes to that machine only.
fn pushed(session: &Session, shown: &mut Option<Recipient>, context: &mut Context) -> Result<Option<Pushed>> {
    let recipient = shown.insert(delivery::meet(session, context)?);
    report::note("\nSecrets go to");
    for line in recipient.lines() {
        report::note(&format!("  {line}"));
    }
    report::note("\nWill run");
    for command in session.machine_commands().all() {
        report::note(&format!("  {}", command.shown()));
    }
    recipient.ask(session.said_before(), &session.push_again(), &mut *context.person)?;
    let unchanged = session.run.bundle.verify();
    unchanged.map_err(|error| error.context("the bundle changed after it was shown; nothing was sent"))?;
    delivery::deliver(session, Some(recipient), context)
}
