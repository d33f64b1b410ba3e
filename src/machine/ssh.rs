//! The operator's half of the SSH key, and how `ssh` says that something is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ssh_key::PrivateKey;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::files::{replace, temporary_folder};
use crate::process;
use crate::process::environment::Environment;
use crate::process::patience::GaveUp;
use crate::process::patience::Look;
use crate::process::patience::Patience;
use crate::process::step::Step;

/// What `ssh -i` is given.
#[derive(Debug)]
pub struct Identity {
    pub path: PathBuf,
    // Holds a public key that an agent has the private half of.
    _folder: Option<TempDir>,
}

impl Identity {
    /// The file named, the private half that lies beside a copy of the public one in `~/.ssh`, or the public one
    /// itself, for an agent.
    ///
    /// # Errors
    /// A file named that is not there, or a public one that cannot be written.
    pub fn find(public_key: &str, named: Option<&Path>, environment: &Environment) -> Result<Identity> {
        if let Some(path) = Identity::lies_at(public_key, named, environment)? {
            return Ok(Identity::of(path));
        }
        let folder = temporary_folder("remote-setup-key-")?;
        let path = folder.path().join("key.pub");
        replace(&path, format!("{public_key}\n").as_bytes(), 0o600).context("cannot keep the public key")?;
        Ok(Identity {
            path,
            _folder: Some(folder),
        })
    }

    pub fn of(path: PathBuf) -> Identity {
        Identity { path, _folder: None }
    }

    /// Where the private half is: the file named, or the one that lies beside a copy of the public one in `~/.ssh`.
    ///
    /// # Errors
    /// A file named that is not there, or holds another key.
    pub fn lies_at(public_key: &str, named: Option<&Path>, environment: &Environment) -> Result<Option<PathBuf>> {
        if let Some(named) = named {
            check(public_key, named)?;
            return Ok(Some(std::path::absolute(named).map_err(anyhow::Error::from)?));
        }
        let home = environment.get("HOME");
        Ok(home.and_then(|home| beside(public_key, &Path::new(home).join(".ssh"))))
    }
}

/// Holds a file that somebody named to the deployment's key. Its public half is readable without the passphrase.
fn check(public_key: &str, named: &Path) -> Result<()> {
    let wrong = |what: &str| {
        Err(Error::usage(format!("--ssh-key: `{}` {what}", named.display()))
            .hint("name the private half of the key that is `ssh_public_key` in deployment.yaml"))
    };
    // A FIFO would be waited for.
    let text = named.is_file().then(|| fs::read(named).map(Zeroizing::new));
    let Some(Ok(text)) = text else {
        return wrong("is not a file that can be read");
    };
    if text.starts_with(b"ssh-") {
        return wrong("is the public half of a key");
    }
    let own = PrivateKey::from_openssh(&*text).map(|key| key.public_key().to_openssh());
    let beside = || fs::read_to_string(format!("{}.pub", named.display()));
    let other = match own {
        Ok(Ok(own)) => own,
        // Older formats tell nothing without the passphrase, so what lies beside them must.
        _ => match beside() {
            Ok(public) => public,
            Err(_) => return wrong("holds no OpenSSH key, and no `.pub` lies beside it"),
        },
    };
    match body(&other) == body(public_key) {
        true => Ok(()),
        false => wrong("is another key than the deployment's"),
    }
}

/// The private file whose public half, in the same folder, is this key.
fn beside(public_key: &str, folder: &Path) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let is_half = |path: &&PathBuf| {
        let same = |text: String| body(&text) == body(public_key);
        let public = path.extension().is_some_and(|extension| extension == "pub") && path.is_file();
        public && fs::read_to_string(path).is_ok_and(same)
    };
    let mut private = entries.iter().filter(is_half).map(|path| path.with_extension(""));
    private.find(|path| path.is_file())
}

/// Kind and key, without the comment.
fn body(key: &str) -> Vec<&str> {
    key.split_whitespace().take(2).collect()
}

/// The way to one machine, and what a person is told when it is barred.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    pub environment: &'a Environment,
    pub patience: Patience,
    /// Where the fingerprint is that the machine itself printed.
    pub place: &'a str,
    /// The command that goes on.
    pub way_on: &'a str,
    /// What to do when the cloud unbound the key from the machine.
    pub unbound_key: Option<&'a str>,
}

/// What stood in the way between here and the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another host key than the one that the bundle holds.
    HostKey,
    /// The machine does not know the operator's key.
    Refused,
    /// Nobody answers, or the connection broke.
    Connection,
}

/// Reads what `ssh` itself said; `None` when the command ran and the rest is its own.
pub fn trouble(code: Option<i32>, stderr: &str) -> Option<Trouble> {
    if stderr.contains("HOST IDENTIFICATION HAS CHANGED") || stderr.contains("Host key verification failed") {
        Some(Trouble::HostKey)
    } else if stderr.contains("Permission denied (") {
        Some(Trouble::Refused)
    } else {
        (code.is_none() || code == Some(255)).then_some(Trouble::Connection)
    }
}

/// The last line it said.
pub fn last_line(stderr: &str) -> &str {
    stderr
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("no answer")
}

/// Logs in, again and again until the machine lets it.
///
/// # Errors
/// Another host key at once; a machine that answers too late or refuses the key.
pub fn wait(step: &Step, route: &Route, tell: &mut dyn FnMut(&str)) -> Result<()> {
    let mut host_key = false;
    let waited = route.patience.until("SSH", tell, || {
        let (ended, _, stderr) = process::exchange(step, route.environment, b"")?;
        let said = last_line(&stderr).to_owned();
        Ok(match trouble(ended.code, &stderr) {
            None => Look::Found(()),
            Some(Trouble::HostKey) => {
                host_key = true;
                Look::Found(())
            }
            Some(Trouble::Refused) => Look::Refused(said),
            Some(Trouble::Connection) => Look::NotYet(said),
        })
    });
    match waited {
        Ok(()) if host_key => Err(changed_key(route)),
        Ok(()) => Ok(()),
        Err(GaveUp::Refused(said)) => Err(refused(&said, route)),
        Err(GaveUp::Late(said)) => {
            Err(Error::new(Kind::Failed, format!("the machine does not answer over SSH: {said}"))
                .hint("see that it runs, and that the address you come from now is in `allow_ssh_from`"))
        }
        Err(GaveUp::Interrupted) => Err(Error::new(Kind::Interrupted, "stopped waiting for SSH")),
        Err(GaveUp::Failed(error)) => Err(error),
    }
}

/// Nothing goes to a machine that is not the one we know.
pub(crate) fn changed_key(route: &Route) -> Error {
    Error::new(
        Kind::Failed,
        "the machine shows another host key than the one in `known_hosts`: it was installed anew, or something else answers at its address",
    )
    .hint(format!(
        "if it was installed anew, read its fingerprint in {}, then `{} --host-key SHA256:…`",
        route.place, route.way_on
    ))
}

pub(crate) fn refused(said: &str, route: &Route) -> Error {
    let error = Error::new(Kind::Failed, format!("the machine does not take your SSH key: {said}"))
        .hint("name the private half of the key in deployment.yaml with `--ssh-key FILE`, or give it to your agent: `ssh-add FILE`");
    match route.unbound_key {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
