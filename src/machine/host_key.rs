//! The machine's own key: told by the cloud or compared by a person, kept in the bundle, and asked for ever after.

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

/// What a person said about the key beforehand.
#[derive(Clone, Debug)]
pub enum Expected {
    Key(Box<PublicKey>),
    Fingerprint(Fingerprint),
}

impl Expected {
    /// As people compare it.
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

/// How the key of one machine is found out.
#[derive(Debug)]
pub struct HostKeyCheck<'a> {
    pub directory: &'a Path,
    pub machine: &'a Machine,
    pub expected: Option<&'a Expected>,
    /// The key that `known_hosts` holds was shown, or will be before anything is sent.
    pub is_shown: bool,
    /// Asks for the key.
    pub command: &'a Command,
    /// Where that command asks the cloud, whose word needs no comparing.
    pub cloud: Option<&'a Transport>,
    pub connection: &'a Connection<'a>,
}

impl HostKeyCheck<'_> {
    /// Leaves the machine's key in `known_hosts`, or an error.
    ///
    /// # Errors
    /// Nobody to compare it, a "no", another key than the one expected, no answer.
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
                        format!("the machine at `{}` shows the host key `{seen}`, not `{expected}`", self.host()),
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
                        let what = format!("`{}` does not tell the machine's host key: {said}", self.command.program);
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

    /// The key by the cloud's word, or why it does not tell.
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

    /// By a person who reads what the machine itself printed.
    fn compared(&self, person: Option<&mut dyn Person>, tell: &mut dyn FnMut(&str)) -> Result<()> {
        let host = self.host();
        let Some(person) = person else {
            return Err(
                Error::new(Kind::Failed, format!("nobody is here to compare the host key of `{host}`"))
                    .hint(self.connection.compare_and_continue()),
            );
        };
        let key = self.seen(&self.scanning()?, tell)?;
        let seen = key.fingerprint(HashAlg::Sha256);
        tell(&format!("\nThe machine at {host} shows the host key"));
        tell(&format!("  {seen} ({})", key.algorithm()));
        tell(&format!(
            "It must be the one that the machine itself printed: see {}.",
            self.connection.fingerprint_place
        ));
        let answer = person.ask("Is it the same? [y/N]").unwrap_or_default().to_lowercase();
        if answer == "y" || answer == "yes" {
            return self.keep(&key);
        }
        interrupt::check()?;
        Err(
            Error::new(Kind::Failed, format!("the host key `{seen}` was not taken for the machine's"))
                .hint(self.connection.compare_and_continue()),
        )
    }

    /// The key that the machine shows.
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
                Error::new(Kind::Failed, format!("the machine shows no host key over SSH: {said}"))
                    .hint("see that it runs, and that the address you come from now is in `allow_ssh_from`")
            }
        })
    }
}

fn stopped() -> Error {
    Error::new(Kind::Interrupted, "stopped waiting for the host key")
}

/// The first key of a text, as a machine writes its own.
fn in_words(text: &str) -> Option<PublicKey> {
    text.lines().find_map(|line| PublicKey::from_openssh(line.trim()).ok())
}
