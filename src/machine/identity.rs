//! The operator's half of the SSH key.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ssh_key::PrivateKey;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::files::{replace, temporary_folder};
use crate::process::environment::Environment;

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

    fn of(path: PathBuf) -> Identity {
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
