//! The machine's own key: seen once, compared by a person, kept in the bundle, and asked for ever after.

use std::fs;
use std::path::Path;

use ssh_key::{Fingerprint, HashAlg, PublicKey};

use super::gate::Person;
use super::patience::{GaveUp, Look};
use super::process;
use super::ssh::{Route, last_line};
use super::step::{KNOWN_HOSTS, Step};
use crate::bundle::replace;
use crate::error::{Error, Kind, Result};
use crate::registry::shown;

/// What a person said about the key beforehand.
#[derive(Clone, Debug)]
pub enum Expected {
    Key(Box<PublicKey>),
    Fingerprint(Fingerprint),
}

impl Expected {
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
pub struct Settling<'a> {
    pub directory: &'a Path,
    /// As `known_hosts` calls the machine.
    pub host: &'a str,
    pub expected: Option<&'a Expected>,
    /// Asks the machine for its key.
    pub scan: &'a Step,
    pub route: &'a Route<'a>,
}

impl Settling<'_> {
    /// Leaves the machine's key in `known_hosts`, or an error.
    ///
    /// # Errors
    /// Nobody to compare it, a "no", another key than the one expected, no answer.
    pub fn settle(&self, person: Option<&mut dyn Person>, tell: &mut dyn FnMut(&str)) -> Result<()> {
        let known = known(self.directory, self.host);
        match self.expected {
            Some(Expected::Key(key)) => keep(self.directory, self.host, key),
            Some(Expected::Fingerprint(expected)) => {
                if known.is_some_and(|key| key.fingerprint(HashAlg::Sha256) == *expected) {
                    return Ok(());
                }
                let key = self.look(tell)?;
                let seen = key.fingerprint(HashAlg::Sha256);
                if seen != *expected {
                    return Err(Error::new(
                        Kind::Failed,
                        format!("the machine at `{}` shows the host key `{seen}`, not `{expected}`", self.host),
                    )
                    .hint(self.way_on()));
                }
                keep(self.directory, self.host, &key)
            }
            None if known.is_some() => Ok(()),
            None => match person {
                Some(person) => self.compared(person, tell),
                None => Err(Error::new(
                    Kind::Failed,
                    format!("nobody is here to compare the host key of `{}`", self.host),
                )
                .hint(self.way_on())),
            },
        }
    }

    fn way_on(&self) -> String {
        let Route { place, way_on, .. } = self.route;
        format!("read its fingerprint in {place}, then `{way_on} --host-key SHA256:…`")
    }

    fn compared(&self, person: &mut dyn Person, tell: &mut dyn FnMut(&str)) -> Result<()> {
        let key = self.look(tell)?;
        let seen = key.fingerprint(HashAlg::Sha256);
        tell(&format!("\nThe machine at {} shows the host key", self.host));
        tell(&format!("  {seen} ({})", key.algorithm()));
        tell(&format!(
            "It must be the one that the machine itself printed: see {}.",
            self.route.place
        ));
        let answer = person.ask("Is it the same? [y/N]").unwrap_or_default().to_lowercase();
        if answer == "y" || answer == "yes" {
            return keep(self.directory, self.host, &key);
        }
        super::interrupt::check()?;
        Err(
            Error::new(Kind::Failed, format!("the host key `{seen}` was not taken for the machine's"))
                .hint(self.way_on()),
        )
    }

    /// The key that the machine shows.
    fn look(&self, tell: &mut dyn FnMut(&str)) -> Result<PublicKey> {
        let found = self.route.patience.until("the machine's host key", tell, || {
            let (_, stdout, stderr) = process::exchange(self.scan, self.route.environment, b"")?;
            let key = stdout
                .lines()
                .find_map(|line| PublicKey::from_openssh(line.split_once(' ')?.1).ok());
            Ok(match key {
                Some(key) => Look::Found(key),
                None => Look::NotYet(last_line(&stderr).to_owned()),
            })
        });
        found.map_err(|gave_up| match gave_up {
            GaveUp::Failed(error) => error,
            GaveUp::Interrupted => Error::new(Kind::Interrupted, "stopped waiting for the host key"),
            GaveUp::Late(said) | GaveUp::Refused(said) => {
                Error::new(Kind::Failed, format!("the machine shows no host key over SSH: {said}"))
                    .hint("see that it runs, and that the address you come from now is in `allow_ssh_from`")
            }
        })
    }
}

/// The key that the bundle holds for a machine.
fn known(directory: &Path, host: &str) -> Option<PublicKey> {
    let text = fs::read_to_string(directory.join(KNOWN_HOSTS)).ok()?;
    text.lines().find_map(|line| {
        let (hosts, key) = line.split_once(' ')?;
        names(hosts, host).then(|| PublicKey::from_openssh(key.trim()).ok())?
    })
}

fn names(hosts: &str, host: &str) -> bool {
    hosts.split(',').any(|name| name == host)
}

/// Writes it, in the place of whatever was there for this machine.
fn keep(directory: &Path, host: &str, key: &PublicKey) -> Result<()> {
    let path = directory.join(KNOWN_HOSTS);
    let before = fs::read_to_string(&path).unwrap_or_default();
    let others = before
        .lines()
        .filter(|line| !names(line.split(' ').next().unwrap_or_default(), host));
    let data = PublicKey::new(key.key_data().clone(), "");
    let data = data
        .to_openssh()
        .map_err(|error| Error::usage(format!("--host-key: {error}")))?;
    let mut text: String = others.map(|line| format!("{line}\n")).collect();
    text.push_str(&format!("{host} {}\n", data.trim_end()));
    replace(&path, text.as_bytes(), 0o644)
}

/// Drops all keys: the machine is gone, or another one comes.
///
/// # Errors
/// The file is there and cannot be removed.
pub fn forget(directory: &Path) -> Result<()> {
    match fs::remove_file(directory.join(KNOWN_HOSTS)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(anyhow::Error::from(error).into()),
        _ => Ok(()),
    }
}
