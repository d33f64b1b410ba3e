//! The machine's own key: seen once, compared by a person, kept in the bundle, and asked for ever after.

use std::fs;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;

use ssh_key::{Fingerprint, HashAlg, PublicKey};

use crate::error::{Error, Kind, Result, why};
use crate::files;
use crate::files::replace;
use crate::layout::KNOWN_HOSTS;
use crate::machine::ssh::Route;
use crate::machine::ssh::last_line;
use crate::process;
use crate::process::patience::GaveUp;
use crate::process::patience::Look;
use crate::process::step::Step;
use crate::terraform::gate::Person;
use crate::text::shown;

/// No list of keys is as large as this many bytes.
const LARGEST: u64 = 1 << 16;

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
pub struct Settling<'a> {
    pub directory: &'a Path,
    /// As `known_hosts` calls the machine.
    pub host: &'a str,
    pub expected: Option<&'a Expected>,
    /// The key that `known_hosts` holds was shown, or will be before anything is sent.
    pub is_shown: bool,
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
        let known = in_folder(self.directory, self.host)?;
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
            None if known.is_some() && self.is_shown => Ok(()),
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
        crate::process::interrupt::check()?;
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

/// SHA256 of the key that the folder holds for a machine, if it holds one.
///
/// # Errors
/// A file that is not ours: who may stand behind a pattern or an authority cannot be shown.
pub fn known(directory: &Path, host: &str) -> Result<Option<String>> {
    let key = in_folder(directory, host)?;
    Ok(key.map(|key| key.fingerprint(HashAlg::Sha256).to_string()))
}

fn in_folder(directory: &Path, host: &str) -> Result<Option<PublicKey>> {
    let mut keys = entries(directory)?.into_iter().filter(|(name, _)| name == host);
    let key = keys.next().map(|(_, key)| key);
    match keys.next() {
        Some(_) => Err(not_ours(&directory.join(KNOWN_HOSTS), format!("has more than one key for `{host}`"))),
        None => Ok(key),
    }
}

/// Address and key of every line. `ssh` reads more than that: names by pattern, hashed ones, authorities.
fn entries(directory: &Path) -> Result<Vec<(String, PublicKey)>> {
    let path = directory.join(KNOWN_HOSTS);
    let text = match files::read_text(&path, LARGEST) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(not_ours(&path, format!("cannot be read: {}", why(&error)))),
    };
    let entry = |line: &str| {
        let (host, key) = line.split_once(' ')?;
        host.parse::<IpAddr>().ok()?;
        Some((host.to_owned(), PublicKey::from_openssh(key).ok()?))
    };
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            entry(line).ok_or_else(|| {
                let what = format!("line {}, `{}`, is not an address and its key", index + 1, shown(line));
                not_ours(&path, what)
            })
        })
        .collect()
}

fn not_ours(path: &Path, what: String) -> Error {
    Error::new(
        Kind::Failed,
        format!(
            "`{}`: {what}; allowed: lines such as `203.0.113.7 ssh-ed25519 AAAA…`",
            path.display()
        ),
    )
    .hint("remove the file; the machine's key is compared anew then")
}

/// Writes it, in the place of whatever was there for this machine.
fn keep(directory: &Path, host: &str, key: &PublicKey) -> Result<()> {
    let mut keys = entries(directory)?;
    keys.retain(|(name, _)| name != host);
    keys.push((host.to_owned(), key.clone()));
    let mut text = String::new();
    for (host, key) in keys {
        let bare = PublicKey::new(key.key_data().clone(), "").to_openssh();
        let bare = bare.map_err(|_| Error::new(Kind::Failed, "the machine's host key cannot be written out"))?;
        text.push_str(&format!("{host} {}\n", bare.trim_end()));
    }
    replace(&directory.join(KNOWN_HOSTS), text.as_bytes(), 0o644)
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
