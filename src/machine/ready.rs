//! Waits until the machine reports that it is ready; a running machine is not yet a working agent.

use serde::Deserialize;

use super::connection::Connection;
use super::transport::{Trouble, last_line};
use crate::error::{Error, Kind, Result};
use crate::process::command::Command;
use crate::process::retry::{GaveUp, Look};
use crate::text::shown;

/// The fields of the machine's `result.json` that are used here.
#[derive(Clone, Debug, Deserialize)]
pub struct HostResult {
    pub status: String,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub codewhale_version: String,
    /// The downloads that version was made from, by name. From the machine, so not yet validated.
    #[serde(default)]
    pub got: serde_json::Value,
    /// SHA-256 of its host files, by name; `null` from an installer that does not report them. Not yet validated
    /// either.
    #[serde(default)]
    pub files: serde_json::Value,
}

/// Polls until the machine reports a result or the time is over. A machine that `was_up` should be reachable soon.
///
/// # Errors
/// The machine reports `failed`, reports nothing in time, has another host key, or Ctrl-C.
pub fn wait(
    command: &Command,
    connection: &Connection,
    was_up: bool,
    tell: &mut dyn FnMut(&str),
) -> Result<HostResult> {
    let result = connection.retry.until("the machine", tell, || {
        let output = connection.run(command, b"")?;
        Ok(match (result_in(&output.stdout), connection.trouble(&output)) {
            // The secrets were just sent, or come from elsewhere.
            (Some(result), _) if result.status == "waiting" => Look::NotYet(format!("it reports: {}", result.message)),
            (Some(result), _) => Look::Found(result),
            (None, Some((Trouble::HostKey, _))) => return Err(connection.changed_key()),
            (None, Some((Trouble::Refused, said))) => Look::Refused(said.to_owned()),
            (None, Some((Trouble::Connection, said))) if was_up => Look::Refused(said.to_owned()),
            (None, _) => Look::NotYet(last_line(&output.stderr).to_owned()),
        })
    });
    match result {
        Ok(result) if result.status == "ready" => Ok(result),
        Ok(result) => Err(Error::new(
            Kind::Failed,
            format!("the machine failed at step `{}`: {}", result.step, result.message),
        )
        .hint(connection.names.fill(match result.step.as_str() {
            BOOTSTRAP => {
                "fix the cause, then send the host files again as described under \"Make a change\" in RUNBOOK.md"
            }
            _ => "fix the cause, then run on the machine: `sudo bash /var/lib/@agent@-setup/bundle/install.sh`",
        }))),
        Err(GaveUp::Refused(said)) => Err(Error::new(Kind::Failed, format!("the machine cannot be asked: {said}"))
            .hint(format!("ask it from a computer that can log in: {}", command.shown()))
            .hint("`--no-wait` skips this")),
        Err(GaveUp::Late(said)) => Err(Error::new(
            Kind::Failed,
            format!("the machine did not report that it is ready: {said}"),
        )
        .hint(format!("check it yourself: {}", command.shown()))),
        Err(GaveUp::Interrupted) => Err(Error::new(
            Kind::Interrupted,
            "stopped waiting; the machine continues setting itself up",
        )),
        Err(GaveUp::Failed(error)) => Err(error),
    }
}

/// The step that fails if the host files do not arrive complete.
const BOOTSTRAP: &str = "bootstrap";

/// Why the host files did not arrive, if the machine reports that.
///
/// # Errors
/// The command cannot be run.
pub fn why_without_files(command: &Command, connection: &Connection) -> Result<Option<String>> {
    let output = connection.run(command, b"")?;
    let failed = result_in(&output.stdout).filter(|result| result.status == "failed" && result.step == BOOTSTRAP);
    Ok(failed.map(|result| shown(&result.message)))
}

/// Asks once, for a machine that was ready before.
///
/// # Errors
/// It cannot be asked, or is not ready.
pub fn look(command: &Command, connection: &Connection) -> Result<HostResult> {
    let output = connection.run(command, b"")?;
    match result_in(&output.stdout) {
        Some(result) if result.status == "ready" => Ok(result),
        Some(result) => Err(Error::new(
            Kind::Failed,
            format!("the machine is not ready: it reports `{}`", shown(&result.status)),
        )
        .hint("follow \"Wait for the machine\" in RUNBOOK.md, then run this again")),
        None => {
            let said = shown(last_line(&output.stderr));
            Err(Error::new(Kind::Failed, format!("the machine cannot be asked: {said}"))
                .hint(format!("check it yourself: {}", command.shown())))
        }
    }
}

/// The cloud's command service wraps the answer in other text.
fn result_in(text: &str) -> Option<HostResult> {
    let start = text.find("{\"schema_version\"")?;
    let mut reader = serde_json::Deserializer::from_str(&text[start..]).into_iter::<HostResult>();
    reader.next()?.ok()
}
