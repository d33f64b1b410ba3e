//! New values for secrets that are in use already; the old ones come back when the new ones did not arrive.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::bundle::Folder;
use crate::bundle::versions::Versions;
use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Result};
use crate::files::replace;
use crate::layout::VERSIONS_FILE;

/// Files as they were: they come back when this is dropped, unless the rotation is to stay.
#[derive(Debug, Default)]
pub struct Rotation {
    before: Vec<Before>,
}

/// One file before the rotation.
#[derive(Debug)]
struct Before {
    path: PathBuf,
    /// Its bytes and mode; `None` where there was none.
    held: Option<(Zeroizing<Vec<u8>>, u32)>,
}

/// The secrets named on the command line, by their name in `secrets.env` or in the vault.
///
/// # Errors
/// A name the deployment does not have.
pub fn slots<'a>(names: &[String], d: &'a Deployment) -> Result<Vec<&'a SecretSlot>> {
    names
        .iter()
        .map(|name| {
            let found = d
                .secrets
                .iter()
                .find(|slot| slot.env == name || slot.vault_name() == *name);
            found.ok_or_else(|| {
                let known: Vec<_> = d.secrets.iter().map(|slot| slot.env).collect();
                Error::usage(format!(
                    "--rotate: `{name}` is no secret of this deployment; allowed: {}",
                    known.join(", ")
                ))
                .hint(format!("use `--rotate {}`", known[0]))
            })
        })
        .collect()
}

impl Rotation {
    /// Writes the file with the new values, and raises the versions that make Terraform store them where there is
    /// a vault.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn begin(
        d: &Deployment,
        slots: &[&SecretSlot],
        directory: &Path,
        secrets_file: &Path,
        secrets: &str,
    ) -> Result<Rotation> {
        let mut rotation = Rotation::default();
        rotation.before.push(Before::read(secrets_file));
        if d.cloud.vault.is_some() {
            let path = directory.join(VERSIONS_FILE);
            let text = raised(directory, slots)?;
            rotation.before.push(Before::read(&path));
            replace(&path, text.as_bytes(), 0o644)?;
        }
        replace(secrets_file, secrets.as_bytes(), 0o600)?;
        Ok(rotation)
    }

    /// From here on the new values stay, whatever happens.
    pub fn keep(&mut self) {
        self.before.clear();
    }
}

/// The versions file with the version of each of these secrets raised.
fn raised(directory: &Path, slots: &[&SecretSlot]) -> Result<String> {
    let mut versions = Versions::read(&Folder::read(directory)?)?;
    for slot in slots {
        *versions.secret_versions.entry(slot.vault_name()).or_insert(1) += 1;
    }
    let text = serde_json::to_string_pretty(&versions).map_err(anyhow::Error::from)?;
    Ok(format!("{text}\n"))
}

impl Drop for Rotation {
    fn drop(&mut self) {
        for before in &self.before {
            let _ = match &before.held {
                Some((bytes, mode)) => replace(&before.path, bytes, *mode),
                None => fs::remove_file(&before.path).map_err(|error| anyhow::Error::from(error).into()),
            };
        }
    }
}

impl Before {
    fn read(path: &Path) -> Before {
        let mode = |data: fs::Metadata| data.permissions().mode() & 0o7777;
        Before {
            path: path.to_owned(),
            held: fs::read(path)
                .ok()
                .map(Zeroizing::new)
                .zip(fs::metadata(path).ok().map(mode)),
        }
    }
}
