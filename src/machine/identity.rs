//! The operator's SSH key.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ssh_key::PrivateKey;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::files::{replace, temporary_folder};
use crate::process::environment::Environment;

/// The file given to `ssh -i`.
#[derive(Debug)]
pub struct Identity {
    pub path: PathBuf,
    // Holds a public key that an agent has the private half of.
    _folder: Option<TempDir>,
}

impl Identity {
    /// The named file; otherwise the private half next to the public key in `~/.ssh`; otherwise the public key itself,
    /// for an SSH agent.
    ///
    /// # Errors
    /// The named file does not fit, or the public key cannot be written.
    pub fn find(public_key: &str, named: Option<&Path>, environment: &Environment) -> Result<Identity> {
        if let Some(path) = Identity::lies_at(public_key, named, environment)? {
            return Ok(Identity::of(path));
        }
        let folder = temporary_folder("remote-setup-key-")?;
        let path = folder.path().join("key.pub");
        replace(&path, format!("{public_key}\n").as_bytes(), 0o600).context("cannot save the public key")?;
        Ok(Identity {
            path,
            _folder: Some(folder),
        })
    }

    fn of(path: PathBuf) -> Identity {
        Identity { path, _folder: None }
    }

    /// The private key: the named file, or the one next to the public key in `~/.ssh`.
    ///
    /// # Errors
    /// The named file is missing or is another key.
    pub fn lies_at(public_key: &str, named: Option<&Path>, environment: &Environment) -> Result<Option<PathBuf>> {
        if let Some(named) = named {
            check(public_key, named)?;
            return Ok(Some(std::path::absolute(named).map_err(anyhow::Error::from)?));
        }
        let home = environment.get("HOME");
        Ok(home.and_then(|home| beside(public_key, &Path::new(home).join(".ssh"))))
    }
}

/// Checks a named file against the deployment's key. The public half is readable without the passphrase.
fn check(public_key: &str, named: &Path) -> Result<()> {
    let wrong = |what: &str| {
        Err(Error::usage(format!("--ssh-key: `{}` {what}", named.display()))
            .hint("pass the private half of `ssh_public_key` in deployment.yaml"))
    };
    // Reading a FIFO would block.
    let text = named.is_file().then(|| fs::read(named).map(Zeroizing::new));
    let Some(Ok(text)) = text else {
        return wrong("is not a readable file");
    };
    if text.starts_with(b"ssh-") {
        return wrong("is the public half of a key");
    }
    let own = PrivateKey::from_openssh(&*text).map(|key| key.public_key().to_openssh());
    let beside = || fs::read_to_string(format!("{}.pub", named.display()));
    let other = match own {
        Ok(Ok(own)) => own,
        // Older formats hide the public key behind the passphrase, so the `.pub` file next to it must tell.
        _ => match beside() {
            Ok(public) => public,
            Err(_) => return wrong("is not an OpenSSH private key, and has no `.pub` file next to it"),
        },
    };
    match body(&other) == body(public_key) {
        true => Ok(()),
        false => wrong("is not the deployment's key"),
    }
}

/// The private key file in this folder whose `.pub` file is this key.
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

/// Type and key, without the comment.
fn body(key: &str) -> Vec<&str> {
    key.split_whitespace().take(2).collect()
}
