//! The bundle's host keys, in the file that `ssh` reads too. The file may come from a stranger.

use std::fs;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;

use ssh_key::{HashAlg, PublicKey};

use crate::error::{Error, Kind, Result, why};
use crate::files;
use crate::files::replace;
use crate::layout::KNOWN_HOSTS;
use crate::text::shown;

/// A list of host keys is never this large, in bytes.
const LARGEST: u64 = 1 << 16;

/// SHA256 fingerprint of the key that the folder has for a machine, if any.
///
/// # Errors
/// The file is not ours: patterns and authorities would hide which machines they match.
pub(super) fn known(directory: &Path, host: &str) -> Result<Option<String>> {
    let key = in_folder(directory, host)?;
    Ok(key.map(|key| key.fingerprint(HashAlg::Sha256).to_string()))
}

pub(super) fn in_folder(directory: &Path, host: &str) -> Result<Option<PublicKey>> {
    let mut keys = entries(directory)?.into_iter().filter(|(name, _)| name == host);
    let key = keys.next().map(|(_, key)| key);
    match keys.next() {
        Some(_) => Err(not_ours(&directory.join(KNOWN_HOSTS), format!("has more than one key for `{host}`"))),
        None => Ok(key),
    }
}

/// Address and key of every line. `ssh` would accept more: patterns, hashed names, authorities.
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
                let what = format!("line {}, `{}`, is not an address followed by its key", index + 1, shown(line));
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
    .hint("remove the file; the machine's host key is then compared again")
}

/// Writes the key, replacing any other for this machine.
pub(super) fn keep(directory: &Path, host: &str, key: &PublicKey) -> Result<()> {
    let mut keys = entries(directory)?;
    keys.retain(|(name, _)| name != host);
    keys.push((host.to_owned(), key.clone()));
    let mut text = String::new();
    for (host, key) in keys {
        let bare = PublicKey::new(key.key_data().clone(), "").to_openssh();
        let bare = bare.map_err(|_| Error::new(Kind::Failed, "the machine's host key cannot be encoded"))?;
        text.push_str(&format!("{host} {}\n", bare.trim_end()));
    }
    replace(&directory.join(KNOWN_HOSTS), text.as_bytes(), 0o644)
}

/// Forgets all keys: the machine is gone, or a new one comes.
///
/// # Errors
/// The file is there and cannot be removed.
pub fn forget(directory: &Path) -> Result<()> {
    match fs::remove_file(directory.join(KNOWN_HOSTS)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(anyhow::Error::from(error).into()),
        _ => Ok(()),
    }
}
