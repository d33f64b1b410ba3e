//! What goes to the machine over SSH: the host files where nothing else brings them, and the secrets.

use std::fs;

use anyhow::Context;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::clouds::provisioning::Stdin;
use crate::error::{Error, Kind, Result};
use crate::inputs::Secret;
use crate::machine::ssh;
use crate::machine::ssh::Route;
use crate::machine::ssh::Trouble;
use crate::machine::ssh::changed_key;
use crate::machine::ssh::last_line;
use crate::process;
use crate::process::step::Step;
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
pub fn secrets(step: &Step, route: &Route, secrets: &[(String, Secret)]) -> Result<Pushed> {
    let (ended, stdout, stderr) = process::exchange(step, route.environment, payload(secrets).as_bytes())?;
    let untouched = "the previous secrets on the machine are untouched";
    if let Some(trouble) = ssh::trouble(ended.code, &stderr) {
        return Err(match trouble {
            Trouble::HostKey => changed_key(route),
            Trouble::Refused => ssh::refused(last_line(&stderr), route),
            Trouble::Connection => Error::new(
                Kind::Failed,
                format!(
                    "the connection broke while the secrets went over: {}; {untouched}, unless it had every new one",
                    last_line(&stderr)
                ),
            ),
        });
    }
    // Its words are shown, so they must be words.
    leak::check_text("the machine's answer", stdout.as_bytes(), secrets)?;
    leak::check_text("the machine's answer", stderr.as_bytes(), secrets)?;
    if !ended.ok() {
        let said = stderr.trim();
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
    match last_line(&stdout) {
        "stored" => Ok(Pushed::Stored),
        "unchanged" => Ok(Pushed::Unchanged),
        other => Err(Error::new(
            Kind::Failed,
            format!("the machine does not say whether it stored the secrets, but `{other}`"),
        )),
    }
}

/// Gives the machine a file of the bundle to run.
///
/// # Errors
/// The machine was not reached, or the script failed.
pub fn file(step: &Step, route: &Route) -> Result<()> {
    let Stdin::File(name) = step.stdin else {
        return Ok(());
    };
    let path = step.directory.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let (ended, _, stderr) = process::exchange(step, route.environment, &bytes)?;
    match ssh::trouble(ended.code, &stderr) {
        None if ended.ok() => Ok(()),
        Some(Trouble::HostKey) => Err(changed_key(route)),
        Some(Trouble::Refused) => Err(ssh::refused(last_line(&stderr), route)),
        _ => Err(Error::new(
            Kind::Failed,
            format!(
                "`{name}` did not end well on the machine:\n  {}",
                stderr.trim().replace('\n', "\n  ")
            ),
        )),
    }
}
