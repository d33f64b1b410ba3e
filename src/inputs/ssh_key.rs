//! The operator's SSH public key: parsed, checked, never a private one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ssh_key::{Algorithm, PublicKey};

use crate::error::{Error, Result, why};
use crate::files;
use crate::text::shown;

const HINT: &str = "make one with `ssh-keygen -t ed25519` and give the `.pub` file";

/// No public key is as long as this many bytes.
const LONGEST: u64 = 16 * 1024;

/// Key text, from text or from a `.pub` file that holds it. A spec may be a stranger's, so no other file is read, and
/// no error says what one holds.
///
/// # Errors
/// A private key, an unreadable file, or text that is not an accepted public key.
pub fn text_or_file(value: &str) -> Result<String> {
    let value = value.trim();
    refuse_private(value, "the text given")?;
    let is_text = value.contains(' ') && ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| value.starts_with(kind));
    if !is_text && is_public(Path::new(value)) {
        return read(&expand_home(value), value);
    }
    if value.contains(' ') {
        return check(value);
    }
    Err(Error::usage(format!(
        "`{}` is neither an SSH public key nor the name of a `.pub` file",
        shown(value)
    ))
    .hint("give the public half: the file that ends in `.pub`"))
}

/// Checks key text: one line, ed25519 or RSA of at least 2048 bits.
///
/// # Errors
/// Anything else, saying what it is.
pub fn check(text: &str) -> Result<String> {
    refuse_private(text, "the text given")?;
    judged(text, text)
}

/// The key in a file; the name is how the person wrote it.
fn read(path: &Path, name: &str) -> Result<String> {
    let unreadable =
        |why: &str| Error::usage(format!("cannot read the public key file `{}`: {why}", shown(name))).hint(HINT);
    // A link may lead to another place where people keep their keys, but to no other kind of file.
    let path = fs::canonicalize(path).map_err(|error| unreadable(&why(&error)))?;
    if !is_public(&path) {
        return Err(unreadable("it leads to a file that does not end in `.pub`"));
    }
    let text = files::read_text(&path, LONGEST).map_err(|error| unreadable(&why(&error)))?;
    refuse_private(&text, name)?;
    judged(text.trim(), name)
}

fn is_public(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "pub")
}

/// The text, if it is an accepted key; errors call it by this name.
fn judged(text: &str, name: &str) -> Result<String> {
    let not_a_key = || Error::usage(format!("`{}` is not an SSH public key", shown(name))).hint(HINT);
    if text.chars().any(char::is_control) {
        return Err(Error::usage("the SSH public key is not a single line").hint(HINT));
    }
    let key = PublicKey::from_openssh(text).map_err(|_| not_a_key())?;
    match key.algorithm() {
        Algorithm::Ed25519 => Ok(text.to_owned()),
        Algorithm::Rsa { .. } => {
            let bits = key
                .key_data()
                .rsa()
                .and_then(|rsa| rsa.n.as_positive_bytes())
                .map_or(0, |n| n.len() * 8);
            match bits {
                2048.. => Ok(text.to_owned()),
                _ => Err(Error::usage(format!("the RSA key has {bits} bits; at least 2048 are needed")).hint(HINT)),
            }
        }
        // A name of somebody's own making.
        Algorithm::Other(_) => Err(not_a_key()),
        other => Err(Error::usage(format!(
            "`{}` keys are not accepted; allowed: ssh-ed25519, ssh-rsa of 2048 bits or more",
            other.as_str()
        ))
        .hint(HINT)),
    }
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
        if let Ok(key) = read(&entry.path(), &name) {
            found.push((modified, entry.path(), key));
        }
    }
    found.sort();
    Ok(found.pop().map(|(_, path, key)| (path, key)))
}

fn refuse_private(text: &str, name: &str) -> Result<()> {
    if text.contains("PRIVATE KEY") || text.starts_with("PuTTY-User-Key-File") {
        return Err(Error::usage(format!("`{}` is a private key", shown(name)))
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
