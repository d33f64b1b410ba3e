//! The way to one machine, and what a person is told when it is barred.

use super::transport::{Transport, Trouble, last_line};
use crate::error::{Error, Kind, Result};
use crate::process::Output;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::process::retry::RetryPolicy;

#[derive(Clone, Debug)]
pub struct Connection<'a> {
    pub transport: Transport,
    pub environment: &'a Environment,
    /// For a machine that starts.
    pub retry: RetryPolicy,
    /// Where the fingerprint is that the machine itself printed.
    pub fingerprint_place: &'a str,
    /// The command that goes on.
    pub continue_with: String,
    /// What to do when the cloud unbound the key from the machine.
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

    /// What stood in the way, and the last words about it; `None` when the script ran.
    pub fn trouble<'o>(&self, output: &'o Output) -> Option<(Trouble, &'o str)> {
        let trouble = self.transport.trouble(output)?;
        Some((trouble, last_line(&output.stderr)))
    }

    /// Nothing goes to a machine that is not the one we know.
    pub fn changed_key(&self) -> Error {
        Error::new(
            Kind::Failed,
            "the machine shows another host key than the one in `known_hosts`: it was installed anew, or something else answers at its address",
        )
        .hint(format!(
            "if it was installed anew, {}",
            self.compare_and_continue()
        ))
    }

    pub fn refused_key(&self, said: &str) -> Error {
        let error = Error::new(Kind::Failed, format!("the machine does not take your SSH key: {said}"))
            .hint("name the private half of the key in deployment.yaml with `--ssh-key FILE`, or give it to your agent: `ssh-add FILE`");
        match &self.unbound_key {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// How a person says which key it is.
    pub fn compare_and_continue(&self) -> String {
        let (place, continue_with) = (self.fingerprint_place, &self.continue_with);
        format!("read its fingerprint in {place}, then `{continue_with} --host-key SHA256:…`")
    }
}
