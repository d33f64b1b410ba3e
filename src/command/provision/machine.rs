//! What comes after the cloud is as it should be: the steps on the machine itself.

use super::Surroundings;
use super::session::Session;
use crate::clouds::provisioning::OverSsh;
use crate::clouds::provisioning::Stage;
use crate::clouds::provisioning::Stdin;
use crate::error::{Error, Kind, Result};
use crate::layout::BOOTSTRAP;
use crate::machine::host_key::Settling;
use crate::machine::push;
use crate::machine::push::Pushed;
use crate::machine::ready;
use crate::machine::recipient::Recipient;
use crate::machine::ssh;
use crate::machine::ssh::Route;
use crate::machine::target::Target;
use crate::process::interrupt;
use crate::process::step::Aim;
use crate::process::step::Step;
use crate::report;
use crate::tables::Bootstrap;
use crate::terraform::gate::Person;

/// Who would get the secrets, from the state; with a person's help, or by what was said, where its key is not known yet.
///
/// # Errors
/// A state or `known_hosts` that is not what we left, nobody to compare a new key.
pub(super) fn meet(session: &Session, surroundings: &mut Surroundings) -> Result<Recipient> {
    let run = &session.run;
    let way_on = session.push_again();
    let Some((step, over_ssh)) = run
        .steps()
        .into_iter()
        .find(|step| step.stage == Stage::HostKey)
        .zip(run.deployment.cloud.provisioning.over_ssh)
    else {
        return Err(Error::new(Kind::Failed, "nothing is pushed on this cloud"));
    };
    let unbound = unbound_key(session, &over_ssh);
    let route = route(session, &over_ssh, &way_on, unbound.as_deref(), surroundings);
    let target = session.target()?;
    settled(session, &target, &step, &route, true, &mut *surroundings.person)
        .and_then(|()| Recipient::of(&target, &run.directory, None))
        .map_err(|error| explained(error, Stage::HostKey, &way_on))
}

/// Everything over SSH up to the secrets, in the order of the row; says what is left to do where nothing can be
/// pushed. `shown` is the machine that a yes was given for; without one, its key must be compared now.
///
/// # Errors
/// The first step that did not go well. The machine then has the secrets that it had.
pub(super) fn deliver(
    session: &Session,
    shown: Option<&Recipient>,
    surroundings: &mut Surroundings,
) -> Result<Option<Pushed>> {
    let Some(over_ssh) = session.run.deployment.cloud.provisioning.over_ssh else {
        return Ok(None);
    };
    if !session.pushes() {
        report::note(&left_to_do(session, &over_ssh));
        return Ok(None);
    }
    let way_on = session.push_again();
    let unbound = unbound_key(session, &over_ssh);
    let route = route(session, &over_ssh, &way_on, unbound.as_deref(), surroundings);
    let mut agreed = shown.cloned();
    let mut pushed = None;
    for step in session.run.steps() {
        if step.stage <= Stage::Apply || step.stage >= Stage::ReadyBySsh {
            continue;
        }
        let stage = step.stage;
        let mut go = || {
            interrupt::check()?;
            let target = session.target()?;
            if stage == Stage::HostKey {
                let is_shown = agreed.as_ref().is_some_and(|agreed| agreed.fingerprint.is_some());
                settled(session, &target, &step, &route, is_shown, &mut *surroundings.person)?;
            }
            // Looked at anew before every step: the folder may have changed since the question.
            let found = Recipient::of(&target, &session.run.directory, None)?;
            if let Some(agreed) = &agreed {
                found.check_is(agreed)?;
            }
            agreed = Some(found);
            if stage == Stage::Push {
                check_files_arrived(session, &target)?;
            }
            one(session, &target.fill(step.clone())?, &route)
        };
        let answer = go().map_err(|error| explained(error, stage, &way_on))?;
        pushed = answer.or(pushed);
    }
    Ok(pushed)
}

/// The cloud may have taken the key off the machine, which the provider does not notice.
fn unbound_key(session: &Session, over_ssh: &OverSsh) -> Option<String> {
    let way_out = session.run.way_out(over_ssh.unbound_key)?;
    Some(format!("if the key was unbound from the machine in the console, {way_out}"))
}

