//! The machine's host key: read through the cloud or confirmed by a person, kept in the bundle, and required from then
//! on.

use std::path::Path;

use ssh_key::{Fingerprint, HashAlg, PublicKey};

use super::Machine;
use super::commands::scan;
use super::connection::Connection;
use super::known_hosts::{in_folder, keep};
use super::transport::{Transport, last_line};
use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::Output;
use crate::process::command::Command;
use crate::process::interrupt;
use crate::process::retry::{GaveUp, Look};
use crate::terraform::gate::Person;
use crate::text::shown;

/// The key given with `--host-key`.
#[derive(Clone, Debug)]
pub enum Expected {
    Key(Box<PublicKey>),
    Fingerprint(Fingerprint),
}

impl Expected {
    /// In the form that people compare.
    pub fn fingerprint(&self) -> String {
        match self {
            Expected::Key(key) => key.fingerprint(HashAlg::Sha256).to_string(),
            Expected::Fingerprint(fingerprint) => fingerprint.to_string(),
        }
    }

    /// From `ssh-ed25519 AAAA…` or `SHA256:…`.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(text: &str) -> Result<Expected> {
        let text = text.trim();
        let found = match text.starts_with("SHA256:") {
            true => text.parse().map(Expected::Fingerprint).ok(),
            false => PublicKey::from_openssh(text)
                .ok()
                .map(|key| Expected::Key(Box::new(key))),
        };
        found.ok_or_else(|| {
            Error::usage(format!(
                "--host-key: `{}` is neither a host key nor its SHA256 fingerprint",
                shown(text)
            ))
            .hint("give it as `ssh-ed25519 AAAA…` or `SHA256:…`, in quotes")
        })
    }
}

/// Everything needed to verify the host key of one machine.
#[derive(Debug)]
pub struct HostKeyCheck<'a> {
    pub directory: &'a Path,
    pub machine: &'a Machine,
    pub expected: Option<&'a Expected>,
    /// The key in `known_hosts` was shown, or will be before anything is sent.
    pub is_shown: bool,
    /// Reads the key.
    pub command: &'a Command,
    /// Set if that command asks the cloud, whose answer is trusted without comparing.
    pub cloud: Option<&'a Transport>,
    pub connection: &'a Connection<'a>,
}

impl HostKeyCheck<'_> {
    /// Leaves the verified key in `known_hosts`.
    ///
    /// # Errors
    /// No terminal, a "no", a key other than the expected one, no answer.
    pub fn run(&self, person: Option<&mut dyn Person>, tell: &mut dyn FnMut(&str)) -> Result<()> {
        let known = in_folder(self.directory, &self.host())?;
        match self.expected {
            Some(Expected::Key(key)) => self.keep(key),
            Some(Expected::Fingerprint(expected)) => {
                if known.is_some_and(|key| key.fingerprint(HashAlg::Sha256) == *expected) {
                    return Ok(());
                }
                let key = self.seen(&self.scanning()?, tell)?;
                let seen = key.fingerprint(HashAlg::Sha256);
                if seen != *expected {
                    return Err(Error::new(
                        Kind::Failed,
                        format!("the machine at `{}` presents the host key `{seen}`, not `{expected}`", self.host()),
                    )
                    .hint(self.connection.compare_and_continue()));
                }
                self.keep(&key)
            }
            None if known.is_some() && self.is_shown => Ok(()),
            None => match self.cloud {
                Some(cloud) => match self.told(cloud, tell)? {
                    Ok(key) => self.keep(&key),
                    Err(said) => {
                        let what = format!("`{}` could not read the machine's host key: {said}", self.command.program);
                        tell(&what);
                        self.compared(person, tell).map_err(|error| error.context(what))
                    }
                },
                None => self.compared(person, tell),
            },
        }
    }

    fn host(&self) -> String {
        self.machine.host()
    }

    fn keep(&self, key: &PublicKey) -> Result<()> {
        keep(self.directory, &self.host(), key)
    }

    fn scanning(&self) -> Result<Command> {
        match self.cloud {
            Some(_) => self.machine.fill(&scan(self.directory)),
            None => Ok(self.command.clone()),
        }
    }

    /// The key as the cloud reports it, or why the cloud could not tell.
    fn told(&self, cloud: &Transport, tell: &mut dyn FnMut(&str)) -> Result<Result<PublicKey, String>> {
        tell(&format!("reading the machine's host key: {}", self.command.shown()));
        let asked = self.connection.retry.until("the machine's host key", tell, || {
            let output = match cloud.run(self.command, b"", self.connection.environment) {
                Err(error) if error.kind() != Kind::Interrupted => {
                    return Ok(Look::Found(Err(error.message().to_owned())));
                }
                output => output?,
            };
            Ok(match in_words(&output.stdout) {
                Some(key) if output.ok() => Look::Found(Ok(key)),
                _ => Look::Refused(shown(last_line(&output.stderr))),
            })
        });
        match asked {
            Ok(found) => Ok(found),
            Err(GaveUp::Refused(said) | GaveUp::Late(said)) => Ok(Err(said)),
            Err(GaveUp::Interrupted) => Err(stopped()),
            Err(GaveUp::Failed(error)) => Err(error),
        }
    }

    /// Asks a person to compare it with what the machine itself printed.
    fn compared(&self, person: Option<&mut dyn Person>, tell: &mut dyn FnMut(&str)) -> Result<()> {
        let host = self.host();
        let Some(person) = person else {
            return Err(Error::new(
                Kind::Failed,
                format!("not a terminal, so the host key of `{host}` cannot be confirmed"),
            )
            .hint(self.connection.compare_and_continue()));
        };
        let key = self.seen(&self.scanning()?, tell)?;
        let seen = key.fingerprint(HashAlg::Sha256);
        tell(&format!("\nHost key of the machine at {host}"));
        tell(&format!("  {seen} ({})", key.algorithm()));
        tell(&format!(
            "It must match the one that the machine itself printed: see {}.",
            self.connection.fingerprint_place
        ));
        let answer = person.ask("Does it match? [y/N]").unwrap_or_default().to_lowercase();
        if answer == "y" || answer == "yes" {
            return self.keep(&key);
        }
        interrupt::check()?;
        Err(Error::new(Kind::Failed, format!("the host key `{seen}` was not confirmed"))
            .hint(self.connection.compare_and_continue()))
    }

    /// The key that the machine presents over SSH.
    fn seen(&self, scan: &Command, tell: &mut dyn FnMut(&str)) -> Result<PublicKey> {
        let found = self.connection.retry.until("the machine's host key", tell, || {
            let Output { stdout, stderr, .. } = process::capture(scan, self.connection.environment)?;
            let mut keys = stdout.lines().filter_map(|line| line.split_once(' '));
            Ok(match keys.find_map(|(_, key)| PublicKey::from_openssh(key).ok()) {
                Some(key) => Look::Found(key),
                None => Look::NotYet(last_line(&stderr).to_owned()),
            })
        });
        found.map_err(|gave_up| match gave_up {
            GaveUp::Failed(error) => error,
            GaveUp::Interrupted => stopped(),
            GaveUp::Late(said) | GaveUp::Refused(said) => {
                Error::new(Kind::Failed, format!("the machine presents no host key over SSH: {said}"))
                    .hint("check that it is running and that your current address is in `allow_ssh_from`")
            }
        })
    }
}

fn stopped() -> Error {
    Error::new(Kind::Interrupted, "stopped waiting for the host key")
}

/// The first public key in a text.
fn in_words(text: &str) -> Option<PublicKey> {
    text.lines().find_map(|line| PublicKey::from_openssh(line.trim()).ok())
}
