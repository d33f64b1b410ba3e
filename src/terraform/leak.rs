//! Searches files and program output for secret values.

use std::fs::{self, DirEntry};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::files;
use crate::inputs::Secret;
use crate::layout::SECRETS_FILE;

/// Shorter values would match ordinary words.
const SHORTEST: usize = 6;

/// Fails if the text contains a secret value; the error names the place and the secret, never the value.
///
/// # Errors
/// A leak.
pub fn check_text(place: &str, text: &[u8], secrets: &[(String, Secret)]) -> Result<()> {
    for (name, secret) in secrets {
        if secret.expose().len() >= SHORTEST && contains(text, secret.expose().as_bytes()) {
            return Err(Error::new(Kind::Failed, format!("the value of `{name}` leaked into {place}"))
                .hint(format!("restrict access to {place} and give `{name}` a new value")));
        }
    }
    Ok(())
}

/// The same for every file of a bundle except `secrets.env`, its backups and downloaded providers. Only regular files
/// are read: a link leads elsewhere, and reading a FIFO would block.
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

/// Files that are meant to hold secrets: `secrets.env` and its backups, as long as they are private.
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
