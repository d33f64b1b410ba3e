//! `plan`, `apply` and `destroy`: what they share.

pub(super) mod bundle;
pub(super) mod session;

pub use session::Surroundings;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::cli::{BundleArgs, ProvisionArgs};
use crate::engine::apply::{self, Run, Watcher};
use crate::engine::gate::{self, Approval};
use crate::engine::interrupt;
use crate::engine::plan::{Change, Plan, Rule};
use crate::engine::ready;
use crate::engine::step::{Aim, Step};
use crate::engine::terraform;
use crate::error::{Error, Kind, Result};
use crate::registry::provisioning::Stage;
use crate::report::progress::Progress;
use crate::report::review::Review;
use crate::report::{self, Palette, SCHEMA_VERSION};

use session::{Purpose, Session};

const NOTHING_TO_DO: &str = "Nothing to do: the cloud is as the bundle says.";

/// What `plan --json` prints.
#[derive(Serialize)]
struct Planned<'a> {
    schema_version: u32,
    steps: &'a [Step],
    changes: &'a [Change],
    rules: &'a [Rule],
    digest: &'a str,
    monthly_usd_estimate: Option<f32>,
}

/// Shows what would change, and changes nothing.
///
/// # Errors
/// The engine's own, a broken policy.
pub fn plan(args: &ProvisionArgs, surroundings: &Surroundings) -> Result<()> {
    let mut session = Session::open(args, Aim::Apply, Purpose::Look, surroundings)?;
    let planned = planned(&mut session, &mut Progress::new());
    let (plan, digest) = planned?;
    let steps = session.run.steps();
    report::note(&review(&session, &plan, &steps, &digest));
    if args.json {
        return report::json(&Planned {
            schema_version: SCHEMA_VERSION,
            steps: &steps,
            changes: &plan.changes,
            rules: &plan.rules,
            digest: &digest,
            monthly_usd_estimate: session.run.deployment.monthly_usd,
        });
    }
    Ok(())
}

