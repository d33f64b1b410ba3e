//! Who gets the secrets, as it is shown before anybody is asked. A yes is to this machine and no other.

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Kind, Result};
use crate::machine::Machine;
use crate::machine::host_key::Expected;
use crate::machine::known_hosts;
use crate::process::interrupt;
use crate::terraform::gate::Person;
use crate::terraform::gate::SaidBefore;

/// A machine as a person knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// `user@address`
    pub login: String,
    /// SHA256 of its host key; `None` while nobody knows it.
    pub fingerprint: Option<String>,
    /// Where the fingerprint comes from.
    #[serde(skip)]
    known_by: &'static str,
}

impl Recipient {
    /// The machine that would get the secrets now, by the key that was given or the one that the folder holds.
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

    /// In lines, for people.
    pub fn lines(&self) -> Vec<String> {
        let key = match &self.fingerprint {
            Some(fingerprint) => format!("host key {fingerprint}, {}", self.known_by),
            None => "host key not known yet: it is compared before anything is sent".to_owned(),
        };
        vec![self.login.clone(), key]
    }

    /// Stops where the machine is not the one that was shown.
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
                "the machine is now `{}` with {}, and was shown as `{}` with {}",
                self.login,
                key(self),
                shown.login,
                key(shown)
            ),
        ))
    }

    /// Asks whether the secrets may go there. `push_again` is the command that was typed.
    ///
    /// # Errors
    /// Declined (4), interrupted (130), or nobody to ask (2).
    pub fn ask(&self, said: SaidBefore, push_again: &str, person: &mut dyn Person) -> Result<()> {
        if said.yes {
            return Ok(());
        }
        if said.silent || !person.is_there() {
            let key = self.fingerprint.iter().map(|key| format!(" --host-key {key}"));
            return Err(
                Error::usage("not a terminal, so nobody can confirm the machine that the secrets would go to").hint(
                    format!("if it is the one shown above: `{push_again}{} --yes`", key.collect::<String>()),
                ),
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
