//! The machine that commands run on. The state's outputs are untrusted: the folder may be a stranger's clone.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::error::{Error, Kind, Result};
use crate::process::command::Command;
use crate::text::shown;

/// User, address and further outputs; only [`Machine::of`] creates one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    user: String,
    address: IpAddr,
    outputs: BTreeMap<String, String>,
}

impl Machine {
    /// From the outputs of the root module.
    ///
    /// # Errors
    /// An invalid address, or a user that `ssh` could take for an option.
    pub fn of(outputs: &BTreeMap<String, String>) -> Result<Machine> {
        let output = |name: &str| outputs.get(name).map(String::as_str).unwrap_or_default();
        let address = match output("public_ip") {
            "" => return Err(Error::new(Kind::Failed, "the machine has no address yet")),
            text => text.parse().map_err(|_| odd("public_ip", text, "an IP address"))?,
        };
        let user = output("ssh_user");
        if !is_user(user) {
            return Err(odd(
                "ssh_user",
                user,
                "a user name: lower-case letters, digits, `_` and `-`, not starting with `-`",
            ));
        }
        Ok(Machine {
            user: user.to_owned(),
            address,
            outputs: outputs.clone(),
        })
    }

    /// The machine's name in `known_hosts`.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// The target for `ssh`.
    pub fn login(&self) -> String {
        format!("{}@{}", self.user, self.address)
    }

    /// The command with its placeholders filled in.
    ///
    /// # Errors
    /// An output that a command could take for something other than a name.
    pub fn fill(&self, command: &Command) -> Result<Command> {
        let mut command = command
            .clone()
            .with("ssh_target", &self.login())
            .with("host", &self.host());
        for (name, value) in &self.outputs {
            let place = format!("{{{name}}}");
            if command.args.iter().any(|arg| arg.contains(&place)) {
                if !is_word(value) {
                    return Err(odd(name, value, "one word of letters, digits and `/._-`, not starting with `-`"));
                }
                command = command.with(name, value);
            }
        }
        Ok(command)
    }
}

fn is_user(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    starts && text.chars().all(rest)
}

fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    starts && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
}

fn odd(name: &str, value: &str, allowed: &str) -> Error {
    Error::new(
        Kind::Failed,
        format!("the state's output `{name}` is `{}`, which is not {allowed}", shown(value)),
    )
    .hint("the state is not from this bundle: find out where it comes from")
}