/// Prints what the last apply left to know.
///
/// # Errors
/// The engine's own.
pub fn output(args: &BundleArgs, surroundings: &Surroundings) -> Result<()> {
    let directory = bundle::find(args.dir.as_deref())?;
    let environment = session::environment(surroundings);
    let engine = terraform::find(args.engine.as_deref(), &environment)?;
    let outputs = apply::outputs(&engine, &directory, &environment)?;
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

/// `apply` and `destroy`: plans, asks, applies just that, waits for the machine; leaves a receipt.
///
/// # Errors
/// Declined (4), interrupted (130), the engine's own, a broken policy.
pub fn provision(args: &ProvisionArgs, aim: Aim, surroundings: &mut Surroundings) -> Result<()> {
    let mut session = Session::open(args, aim, Purpose::Change, surroundings)?;
    let mut progress = Progress::new();
    let outcome = planned(&mut session, &mut progress).and_then(|(plan, digest)| {
        if plan.is_empty() {
            return Ok(Outcome::nothing_to_do(plan, digest));
        }
        let steps = session.run.steps();
        let remaining: Vec<Step> = steps.into_iter().filter(|step| step.stage >= Stage::Apply).collect();
        report::note(&review(&session, &plan, &remaining, &digest));
        let name = &session.run.deployment.name;
        let approval = gate::ask(&plan, digest, name, session::said_before(args), &mut *surroundings.person)?;
        session.rotation.keep();
        Ok(applied(&session, plan, approval, surroundings, &mut progress))
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return session.receipt(None, Err(error)),
    };
    let error = outcome.error;
    session.receipt(
        Some((&outcome.plan, outcome.approval.as_ref(), outcome.digest)),
        error.map_or(Ok(()), Err),
    )?;
    if aim == Aim::Apply {
        if !args.rotate.is_empty() {
            report::note("On the machine, fetch the new values: sudo systemctl restart codewhale-secrets");
        }
        wait_until_ready(&session, args, surroundings)?;
    }
    Ok(())
}

/// How a run ended that got as far as a plan.
struct Outcome {
    plan: Plan,
    approval: Option<Approval>,
    digest: String,
    error: Option<Error>,
}

impl Outcome {
    fn nothing_to_do(plan: Plan, digest: String) -> Outcome {
        Outcome {
            plan,
            approval: None,
            digest,
            error: None,
        }
    }
}

fn planned(session: &mut Session, watcher: &mut dyn Watcher) -> Result<(Plan, String)> {
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
    let plan = session.run.plan(watcher)?;
    let digest = session.run.digest()?;
    Ok((plan, digest))
}

fn review(session: &Session, plan: &Plan, remaining: &[Step], digest: &str) -> String {
    if plan.is_empty() {
        return NOTHING_TO_DO.to_owned();
    }
    let review = Review {
        deployment: session.run.deployment,
        account: session.account.as_ref(),
        plan,
        remaining,
        digest,
    };
    review.text(Palette::stderr())
}

/// Applies, and plans and applies again while a failure is one that passes by itself.
fn applied(
    session: &Session,
    plan: Plan,
    approval: Approval,
    surroundings: &Surroundings,
    watcher: &mut dyn Watcher,
) -> Outcome {
    let patience = surroundings.role_patience;
    let began = Instant::now();
    let mut pause = patience.pause;
    let mut current = approval.clone();
    let error = loop {
        let failed = match session.run.apply(&current, watcher) {
            Ok(()) => break None,
            Err(failed) => failed,
        };
        let passes = failed.known.is_some_and(|known| known.passes);
        if !passes || began.elapsed() + pause > patience.total {
            break Some(failed.error);
        }
        let cause = failed.known.map_or("", |known| known.cause);
        report::note(&format!("{cause}; again in {} s", pause.as_secs_f32().ceil()));
        if !interrupt::sleep(pause) {
            break Some(Error::new(Kind::Interrupted, "interrupted while waiting for the role"));
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(120));
        match the_rest(&session.run, &approval, watcher) {
            Ok(Some(next)) => current = next,
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    Outcome {
        plan,
        digest: approval.digest().to_owned(),
        approval: Some(approval),
        error,
    }
}

/// A new plan for what is still missing; `None` when nothing is.
fn the_rest(run: &Run, approval: &Approval, watcher: &mut dyn Watcher) -> Result<Option<Approval>> {
    let plan = run.plan(watcher)?;
    if plan.is_empty() {
        return Ok(None);
    }
    approval.for_the_rest(&plan, run.digest()?).map(Some)
}

fn wait_until_ready(session: &Session, args: &ProvisionArgs, surroundings: &Surroundings) -> Result<()> {
    let steps = session.run.steps();
    let Some(step) = steps.iter().find(|step| step.stage > Stage::Apply) else {
        return Ok(());
    };
    if args.no_wait {
        report::note(&format!(
            "The machine sets itself up now. Then: {}",
            next_steps(&session.run.directory)
        ));
        return Ok(());
    }
    let outputs: BTreeMap<String, String> =
        apply::outputs(&session.run.engine, &session.run.directory, &session.run.environment)?;
    let mut tell = |text: &str| report::note(text);
    let result = ready::wait(step, &outputs, &session.run.environment, surroundings.ready_patience, &mut tell)?;
    report::note(&Palette::stderr().green(&format!("ready: {}", result.message)));
    report::note(&next_steps(&session.run.directory));
    Ok(())
}

fn next_steps(directory: &Path) -> String {
    format!("Pair your phone: see \"Pair\" in {}", directory.join("RUNBOOK.md").display())
}

/// An interruption is no failure of the bundle.
fn status_of(error: &Error) -> &'static str {
    match error.kind() {
        Kind::Declined => "declined",
        Kind::Usage => "refused",
        Kind::Interrupted => "interrupted",
        _ => "failed",
    }
}