fn route<'a>(
    session: &'a Session,
    over_ssh: &'a OverSsh,
    way_on: &'a str,
    unbound_key: Option<&'a str>,
    surroundings: &Surroundings,
) -> Route<'a> {
    Route {
        environment: &session.run.environment,
        patience: surroundings.ssh_patience,
        place: over_ssh.fingerprint,
        way_on,
        unbound_key,
    }
}

/// Leaves the machine's key in `known_hosts`.
fn settled(
    session: &Session,
    target: &Target,
    step: &Step,
    route: &Route,
    is_shown: bool,
    person: &mut dyn Person,
) -> Result<()> {
    let settling = Settling {
        directory: &session.run.directory,
        host: &target.host(),
        expected: session.host_key.as_ref(),
        is_shown,
        scan: &target.fill(step.clone())?,
        route,
    };
    let asked = person.is_there() && !session.args.run.non_interactive;
    settling.settle(asked.then_some(person), &mut |text| report::note(text))
}

/// Where the cloud brings the host files, it says that it did even when they did not arrive: the machine knows better.
/// An installer of before, started with the secrets, would call itself ready.
fn check_files_arrived(session: &Session, target: &Target) -> Result<()> {
    let run = &session.run;
    if run.deployment.bootstrap != Bootstrap::CommandService || run.aim != Aim::Apply {
        return Ok(());
    }
    let find = |stage| run.steps().into_iter().find(|step| step.stage == stage);
    let (Some(ask), Some(mut again)) = (find(Stage::ReadyBySsh), find(Stage::AwaitSsh)) else {
        return Ok(());
    };
    let Some(why) = ready::why_without_files(&target.fill(ask)?, &run.environment)? else {
        return Ok(());
    };
    again.args.pop();
    again.args.push("sudo bash -s".to_owned());
    again.stdin = Stdin::File(BOOTSTRAP);
    let again = target.fill(again)?.shown();
    let folder = run.directory.display();
    Err(
        Error::new(Kind::Failed, format!("the host files did not arrive on the machine: {why}"))
            .hint(format!("put that right and send them again, in `{folder}`: `{again}`")),
    )
}

fn one(session: &Session, step: &Step, route: &Route) -> Result<Option<Pushed>> {
    let run = &session.run;
    match step.stage {
        Stage::AwaitSsh => ssh::wait(step, route, &mut |text| report::note(text))?,
        Stage::Bootstrap => push::file(step, route)?,
        Stage::Push => {
            let pushed = push::secrets(step, route, &run.secrets)?;
            report::note(match pushed {
                Pushed::Stored => "secrets: stored on the machine",
                Pushed::Unchanged => "secrets: the machine has just these",
            });
            return Ok(Some(pushed));
        }
        _ => {}
    }
    Ok(None)
}

/// What it means for the secrets, and the command that goes on.
fn explained(error: Error, stage: Stage, way_on: &str) -> Error {
    if error.kind() == Kind::Interrupted {
        let text = format!(
            "{}; the machine has its previous secrets or all the new ones. Go on with `{way_on}`",
            error.message()
        );
        return Error::new(Kind::Interrupted, text);
    }
    let error = match stage {
        Stage::Push => error,
        _ => error.context("no secret was pushed, and the previous ones on the machine are untouched"),
    };
    let told = error.hints().iter().any(|hint| hint.contains(way_on));
    if told { error } else { error.hint(format!("then go on with `{way_on}`")) }
}

/// Where nothing is pushed although the machine waits for its secrets.
fn left_to_do(session: &Session, over_ssh: &OverSsh) -> String {
    let d = session.run.deployment;
    let by_ssh = !d.ssh_cidrs.is_empty();
    let files = match (&d.cnb, d.bootstrap) {
        (Some(cnb), Bootstrap::Cnb) => format!(
            "The host files come through CNB: push this folder to https://cnb.cool/{} and deploy a tag of it there.\n",
            cnb.repository
        ),
        _ => String::new(),
    };
    let secrets = match by_ssh {
        true => format!("Then bring the secrets: `{}`", session.push_again()),
        false => format!(
            "No address may reach SSH, so no secret was pushed: {}, and give them by hand as RUNBOOK.md says.\n\
             Nothing here saw how the machine set itself up either: RUNBOOK.md says under \"Wait for the machine\" how to ask it.",
            over_ssh.console
        ),
    };
    format!("{files}{secrets}")
}
