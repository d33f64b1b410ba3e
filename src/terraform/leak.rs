//! Searches what was written and said for secret values.

use std::fs::{self, DirEntry};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::files;
use crate::inputs::Secret;
use crate::layout::SECRETS_FILE;

/// Values shorter than this are words that stand everywhere.
const SHORTEST: usize = 6;

/// Fails when a secret value stands in one of the texts, naming the place and the secret, never the value.
///
/// # Errors
/// A leak.
pub fn check_text(place: &str, text: &[u8], secrets: &[(String, Secret)]) -> Result<()> {
    for (name, secret) in secrets {
        if secret.expose().len() >= SHORTEST && contains(text, secret.expose().as_bytes()) {
            return Err(Error::new(Kind::Failed, format!("the value of `{name}` stands in {place}"))
                .hint(format!("take {place} out of everybody's reach and give `{name}` a new value")));
        }
    }
    Ok(())
}

/// The same for every file of a bundle but `secrets.env`, its backups and downloaded providers. What is no regular file has no
/// text of its own: where a link leads is somebody else's, and a FIFO would be waited for.
///
/// # Errors
/// A leak, or a folder that cannot be read.
pub fn check_folder(folder: &Path, secrets: &[(String, Secret)]) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(anyhow::Error::from)?;
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if name != "providers" {
                check_folder(&path, secrets)?;
            }
        } else if !holds_secrets(&entry)
            && let Ok(bytes) = files::read_regular(&path)
        {
            check_text(&format!("`{}`", path.display()), &bytes, secrets)?;
        }
    }
    Ok(())
}

/// Files whose business secrets are: `secrets.env`, and the one before a migration, while nobody else can read that.
fn holds_secrets(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let stamp = |name: &str| {
        let rest = name.strip_prefix(SECRETS_FILE)?.strip_prefix(".bak-")?;
        let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
        Some(rest.chars().map(digits).collect::<String>() == "00000000T000000Z")
    };
    let is_backup = name.to_str().and_then(stamp).unwrap_or(false);
    let is_private = || {
        entry
            .metadata()
            .is_ok_and(|data| data.permissions().mode() & 0o077 == 0)
    };
    name == SECRETS_FILE || is_backup && is_private()
}

fn contains(text: &[u8], value: &[u8]) -> bool {
    let first = value[0];
    text.len() >= value.len()
        && text
            .windows(value.len())
            .any(|window| window[0] == first && window == value)
}
