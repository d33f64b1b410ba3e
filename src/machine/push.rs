//! What is sent over SSH: the secrets, and the host files where nothing else delivers them.

use anyhow::Context;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::files::read_regular;
use crate::inputs::Secret;
use crate::layout::BOOTSTRAP;
use crate::machine::connection::Connection;
use crate::machine::transport::{Trouble, last_line};
use crate::process::command::Command;
use crate::terraform::leak;

/// What the machine did with the secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pushed {
    Stored,
    Unchanged,
}

/// All secrets, as `store-secrets.sh` reads them; the last line proves that nothing was cut off.
pub fn payload(greeting: &str, secrets: &[(String, Secret)]) -> Zeroizing<String> {
    let size = secrets
        .iter()
        .map(|(name, secret)| name.len() + secret.expose().len() + 2)
        .sum::<usize>();
    // Allocated once: growing would leave copies in memory.
    let mut text = Zeroizing::new(String::with_capacity(greeting.len() + size + 64));
    text.push_str(greeting);
    for (name, secret) in secrets {
        for part in [name, "=", secret.expose(), "\n"] {
            text.push_str(part);
        }
    }
    text.push_str(&format!("END {}\n", secrets.len()));
    text
}

/// Sends every secret to the machine.
///
/// # Errors
/// The machine was not reached or rejected them; its previous secrets stay.
pub fn secrets(command: &Command, connection: &Connection, secrets: &[(String, Secret)]) -> Result<Pushed> {
    let greeting = connection.names.fill("@AGENT@-SECRETS 1\n");
    let output = connection.run(command, payload(&greeting, secrets).as_bytes())?;
    let untouched = "the previous secrets on the machine are untouched";
    if let Some((trouble, said)) = connection.trouble(&output) {
        return Err(match trouble {
            Trouble::HostKey => connection.changed_key(),
            Trouble::Refused => connection.refused_key(said),
            Trouble::Connection => Error::new(
                Kind::Failed,
                format!(
                    "the connection broke while the secrets were being sent: {said}; {untouched}, unless all the new ones had arrived"
                ),
            ),
        });
    }
    // The output may be shown, so it must not repeat a secret.
    leak::check_text("the machine's answer", output.stdout.as_bytes(), secrets)?;
    leak::check_text("the machine's answer", output.stderr.as_bytes(), secrets)?;
    if !output.ok() {
        let said = output.stderr.trim();
        // The script itself says what became of the secrets; an error from before it ran does not.
        let what = match said.contains("secrets are ") {
            true => "the machine did not finish taking over the secrets".to_owned(),
            false => format!("the machine rejected the secrets; {untouched}"),
        };
        let error = Error::new(Kind::Failed, format!("{what}\n  {}", said.replace('\n', "\n  ")));
        return Err(match said.contains("store-secrets.sh: No such file") {
            true => error.hint("the host files are not there yet: check how their installation is going"),
            false => error,
        });
    }
    match last_line(&output.stdout) {
        "stored" => Ok(Pushed::Stored),
        "unchanged" => Ok(Pushed::Unchanged),
        other => Err(Error::new(
            Kind::Failed,
            format!("the machine answered `{other}` instead of whether it stored the secrets"),
        )),
    }
}

/// Runs the script that carries the host files.
///
/// # Errors
/// The machine was not reached, or the script failed.
pub fn host_files(command: &Command, connection: &Connection) -> Result<()> {
    let path = command.directory.join(BOOTSTRAP);
    let bytes = read_regular(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let output = connection.run(command, &bytes)?;
    match connection.trouble(&output) {
        None if output.ok() => Ok(()),
        Some((Trouble::HostKey, _)) => Err(connection.changed_key()),
        Some((Trouble::Refused, said)) => Err(connection.refused_key(said)),
        None | Some((Trouble::Connection, _)) => Err(Error::new(
            Kind::Failed,
            format!(
                "`{BOOTSTRAP}` failed on the machine:\n  {}",
                output.stderr.trim().replace('\n', "\n  ")
            ),
        )),
    }
}
