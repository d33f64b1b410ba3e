//! Finds the cloud account in use and pins it for every command that follows.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::clouds::provisioning::Account;
use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;

/// The account, as the review shows it.
#[derive(Clone, Debug, Serialize)]
pub struct AccountInUse {
    pub name: String,
    pub id: String,
}

/// The command that shows who is logged in.
pub fn command(account: &Account, directory: &Path) -> Command {
    Command::new(account.program, account.args, directory).described(account.purpose)
}

/// Whether the environment holds credentials of its own; the cloud's command line is not asked then.
pub fn has_own_credentials(account: &Account, environment: &Environment) -> bool {
    account
        .own_credentials
        .iter()
        .any(|name| environment.get(name).is_some())
}

/// The account that the environment pins.
fn pinned<'a>(account: &Account, environment: &'a Environment) -> Option<&'a str> {
    environment.get(account.pin?.variable)
}

/// Asks the cloud's command line who is logged in, and pins that account.
///
/// # Errors
/// Nobody is logged in, or the program is not installed.
pub fn find(command: &Command, account: &Account, environment: &mut Environment) -> Result<AccountInUse> {
    if has_own_credentials(account, environment) {
        return Ok(AccountInUse {
            name: "credentials from the environment".to_owned(),
            id: pinned(account, environment)
                .unwrap_or("the provider's default")
                .to_owned(),
        });
    }
    let mut command = command.clone();
    if let Some((pin, pinned)) = account.pin.zip(pinned(account, environment)) {
        command
            .args
            .extend(pin.arguments.iter().copied().chain([pinned]).map(str::to_owned));
    }
    let output = process::capture(&command, environment).map_err(|error| error.hint(account.login_hint))?;
    let not_logged_in = || {
        let said = output.stderr.lines().next().unwrap_or_default();
        Error::new(Kind::Failed, format!("`{}` found no account: {said}", command.shown())).hint(account.login_hint)
    };
    if !output.ok() {
        return Err(not_logged_in());
    }
    let answer: Value = serde_json::from_str(&output.stdout).map_err(|_| not_logged_in())?;
    let field = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let id = field(account.id).ok_or_else(not_logged_in)?;
    if let Some(pin) = account.pin {
        environment.set(pin.variable, &id);
    }
    Ok(AccountInUse {
        name: field(account.name).unwrap_or_default(),
        id,
    })
}
