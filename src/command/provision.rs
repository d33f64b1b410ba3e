//! `plan`, `apply` and `destroy`: what they share.

mod applying;
pub(super) mod bundle;
mod carry_over;
mod machine;
mod outcome;
mod output;
mod pin;
mod planning;
mod secrets;
mod session;
mod standing;

pub use output::output;
pub use pin::pin;
pub use planning::plan;
pub use session::Surroundings;

use crate::cli::{ApplyArgs, ProvisionArgs, PushArgs};
use crate::clouds::provisioning::Stage;
use crate::error::{Error, Result};
use crate::machine::host_key;
use crate::machine::push::Pushed;
use crate::machine::recipient::Recipient;
use crate::machine::target::Target;
use crate::process::interrupt;
use crate::process::step::Aim;
use crate::process::step::Step;
use crate::report::progress::Progress;
use crate::report::review::Review;
use crate::report::{self, Palette};
use crate::terraform::apply::Watcher;
use crate::terraform::engine as terraform;
use crate::terraform::gate;
use crate::terraform::gate::Approval;
use crate::terraform::gate::Person;
use crate::terraform::plan::Plan;
use crate::terraform::saved::SavedPlan;

use outcome::Outcome;
use secrets::Purpose;
use session::Session;

const NOTHING_TO_CHANGE: &str = "Nothing to change in the cloud: it is as the bundle says.";

/// `apply`: of a bundle, or of a plan of it that was kept.
///
/// # Errors
/// As for [`provision`]; a plan that is not what it was.
pub fn apply(args: &ApplyArgs, surroundings: &mut Surroundings) -> Result<()> {
    let named = args.provision.run.bundle.dir.as_deref();
    let Some(file) = named.filter(|path| path.exists() && !path.is_dir()) else {
        return match &args.bundle {
            Some(_) => Err(Error::usage("--bundle goes with a plan that was kept, and none was named")
                .hint("name its file, or leave --bundle out: `remote-setup apply DIR`")),
            None => provision(&args.provision, Aim::Apply, surroundings),
        };
    };
    let saved = SavedPlan::read(file)?;
    let mut provision = args.provision.clone();
    provision.run.bundle.dir.clone_from(&args.bundle);
    provisioned(&provision, Aim::Apply, Some(&saved), surroundings)
}

/// `apply` and `destroy`: plans, asks, applies just that, brings the secrets where they are pushed, waits for the
/// machine; leaves a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), the engine's own, a broken policy, a machine that cannot be reached.
pub fn provision(args: &ProvisionArgs, aim: Aim, surroundings: &mut Surroundings) -> Result<()> {
    provisioned(args, aim, None, surroundings)
}

fn provisioned(
    args: &ProvisionArgs,
    aim: Aim,
    saved: Option<&SavedPlan>,
    surroundings: &mut Surroundings,
) -> Result<()> {
    let mut session = Session::open(args, aim, Purpose::Change, surroundings)?;
    let mut progress = Progress::new();
    let person = Some(&mut *surroundings.person);
    let is_planned_bundle = saved.map_or(Ok(()), |saved| saved.check_bundle(&session.run, session.account.as_ref()));
    let planned = is_planned_bundle.and_then(|()| planned(&mut session, person, &mut progress));
    let outcome = planned.and_then(|(plan, digest)| {
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
        let first = if plan.is_empty() { Stage::HostKey } else { Stage::Apply };
        let steps = session.run.steps();
        let remaining: Vec<Step> = steps.into_iter().filter(|step| step.stage >= first).collect();
        let recipient = recipient(&session, &plan)?;
        report::note(&review(&session, &plan, &remaining, &digest, recipient.as_ref(), Palette::stderr()));
        let name = &session.run.deployment.name;
        let approval = gate::ask(&plan, digest, name, aim, session.said_before(), &mut *surroundings.person)?;
        carried_out(&mut session, plan, approval, recipient, surroundings, &mut progress)
    });
    outcome.unwrap_or_else(Outcome::failed).close(&session, surroundings)
}

