//! New values for secrets already in use; the old values are restored if the new ones do not arrive.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::bundle::Folder;
use crate::bundle::versions::Versions;
use crate::deployment::{Deployment, SecretSlot};
use crate::error::{Error, Kind, Result};
use crate::files::replace;
use crate::layout::VERSIONS_FILE;

/// The files that a rotation writes, and what they held before.
#[derive(Debug, Default)]
pub struct Rotation {
    files: Vec<Rewritten>,
    /// Whether dropping it restores the old texts.
    is_begun: bool,
}

/// One rewritten file.
#[derive(Debug)]
struct Rewritten {
    path: PathBuf,
    text: Zeroizing<String>,
    mode: u32,
    /// Its bytes and mode; `None` where there was none.
    before: Option<(Zeroizing<Vec<u8>>, u32)>,
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
                    "--rotate: `{name}` is not a secret of this deployment; allowed: {}",
                    known.join(", ")
                ))
                .hint(format!("use `--rotate {}`", known[0]))
            })
        })
        .collect()
}

impl Rotation {
    /// Prepares `secrets.env` with the new values and, with a vault, the raised versions that make Terraform store
    /// them. Nothing is written yet.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub fn of(
        d: &Deployment,
        slots: &[&SecretSlot],
        directory: &Path,
        secrets_file: &Path,
        secrets: &str,
    ) -> Result<Rotation> {
        let mut files = vec![Rewritten::of(secrets_file, secrets.to_owned(), 0o600)];
        if d.cloud.vault.is_some() {
            files.push(Rewritten::of(&directory.join(VERSIONS_FILE), raised(directory, slots)?, 0o644));
        }
        Ok(Rotation { files, is_begun: false })
    }

    /// Writes the new texts.
    ///
    /// # Errors
    /// A file cannot be written; the ones already written are restored.
    pub fn begin(&mut self) -> Result<()> {
        self.is_begun = true;
        let mut files = self.files.iter();
        let written = files.try_for_each(|file| replace(&file.path, file.text.as_bytes(), file.mode));
        written.map_err(|error| match self.take_back() {
            Ok(()) => error,
            Err(lost) => error.hint(lost.message()),
        })
    }

    /// Keeps the new values from here on, whatever happens.
    pub fn keep(&mut self) {
        self.is_begun = false;
    }

    /// Restores the old texts, unless the new ones were kept.
    ///
    /// # Errors
    /// A file that could not be restored.
    pub fn take_back(&mut self) -> Result<()> {
        if !std::mem::take(&mut self.is_begun) {
            return Ok(());
        }
        let mut lost = Vec::new();
        for file in &self.files {
            if let Err(error) = file.put_back() {
                lost.push(format!("`{}` ({})", file.path.display(), error.message()));
            }
        }
        match lost.as_slice() {
            [] => Ok(()),
            several => Err(Error::new(
                Kind::Failed,
                format!(
                    "the new secrets are not in use, but the old ones could not be restored in {}",
                    several.join(" and ")
                ),
            )
            .hint("put the old values back yourself before you apply or push again")),
        }
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

impl Rewritten {
    fn of(path: &Path, text: String, mode: u32) -> Rewritten {
        let held = |data: fs::Metadata| data.permissions().mode() & 0o7777;
        Rewritten {
            path: path.to_owned(),
            text: Zeroizing::new(text),
            mode,
            before: fs::read(path)
                .ok()
                .map(Zeroizing::new)
                .zip(fs::metadata(path).ok().map(held)),
        }
    }

    fn put_back(&self) -> Result<()> {
        match &self.before {
            Some((bytes, mode)) => replace(&self.path, bytes, *mode),
            None => match fs::remove_file(&self.path) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(anyhow::Error::from(error).into()),
                _ => Ok(()),
            },
        }
    }
}
