//! What goes to the machine over SSH: the host files where nothing else brings them, and the secrets.

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

/// All secrets, as `store-secrets.sh` reads them: the last line tells it that nothing was cut off.
pub fn payload(secrets: &[(String, Secret)]) -> Zeroizing<String> {
    let size = secrets
        .iter()
        .map(|(name, secret)| name.len() + secret.expose().len() + 2)
        .sum::<usize>();
    // Big enough from the start: growing would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(size + 64));
    text.push_str("CODEWHALE-SECRETS 1\n");
    for (name, secret) in secrets {
        for part in [name, "=", secret.expose(), "\n"] {
            text.push_str(part);
        }
    }
    text.push_str(&format!("END {}\n", secrets.len()));
    text
}

/// Gives the machine every secret.
///
/// # Errors
/// The machine was not reached, or did not take them; what it has is what it had.
pub fn secrets(command: &Command, connection: &Connection, secrets: &[(String, Secret)]) -> Result<Pushed> {
    let output = connection.run(command, payload(secrets).as_bytes())?;
    let untouched = "the previous secrets on the machine are untouched";
    if let Some((trouble, said)) = connection.trouble(&output) {
        return Err(match trouble {
            Trouble::HostKey => connection.changed_key(),
            Trouble::Refused => connection.refused_key(said),
            Trouble::Connection => Error::new(
                Kind::Failed,
                format!(
                    "the connection broke while the secrets went over: {said}; {untouched}, unless it had every new one"
                ),
            ),
        });
    }
    // Its words are shown, so they must be words.
    leak::check_text("the machine's answer", output.stdout.as_bytes(), secrets)?;
    leak::check_text("the machine's answer", output.stderr.as_bytes(), secrets)?;
    if !output.ok() {
        let said = output.stderr.trim();
        // The script says itself what became of the secrets; what kept it from running does not.
        let what = match said.contains("secrets are ") {
            true => "the secrets were not taken over on the machine".to_owned(),
            false => format!("the machine did not take the secrets; {untouched}"),
        };
        let error = Error::new(Kind::Failed, format!("{what}\n  {}", said.replace('\n', "\n  ")));
        return Err(match said.contains("store-secrets.sh: No such file") {
            true => error.hint("the host files are not there yet: see how their installation went"),
            false => error,
        });
    }
    match last_line(&output.stdout) {
        "stored" => Ok(Pushed::Stored),
        "unchanged" => Ok(Pushed::Unchanged),
        other => Err(Error::new(
            Kind::Failed,
            format!("the machine does not say whether it stored the secrets, but `{other}`"),
        )),
    }
}

/// Gives the machine the script that holds its files.
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
                "`{BOOTSTRAP}` did not end well on the machine:\n  {}",
                output.stderr.trim().replace('\n', "\n  ")
            ),
        )),
    }
}
