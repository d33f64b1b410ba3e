//! Waits until the machine itself says that it is ready: a machine that runs is not an agent that works.

use serde::Deserialize;

use super::connection::Connection;
use super::transport::{Trouble, last_line};
use crate::error::{Error, Kind, Result};
use crate::process::command::Command;
use crate::process::retry::{GaveUp, Look};
use crate::text::shown;

/// `/var/lib/codewhale-setup/result.json`, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub struct HostResult {
    pub status: String,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub codewhale_version: String,
    /// What that version was made from, by name; as the machine says it, so not yet checked.
    #[serde(default)]
    pub got: serde_json::Value,
    /// SHA-256 of the host files it runs by, by name; `null` from an installer that did not say yet. Not yet checked either.
    #[serde(default)]
    pub files: serde_json::Value,
}

/// Looks until the machine says something or the time is over. One that `was_up` and that nothing happened to has no reason
/// to be out of reach for long.
///
/// # Errors
/// The machine says `failed`, says nothing in time, has another host key, or Ctrl-C.
pub fn wait(
    command: &Command,
    connection: &Connection,
    was_up: bool,
    tell: &mut dyn FnMut(&str),
) -> Result<HostResult> {
    let result = connection.retry.until("the machine", tell, || {
        let output = connection.run(command, b"")?;
        Ok(match (result_in(&output.stdout), connection.trouble(&output)) {
            // The secrets came moments ago, or come from elsewhere.
            (Some(result), _) if result.status == "waiting" => Look::NotYet(format!("it says: {}", result.message)),
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
            format!("the machine stopped at its step `{}`: {}", result.step, result.message),
        )
        .hint(match result.step.as_str() {
            BOOTSTRAP => {
                "put the cause right, then bring the host files again as RUNBOOK.md says under \"Make a change\""
            }
            _ => "put the cause right, then on the machine: `sudo bash /var/lib/codewhale-setup/bundle/install.sh`",
        })),
        Err(GaveUp::Refused(said)) => Err(Error::new(Kind::Failed, format!("the machine cannot be asked: {said}"))
            .hint(format!("ask it from where you can log in, with: {}", command.shown()))
            .hint("`--no-wait` leaves this out")),
        Err(GaveUp::Late(said)) => Err(Error::new(
            Kind::Failed,
            format!("the machine does not say that it is ready: {said}"),
        )
        .hint(format!("look yourself: {}", command.shown()))),
        Err(GaveUp::Interrupted) => Err(Error::new(
            Kind::Interrupted,
            "stopped waiting; the machine goes on setting itself up",
        )),
        Err(GaveUp::Failed(error)) => Err(error),
    }
}

/// The step that fails when the host files do not arrive whole.
const BOOTSTRAP: &str = "bootstrap";

/// Why the host files did not arrive, where the machine says that.
///
/// # Errors
/// The command cannot be run.
pub fn why_without_files(command: &Command, connection: &Connection) -> Result<Option<String>> {
    let output = connection.run(command, b"")?;
    let failed = result_in(&output.stdout).filter(|result| result.status == "failed" && result.step == BOOTSTRAP);
    Ok(failed.map(|result| shown(&result.message)))
}

/// Looks once, at a machine that was ready before.
///
/// # Errors
/// It cannot be asked, or is not ready.
pub fn look(command: &Command, connection: &Connection) -> Result<HostResult> {
    let output = connection.run(command, b"")?;
    match result_in(&output.stdout) {
        Some(result) if result.status == "ready" => Ok(result),
        Some(result) => Err(Error::new(
            Kind::Failed,
            format!("the machine is not ready: it says `{}`", shown(&result.status)),
        )
        .hint("see \"Wait for the machine\" in RUNBOOK.md, then run this again")),
        None => {
            let said = shown(last_line(&output.stderr));
            Err(Error::new(Kind::Failed, format!("the machine cannot be asked: {said}"))
                .hint(format!("look yourself: {}", command.shown())))
        }
    }
}

/// The cloud's own command wraps the answer in other text.
fn result_in(text: &str) -> Option<HostResult> {
    let start = text.find("{\"schema_version\"")?;
    let mut reader = serde_json::Deserializer::from_str(&text[start..]).into_iter::<HostResult>();
    reader.next()?.ok()
}
