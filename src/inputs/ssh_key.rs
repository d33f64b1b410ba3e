//! The operator's SSH public key: parsed, checked, never a private one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ssh_key::{Algorithm, PublicKey};

use crate::error::{Error, Result};
use crate::registry::shown;

const HINT: &str = "make one with `ssh-keygen -t ed25519` and give the `.pub` file";

/// Key text, from text or from a file that holds it.
///
/// # Errors
/// A private key, an unreadable file, or text that is not an accepted public key.
pub fn text_or_file(value: &str) -> Result<String> {
    let value = value.trim();
    refuse_private(value, value)?;
    if value.starts_with("ssh-")
        || value.starts_with("ecdsa-")
        || value.starts_with("sk-")
        || value.contains(' ') && !Path::new(value).exists()
    {
        return check(value);
    }
    let path = expand_home(value);
    let content = fs::read_to_string(&path).map_err(|error| {
        Error::usage(format!("cannot read the public key file `{}`: {error}", shown(value))).hint(HINT)
    })?;
    refuse_private(&content, value)?;
    check(content.trim())
}

/// Checks key text: one line, ed25519 or RSA of at least 2048 bits.
///
/// # Errors
/// Anything else, saying what it is.
pub fn check(text: &str) -> Result<String> {
    refuse_private(text, "the text given")?;
    if text.chars().any(char::is_control) {
        return Err(Error::usage("the SSH public key is not a single line").hint(HINT));
    }
    let key = PublicKey::from_openssh(text)
        .map_err(|_| Error::usage(format!("`{}` is not an SSH public key", shown(text))).hint(HINT))?;
    match key.algorithm() {
        Algorithm::Ed25519 => {}
        Algorithm::Rsa { .. } => {
            let bits = key
                .key_data()
                .rsa()
                .and_then(|rsa| rsa.n.as_positive_bytes())
                .map_or(0, |n| n.len() * 8);
            if bits < 2048 {
                return Err(Error::usage(format!("the RSA key has {bits} bits; at least 2048 are needed")).hint(HINT));
            }
        }
        other => {
            return Err(Error::usage(format!(
                "`{}` keys are not accepted; allowed: ssh-ed25519, ssh-rsa of 2048 bits or more",
                shown(other.as_str())
            ))
            .hint(HINT));
        }
    }
    Ok(text.to_owned())
}

/// The newest `~/.ssh/id_*.pub`, if there is one that is accepted.
///
/// # Errors
/// A folder that exists and cannot be read.
pub fn newest() -> Result<Option<(PathBuf, String)>> {
    let folder = expand_home("~/.ssh");
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with("id_") && name.ends_with(".pub")) {
            continue;
        }
        let Ok(modified) = entry.metadata().and_then(|data| data.modified()) else {
            continue;
        };
        if let Ok(text) = fs::read_to_string(entry.path())
            && let Ok(key) = check(text.trim())
        {
            found.push((modified, entry.path(), key));
        }
    }
    found.sort();
    Ok(found.pop().map(|(_, path, key)| (path, key)))
}

fn refuse_private(text: &str, name: &str) -> Result<()> {
    if text.contains("PRIVATE KEY") || text.starts_with("PuTTY-User-Key-File") {
        let named = if name.contains("PRIVATE KEY") || name.starts_with("PuTTY") {
            "the text given"
        } else {
            name
        };
        return Err(Error::usage(format!("`{}` is a private key", shown(named)))
            .hint("give the public half: the file that ends in `.pub`"));
    }
    Ok(())
}

fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(path),
    }
}
