//! `remote-setup rehearse`: the whole life of a bundle with the real engine and emulated providers.

use std::time::Instant;

use rehearse::{Emulator, REATTACH_VARIABLE};
use serde::Serialize;

use super::provision::bundle;
use crate::bundle::{Bundle, Tolerated};
use crate::cli::BundleArgs;
use crate::clouds::provisioning::reads_variable;
use crate::error::{Error, Kind, Result};
use crate::files::temporary_folder;
use crate::inputs::Secret;
use crate::process::Notice;
use crate::process::environment::Environment;
use crate::process::interrupt;
use crate::report::{self, Palette, SCHEMA_VERSION, count};
use crate::terraform::apply::Run;
use crate::terraform::apply::Watcher;
use crate::terraform::engine;
use crate::terraform::gate;
use crate::terraform::gate::AtTerminal;
use crate::terraform::gate::SaidBefore;
use crate::terraform::messages::Message;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Plan;

/// One part of the rehearsal that passed.
#[derive(Serialize)]
struct Act {
    name: &'static str,
    seconds: f32,
    found: String,
}

#[derive(Serialize)]
struct Rehearsed<'a> {
    schema_version: u32,
    status: &'static str,
    engine: &'a str,
    engine_version: &'a str,
    acts: &'a [Act],
}

/// A rehearsal prints one line per act; the engine's messages are shown only if an act fails.
struct Quiet;

impl Watcher for Quiet {
    fn message(&mut self, _: &Message) {}
    fn notice(&mut self, _: Notice) {}
}

/// Rehearses a bundle.
///
/// # Errors
/// The first act that fails, with the engine's own words.
pub fn run(args: &BundleArgs) -> Result<()> {
    interrupt::watch()?;
    let original = Bundle::open(&bundle::find(args.dir.as_deref())?)?;
    let deployment = &original.deployment;
    deployment.module()?;
    let emulator = Emulator::start(deployment.cloud.rehearsal, Vec::new())?;
    let mut environment = Environment::of(std::env::vars(), reads_variable);
    environment.set(REATTACH_VARIABLE, &emulator.reattach());
    let engine = engine::find(args.engine.as_deref(), &environment)?;

    // A copy, so that a rehearsal leaves no trace in the bundle.
    let copy = temporary_folder("rehearsal-")?;
    let laid_out = original.laid_out(
        copy.path(),
        // The state stays in the copy, whatever backend the bundle names.
        Tolerated {
            name: "rehearsal_override.tf".to_owned(),
            text: "terraform {\n  backend \"local\" {}\n}\n".to_owned(),
        },
    )?;
    let mut rehearsal = Rehearsal {
        run: Run {
            bundle: laid_out,
            engine: engine.clone(),
            environment,
            // Made-up values: the real ones are not needed.
            secrets: deployment
                .secrets
                .iter()
                .map(|slot| (slot.env.to_owned(), Secret::random_token()))
                .collect(),
            log: copy.path().join("engine.log"),
            operation: Operation::Apply,
        },
        acts: Vec::new(),
    };
    rehearsal.perform(&emulator)?;
    if args.json {
        return report::json(&Rehearsed {
            schema_version: SCHEMA_VERSION,
            status: "rehearsed",
            engine: &engine.program,
            engine_version: &engine.version,
            acts: &rehearsal.acts,
        });
    }
    let seconds: f32 = rehearsal.acts.iter().map(|act| act.seconds).sum();
    let text = format!(
        "rehearsed with {} {} in {seconds:.1} s: no account, no network, no cost",
        engine.program, engine.version
    );
    report::result(&format!("{}\n", Palette::stdout().green(&text)))
}

struct Rehearsal {
    run: Run,
    acts: Vec<Act>,
}

impl Rehearsal {
    fn perform(&mut self, emulator: &Emulator) -> Result<()> {
        self.act("init", |run| run.init(&mut Quiet).map(|()| "emulated provider attached".to_owned()))?;
        self.act("validate", |run| run.validate().map(|()| "the configuration is valid".to_owned()))?;
        self.act("plan", |run| {
            plan(run).map(|plan| format!("{} to create", count(plan.changes.len(), "resource")))
        })?;
        self.act("apply", |run| {
            let changes = approved(run, &plan(run)?)?;
            let secrets = match run.deployment().cloud.vault.is_some() {
                true => {
                    let lost = |(_, secret): &&(String, Secret)| !emulator.has_stored(secret.expose());
                    if let Some((name, _)) = run.secrets.iter().find(lost) {
                        return Err(Error::new(Kind::Failed, format!("`{name}` did not reach the vault")));
                    }
                    "every secret stored"
                }
                false => "secrets would be pushed next",
            };
            Ok(format!(
                "{} created; {secrets}, none in state, plan or log",
                count(changes, "resource")
            ))
        })?;
        self.act("plan again", |run| match plan(run)? {
            again if again.is_empty() => Ok("nothing to do".to_owned()),
            again => Err(Error::new(
                Kind::Failed,
                format!("a second plan would change {} again", again.changes[0].address),
            )),
        })?;
        self.run.operation = Operation::Destroy;
        self.run.secrets.clear();
        self.act("destroy", |run| {
            let changes = approved(run, &plan(run)?)?;
            match run.exists().as_slice() {
                [] => Ok(format!("{} destroyed, nothing left", count(changes, "resource"))),
                left => Err(Error::new(Kind::Failed, format!("left after destroying: {}", left.join(", ")))),
            }
        })
    }

    fn act(&mut self, name: &'static str, perform: impl FnOnce(&Run) -> Result<String>) -> Result<()> {
        let began = Instant::now();
        let found = perform(&self.run).map_err(|error| error.context(format!("rehearsal, {name}")))?;
        let seconds = began.elapsed().as_secs_f32();
        report::note(&format!("  {name:<11} {seconds:>4.1} s  {found}"));
        self.acts.push(Act { name, seconds, found });
        Ok(())
    }
}

fn plan(run: &Run) -> Result<Plan> {
    Ok(run.plan(&mut Quiet)?)
}

/// Applies the plan through the same gate as a real run, and returns the number of changes.
fn approved(run: &Run, plan: &Plan) -> Result<usize> {
    let said = SaidBefore {
        yes: true,
        allow_destroy: true,
        silent: true,
    };
    let approval = gate::ask(plan, run.digest(plan), &run.deployment().name, run.operation, said, &mut AtTerminal)?;
    run.apply(&approval, &mut Quiet)?;
    Ok(plan.changes.len())
}
