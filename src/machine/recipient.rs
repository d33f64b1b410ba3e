//! The machine that gets the secrets, as shown before asking. The answer counts for this machine only.

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Kind, Result};
use crate::machine::Machine;
use crate::machine::host_key::Expected;
use crate::machine::known_hosts;
use crate::process::interrupt;
use crate::terraform::gate::Person;
use crate::terraform::gate::SaidBefore;

/// A machine as a person identifies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// `user@address`
    pub login: String,
    /// SHA256 of its host key; `None` if not known yet.
    pub fingerprint: Option<String>,
    /// Where the fingerprint comes from.
    #[serde(skip)]
    known_by: &'static str,
}

impl Recipient {
    /// The machine that would get the secrets now, with the key from `--host-key` or `known_hosts`.
    ///
    /// # Errors
    /// A `known_hosts` that is not ours.
    pub fn of(machine: &Machine, directory: &Path, expected: Option<&Expected>) -> Result<Recipient> {
        let (fingerprint, known_by) = match expected {
            Some(expected) => (Some(expected.fingerprint()), "given with --host-key"),
            None => (known_hosts::known(directory, &machine.host())?, "from known_hosts in this folder"),
        };
        Ok(Recipient {
            login: machine.login(),
            fingerprint,
            known_by,
        })
    }

    /// As lines for people.
    pub fn lines(&self) -> Vec<String> {
        let key = match &self.fingerprint {
            Some(fingerprint) => format!("host key {fingerprint}, {}", self.known_by),
            None => "host key not known yet: it will be compared before anything is sent".to_owned(),
        };
        vec![self.login.clone(), key]
    }

    /// Checks that this is still the machine that was shown.
    ///
    /// # Errors
    /// Another user, address or host key.
    pub fn check_is(&self, shown: &Recipient) -> Result<()> {
        let same_key = shown.fingerprint.is_none() || self.fingerprint == shown.fingerprint;
        if self.login == shown.login && same_key {
            return Ok(());
        }
        let key = |of: &Recipient| of.fingerprint.clone().unwrap_or_else(|| "no host key".to_owned());
        Err(Error::new(
            Kind::Failed,
            format!(
                "the machine is now `{}` with {}, but `{}` with {} was shown",
                self.login,
                key(self),
                shown.login,
                key(shown)
            ),
        ))
    }

    /// Asks whether to send the secrets there. `push_again` is the command that was typed.
    ///
    /// # Errors
    /// Declined (4), interrupted (130), or no terminal (2).
    pub fn ask(&self, said: SaidBefore, push_again: &str, person: &mut dyn Person) -> Result<()> {
        if said.yes {
            return Ok(());
        }
        if said.silent || !person.is_there() {
            let key = self.fingerprint.iter().map(|key| format!(" --host-key {key}"));
            return Err(
                Error::usage("not a terminal, so the machine that gets the secrets cannot be confirmed").hint(format!(
                    "if it is the one shown above: `{push_again}{} --yes`",
                    key.collect::<String>()
                )),
            );
        }
        let answer = person
            .ask("Push to this machine? [y/N]")
            .unwrap_or_default()
            .to_lowercase();
        interrupt::check()?;
        match answer.as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Error::new(Kind::Declined, "not pushed; nothing was sent")),
        }
    }
}
