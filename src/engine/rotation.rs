//! New values for secrets that are in the vault already: a raised version makes Terraform store again.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Result};

/// Terraform reads it by itself; it holds numbers only and belongs into version control.
pub const VERSIONS_FILE: &str = "secret_versions.auto.tfvars.json";

#[derive(Default, Serialize, Deserialize)]
struct Versions {
    secret_versions: BTreeMap<String, u64>,
}

/// Files as they were, until the rotation is known to have happened.
#[derive(Debug, Default)]
pub struct Rotation {
    before: Vec<(PathBuf, Option<Zeroizing<Vec<u8>>>)>,
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
    /// Raises the version of each secret, and writes the file with the new values.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn begin(directory: &Path, slots: &[&SecretSlot], secrets_file: &Path, secrets: &str) -> Result<Rotation> {
        let path = directory.join(VERSIONS_FILE);
        let mut rotation = Rotation::default();
        for file in [path.as_path(), secrets_file] {
            rotation
                .before
                .push((file.to_owned(), fs::read(file).ok().map(Zeroizing::new)));
        }
        let mut versions: Versions = match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                Error::usage(format!("`{}` is damaged: {error}", path.display()))
                    .hint("restore it from version control")
            })?,
            Err(_) => Versions::default(),
        };
        for slot in slots {
            *versions.secret_versions.entry(slot.vault_name()).or_insert(1) += 1;
        }
        let text = serde_json::to_string_pretty(&versions).map_err(anyhow::Error::from)?;
        replace(secrets_file, secrets.as_bytes(), 0o600)?;
        replace(&path, format!("{text}\n").as_bytes(), 0o644)?;
        Ok(rotation)
    }

    pub fn is_one(&self) -> bool {
        !self.before.is_empty()
    }

    /// Puts everything back: nothing was applied.
    pub fn take_back(&self) {
        for (path, before) in &self.before {
            let _ = match before {
                Some(bytes) => replace(path, bytes, 0o600),
                None => fs::remove_file(path).map_err(|error| anyhow::Error::from(error).into()),
            };
        }
    }
}

/// By rename: there is never half a file.
fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let new = path.with_extension("remote-setup-new");
    let _ = fs::remove_file(&new);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&new)
        .with_context(failed)?;
    std::io::Write::write_all(&mut file, bytes).with_context(failed)?;
    fs::rename(&new, path).with_context(failed)?;
    Ok(())
}