/// `push`: shows the machine and asks, brings the secrets, and the host files where nothing else does, and waits for
/// the machine.
///
/// # Errors
/// Nothing is pushed on this cloud, declined (4), the machine cannot be reached or does not take them, interrupted (130).
pub fn push(args: &PushArgs, surroundings: &mut Surroundings) -> Result<()> {
    let args = ProvisionArgs {
        run: args.run.clone(),
        yes: args.yes,
        ..ProvisionArgs::default()
    };
    let mut session = Session::open(&args, Aim::Push, Purpose::Change, surroundings)?;
    let run = &session.run;
    if !session.pushes() {
        let provisioning = &run.deployment.cloud.provisioning;
        return Err(match provisioning.over_ssh {
            Some(over_ssh) => Error::usage("no address may reach SSH, so nothing can be pushed")
                .hint(format!("{}, and give the secrets by hand as RUNBOOK.md says", over_ssh.console)),
            None => Error::usage(format!("{} keeps the secrets in a vault", run.deployment.cloud.display_name.en))
                .hint(format!("`remote-setup apply {}` stores them there", run.directory.display())),
        });
    }
    session.run.engine = terraform::check(&run.engine.program, &run.environment)?;
    let mut shown = None;
    let outcome = pushed(&session, &mut shown, surroundings);
    let outcome = match outcome {
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
    outcome.close(&session, surroundings)
}

/// Shows the machine, asks, and pushes to just that one.
fn pushed(session: &Session, shown: &mut Option<Recipient>, surroundings: &mut Surroundings) -> Result<Option<Pushed>> {
    let recipient = shown.insert(machine::meet(session, surroundings)?);
    report::note("\nSecrets go to");
    for line in recipient.lines() {
        report::note(&format!("  {line}"));
    }
    report::note("\nThis runs");
    for step in session.run.steps() {
        report::note(&format!("  {}", step.shown()));
    }
    recipient.ask(session.said_before(), &session.push_again(), &mut *surroundings.person)?;
    let unchanged = session.run.bundle.verify();
    unchanged.map_err(|error| error.context("the bundle changed after it was shown; nothing was sent"))?;
    machine::deliver(session, Some(recipient), surroundings)
}

/// Who gets the secrets of a plan, as far as that can be told before: a machine that is still to be made shows its key
/// when it is there.
fn recipient(session: &Session, plan: &Plan) -> Result<Option<Recipient>> {
    let outputs = plan.outputs();
    let is_there = outputs.get("public_ip").is_some_and(|address| !address.is_empty());
    if !session.pushes() || plan.has_new_machine() || !is_there {
        return Ok(None);
    }
    let target = Target::of(&outputs)?;
    Recipient::of(&target, &session.run.directory, session.host_key.as_ref()).map(Some)
}

/// Applies what was approved, then brings the secrets.
fn carried_out(
    session: &mut Session,
    plan: Plan,
    mut approval: Approval,
    recipient: Option<Recipient>,
    surroundings: &mut Surroundings,
    watcher: &mut dyn Watcher,
) -> Result<Outcome> {
    if plan.has_new_machine() {
        host_key::forget(&session.run.directory)?;
    }
    if !session.pushes() {
        // The vault may have them already when something else fails.
        session.rotation.keep();
    }
    let applied = match plan.is_empty() {
        true => session.run.check_unchanged(&approval),
        false => applying::apply(session, &mut approval, surroundings.apply_patience, watcher),
    };
    let mut outcome = Outcome {
        digest: approval.digest().to_owned(),
        applied: applied.is_ok(),
        plan: Some(plan),
        approval: Some(approval),
        recipient: recipient.clone(),
        ..Outcome::default()
    };
    let delivered = applied.and_then(|()| match session.run.aim {
        Aim::Destroy => Ok(None),
        Aim::Apply | Aim::Push => machine::deliver(session, recipient.as_ref(), surroundings),
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

/// With the person to ask when the state must be changed first; none for who only looks.
fn planned(
    session: &mut Session,
    person: Option<&mut (dyn Person + 'static)>,
    watcher: &mut dyn Watcher,
) -> Result<(Plan, String)> {
    let run = &session.run;
    // Each start of the engine costs a person time, so the two that do not depend on each other go together.
    let (engine, prepared) = std::thread::scope(|scope| {
        let checking = scope.spawn(|| terraform::check(&run.engine.program, &run.environment));
        let prepared = run.init(watcher);
        (checking.join(), prepared)
    });
    let engine = engine.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    prepared?;
    session.run.engine = engine;
    if session.run.aim == Aim::Destroy {
        session.run.check_state_is_there()?;
    }
    carry_over::carry_over(session, person)?;
    let plan = session.run.plan(watcher)?;
    let digest = session.run.digest(&plan);
    interrupt::check()?;
    Ok((plan, digest))
}

fn review(
    session: &Session,
    plan: &Plan,
    remaining: &[Step],
    digest: &str,
    recipient: Option<&Recipient>,
    palette: Palette,
) -> String {
    if plan.is_empty() && !session.pushes() {
        return NOTHING_TO_CHANGE.to_owned();
    }
    let review = Review {
        aim: session.run.aim,
        deployment: session.run.deployment,
        account: session.account.as_ref(),
        plan,
        extra: &session.run.bundle.extra,
        remaining,
        digest,
        recipient,
    };
    review.text(palette)
}
