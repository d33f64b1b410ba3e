//! Writes a bundle: every file atomically, one after the other, the list of hashes last.
//!
//! A killed run may leave files of two bundles. Each file is complete, every verb refuses the mix, and the next run
//! finishes it: the list has the hashes of both until the last file is written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use zeroize::Zeroizing;

use super::folder::Folder;
use super::lock;
use crate::error::{Error, Result};
use crate::files::{self, TEMPORARY, place, replace};
use crate::layout::{IGNORE_FILE, LOCK_FILE, SECRETS_FILE, SPEC_FILE};
use crate::render::{RenderedFile, sha256};

/// Options for writing.
#[derive(Debug)]
pub struct WriteOptions<'a> {
    /// Replaces files edited by hand, keeping a backup of each.
    pub force: bool,
    /// The folder's spec is the one that was read, so writing it again loses no edit.
    pub spec_is_input: bool,
    /// UTC time for backup names, `YYYYMMDDTHHMMSSZ`.
    pub stamp: &'a str,
    /// New text of `secrets.env`; `None` leaves it as it is.
    pub secrets: Option<Zeroizing<String>>,
    /// What the answers were read from.
    pub seen: Seen,
}

/// Hashes of the answers and secrets that a folder held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen([Option<String>; 2]);

impl Seen {
    /// Reads them.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn now(out: &Path) -> Result<Seen> {
        let folder = Folder::read(out)?;
        let hash = |name| Ok::<_, Error>(folder.bytes(name)?.map(|bytes| sha256(&bytes)));
        Ok(Seen([hash(SPEC_FILE)?, hash(SECRETS_FILE)?]))
    }
}

/// What writing did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// New or changed files.
    pub changed: Vec<String>,
    /// Backups of files edited by hand.
    pub backups: Vec<String>,
    /// Files an earlier version generated and this one does not.
    pub removed: Vec<String>,
}

/// Writes the bundle.
///
/// # Errors
/// Generated files edited by hand (without `force`), another run on the same folder, and file system errors.
pub fn write(out: &Path, files: &[RenderedFile], options: &WriteOptions) -> Result<Written> {
    // Checked first, so that a refused run leaves no trace.
    to_replace(&Folder::read(out)?, out, files, options)?;
    fs::create_dir_all(out).with_context(|| format!("cannot create `{}`", out.display()))?;
    let _lock = lock::take(out)?;
    remove_leftovers(out);
    if Seen::now(out)? != options.seen {
        return Err(Error::usage(format!("another run changed `{}` in the meantime", out.display()))
            .hint("run the same command again"));
    }
    let folder = Folder::read(out)?;
    let edited = to_replace(&folder, out, files, options)?;
    let mut written = Written {
        changed: folder.changed(files)?,
        removed: folder.stale(files)?,
        ..Written::default()
    };
    for path in &edited {
        let bytes = folder.bytes(path)?.unwrap_or_default();
        // An identical spec needs no backup.
        if files
            .iter()
            .any(|file| file.path == *path && file.contents.as_bytes() == bytes)
        {
            continue;
        }
        let backup = format!("{path}.bak-{}", options.stamp);
        put(out, &backup, &bytes, 0o600)?;
        written.backups.push(backup);
    }
    let hashes = folder.lock_towards(files)?.to_text();
    put(out, LOCK_FILE, hashes.as_bytes(), 0o644)?;
    // First, so that secrets are never there without it.
    let (first, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path == IGNORE_FILE);
    for file in first {
        write_file(out, file)?;
    }
    if let Some(secrets) = &options.secrets {
        put(out, SECRETS_FILE, secrets.as_bytes(), 0o600)?;
    }
    for path in &written.removed {
        let path = files::beneath(out, path).map_err(anyhow::Error::from)?;
        fs::remove_file(&path).with_context(|| format!("cannot remove `{}`", path.display()))?;
    }
    // The list of hashes goes last.
    for file in others {
        write_file(out, file)?;
    }
    Ok(written)
}

/// Files edited by hand, to be kept as backups.
fn to_replace(folder: &Folder, out: &Path, files: &[RenderedFile], options: &WriteOptions) -> Result<Vec<String>> {
    let edited = folder.edited(files)?;
    let refused: Vec<&str> = edited
        .iter()
        .map(String::as_str)
        .filter(|path| !(options.spec_is_input && *path == SPEC_FILE))
        .collect();
    if refused.is_empty() || options.force {
        return Ok(edited);
    }
    Err(Error::usage(format!(
        "edited by hand since they were generated, in `{}`: {}",
        out.display(),
        refused.join(", ")
    ))
    .hint("move the edits into deployment.yaml, or use --force to replace the files and keep the edited ones as .bak-<UTC>"))
}

fn write_file(out: &Path, file: &RenderedFile) -> Result<()> {
    let path = path_of(out, &file.path)?;
    // Through the bundle's own folder, where leftovers of a killed run are looked for.
    place(out, &path, file.contents.as_bytes(), if file.executable { 0o755 } else { 0o644 })
}

fn put(out: &Path, name: &str, bytes: &[u8], mode: u32) -> Result<()> {
    replace(&path_of(out, name)?, bytes, mode)
}

fn path_of(out: &Path, name: &str) -> Result<PathBuf> {
    Ok(files::make_folders(out, name).with_context(|| format!("cannot write `{}`", out.join(name).display()))?)
}

/// Removes temporary files of a killed run; the lock proves that no other run is using them.
fn remove_leftovers(out: &Path) {
    for entry in fs::read_dir(out).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
