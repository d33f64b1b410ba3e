//! A connection to one machine, and the errors when it cannot be used.

use super::transport::{Transport, Trouble, last_line};
use crate::agents::Names;
use crate::error::{Error, Kind, Result};
use crate::process::Output;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::process::retry::RetryPolicy;

#[derive(Clone, Debug)]
pub struct Connection<'a> {
    pub transport: Transport,
    /// What things on the machine are called.
    pub names: Names,
    pub environment: &'a Environment,
    /// For a machine that is still starting.
    pub retry: RetryPolicy,
    /// Where to read the fingerprint that the machine itself printed.
    pub fingerprint_place: &'a str,
    /// The command that continues after an error.
    pub continue_with: String,
    /// What to do if the cloud unbound the key from the machine.
    pub unbound_key: Option<String>,
}

impl Connection<'_> {
    /// Runs a command that this connection's transport made.
    ///
    /// # Errors
    /// As for [`Transport::run`].
    pub fn run(&self, command: &Command, stdin: &[u8]) -> Result<Output> {
        self.transport.run(command, stdin, self.environment)
    }

    /// Why the script did not run, with the last line about it; `None` if it ran.
    pub fn trouble<'o>(&self, output: &'o Output) -> Option<(Trouble, &'o str)> {
        let trouble = self.transport.trouble(output)?;
        Some((trouble, last_line(&output.stderr)))
    }

    /// The error for a host key that differs from the one in `known_hosts`.
    pub fn changed_key(&self) -> Error {
        Error::new(
            Kind::Failed,
            "the machine's host key is not the one in `known_hosts`: the machine was reinstalled, or something else answers at its address",
        )
        .hint(format!(
            "if the machine was reinstalled, {}",
            self.compare_and_continue()
        ))
    }

    pub fn refused_key(&self, said: &str) -> Error {
        let error = Error::new(Kind::Failed, format!("the machine rejected your SSH key: {said}"))
            .hint("pass the private half of the key in deployment.yaml with `--ssh-key FILE`, or load it into your SSH agent: `ssh-add FILE`");
        match &self.unbound_key {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// How a person confirms the key.
    pub fn compare_and_continue(&self) -> String {
        let (place, continue_with) = (self.fingerprint_place, &self.continue_with);
        format!("read its fingerprint in {place}, then `{continue_with} --host-key SHA256:…`")
    }
}
