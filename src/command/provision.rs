//! `plan`, `apply` and `destroy`: what they share.

mod applying;
pub(super) mod bundle;
mod carry_over;
mod machine;
mod outcome;
mod pin;
mod secrets;
mod session;

pub use pin::pin;
pub use session::Surroundings;

use std::path::Path;

use serde::Serialize;

use crate::bundle::{Bundle, ExtraFile};
use crate::cli::{BundleArgs, ProvisionArgs, PushArgs};
use crate::deployment::Warning;
use crate::engine::apply::{self, Watcher};
use crate::engine::data_folder;
use crate::engine::gate::{self, Approval, Person};
use crate::engine::host_key;
use crate::engine::interrupt;
use crate::engine::plan::{Change, Plan, Rule};
use crate::engine::push::Pushed;
use crate::engine::recipient::Recipient;
use crate::engine::step::{Aim, Step};
use crate::engine::target::Target;
use crate::engine::terraform;
use crate::error::{Error, Kind, Result};
use crate::registry::SecretStore;
use crate::registry::provisioning::Stage;
use crate::report::progress::Progress;
use crate::report::review::Review;
use crate::report::{self, Palette, SCHEMA_VERSION};

use outcome::Outcome;
use secrets::Purpose;
use session::Session;

const NOTHING_TO_DO: &str = "Nothing to do: the cloud is as the bundle says.";

/// What `plan --json` prints.
#[derive(Serialize)]
struct Planned<'a> {
    schema_version: u32,
    steps: &'a [Step],
    changes: &'a [Change],
    rules: &'a [Rule],
    extra_files: &'a [ExtraFile],
    digest: &'a str,
    /// Who would get the secrets, where that machine exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a Recipient>,
    monthly_usd_estimate: Option<f32>,
    warnings: &'a [Warning],
}

/// Shows what would change, and changes nothing.
///
/// # Errors
/// The engine's own, a broken policy.
pub fn plan(args: &ProvisionArgs, surroundings: &Surroundings) -> Result<()> {
    let mut session = Session::open(args, Aim::Apply, Purpose::Look, surroundings)?;
    let planned = planned(&mut session, None, &mut Progress::new());
    let (plan, digest) = planned?;
    let steps = session.run.steps();
    let recipient = recipient(&session, &plan)?;
    report::note(&review(&session, &plan, &steps, &digest, recipient.as_ref()));
    if args.run.bundle.json {
        return report::json(&Planned {
            schema_version: SCHEMA_VERSION,
            steps: &steps,
            changes: &plan.changes,
            rules: &plan.rules,
            extra_files: &session.run.bundle.extra,
            digest: &digest,
            recipient: recipient.as_ref(),
            monthly_usd_estimate: session.run.deployment.monthly_usd,
            warnings: &session.run.deployment.warnings,
        });
    }
    Ok(())
}

/// Prints what the last apply left to know.
///
/// # Errors
/// The engine's own.
pub fn output(args: &BundleArgs, surroundings: &Surroundings) -> Result<()> {
    interrupt::watch()?;
    let bundle = Bundle::open(&bundle::find(args.dir.as_deref())?)?;
    let directory = &bundle.directory;
    let mut environment = session::environment(surroundings);
    data_folder::use_for(directory, &bundle.deployment.id, &mut environment)?;
    let engine = terraform::find(args.engine.as_deref(), &environment)?;
    if bundle.has_backend() {
        terraform::init(&engine, directory, &environment)?;
    }
    let outputs = apply::outputs(&engine, directory, &environment)?;
    if outputs.is_empty() {
        let folder = directory.display();
        return Err(Error::new(Kind::Failed, format!("nothing was applied from `{folder}` yet"))
            .hint(format!("run `remote-setup apply {folder}`")));
    }
    if args.json {
        return report::json(&serde_json::json!({ "schema_version": SCHEMA_VERSION, "outputs": outputs }));
    }
    let width = outputs.keys().map(String::len).max().unwrap_or(0);
    let lines: Vec<String> = outputs
        .iter()
        .map(|(name, value)| format!("{name:<width$}  {value}\n"))
        .collect();
    report::result(&lines.concat())
}

/// `apply` and `destroy`: plans, asks, applies just that, brings the secrets where they are pushed, waits for the
/// machine; leaves a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), the engine's own, a broken policy, a machine that cannot be reached.
pub fn provision(args: &ProvisionArgs, aim: Aim, surroundings: &mut Surroundings) -> Result<()> {
    let mut session = Session::open(args, aim, Purpose::Change, surroundings)?;
    let mut progress = Progress::new();
    let person = Some(&mut *surroundings.person);
    let outcome = planned(&mut session, person, &mut progress).and_then(|(plan, digest)| {
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
        report::note(&review(&session, &plan, &remaining, &digest, recipient.as_ref()));
        let name = &session.run.deployment.name;
        let approval = gate::ask(&plan, digest, name, session.said_before(), &mut *surroundings.person)?;
        carried_out(&mut session, plan, approval, recipient, surroundings, &mut progress)
    });
    outcome.unwrap_or_else(Outcome::failed).close(&session)?;
    if aim == Aim::Apply {
        if !args.run.rotate.is_empty() && session.run.deployment.cloud.secret_store == SecretStore::KeyVault {
            report::note("On the machine, fetch the new values: sudo systemctl restart codewhale-secrets");
        }
        machine::wait_until_ready(&session, surroundings)?;
    }
    Ok(())
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
            None => Error::usage(format!("{} keeps the secrets in a vault", run.deployment.cloud.display_name))
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
    outcome.close(&session)?;
    machine::wait_until_ready(&session, surroundings)
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

fn review(session: &Session, plan: &Plan, remaining: &[Step], digest: &str, recipient: Option<&Recipient>) -> String {
    if plan.is_empty() && !session.pushes() {
        return NOTHING_TO_DO.to_owned();
    }
    let review = Review {
        deployment: session.run.deployment,
        account: session.account.as_ref(),
        plan,
        extra: &session.run.bundle.extra,
        remaining,
        digest,
        recipient,
    };
    review.text(Palette::stderr())
}

fn next_steps(directory: &Path) -> String {
    format!("Pair your phone: see \"Pair\" in {}", directory.join("RUNBOOK.md").display())
}
