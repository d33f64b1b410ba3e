//! The folder on disk: what is there, how it differs from what was rendered, and writing it whole.

pub mod diff;
pub mod folder;
mod swap;

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::render::{LOCK_FILE, RenderedFile, SECRETS_FILE, SPEC_FILE};

pub use folder::Folder;

/// Folders inside a folder, sorted; none when it is not there.
pub fn folders_under(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Copies what Terraform reads of a bundle: generated files and variable files, nothing secret and no
/// state.
///
/// # Errors
/// A folder without a bundle, and whatever the file system refuses.
pub fn copy_for_rehearsal(from: &Path, to: &Path) -> Result<()> {
    let folder = Folder::read(from)?;
    let listed = folder.listed().map(str::to_owned);
    let entries = std::fs::read_dir(from).map_err(anyhow::Error::from)?.flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let variables = names.filter(|name| name.ends_with(".tfvars") || name.ends_with(".tfvars.json"));
    for name in listed.chain(variables).chain([LOCK_FILE.to_owned()]) {
        let target = to.join(&name);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(anyhow::Error::from)?;
        }
        std::fs::copy(from.join(&name), &target)
            .with_context(|| format!("cannot copy `{}`", from.join(&name).display()))?;
    }
    Ok(())
}

/// Writes a file with just this mode, by rename: there is never half a file.
///
/// # Errors
/// The folder cannot be written.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Git ignores this name, should a killed run leave it.
    let mut new = tempfile::Builder::new()
        .prefix(".remote-setup-")
        .tempfile_in(folder)
        .with_context(failed)?;
    new.write_all(bytes).with_context(failed)?;
    let file = new.as_file();
    file.set_permissions(Permissions::from_mode(mode))
        .with_context(failed)?;
    file.sync_all().with_context(failed)?;
    new.persist(path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

/// Replaces a file, with its mode, and keeps the old one beside it for its owner alone; says where.
///
/// # Errors
/// The folder cannot be written.
pub fn replace_keeping(path: &Path, bytes: &[u8], stamp: &str) -> Result<PathBuf> {
    let backup = PathBuf::from(format!("{}.bak-{stamp}", path.display()));
    let old = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    replace(&backup, &Zeroizing::new(old), 0o600)?;
    let mode = std::fs::metadata(path)
        .map_err(anyhow::Error::from)?
        .permissions()
        .mode();
    replace(path, bytes, mode & 0o7777)?;
    Ok(backup)
}

/// A folder that goes when it is dropped, for its owner alone.
///
/// # Errors
/// It cannot be made.
pub fn temporary_folder(prefix: &str) -> Result<tempfile::TempDir> {
    let made = tempfile::Builder::new().prefix(prefix).tempdir();
    Ok(made.context("cannot make a temporary folder")?)
}

/// Keeps state in the folder itself, whatever backend its configuration names.
///
/// # Errors
/// The folder cannot be written.
pub fn write_override(folder: &Path) -> Result<()> {
    let text = "terraform {\n  backend \"local\" {}\n}\n";
    Ok(std::fs::write(folder.join("rehearsal_override.tf"), text).context("cannot write the rehearsal's backend")?)
}

/// What to do besides writing the rendered files.
#[derive(Debug)]
pub struct WriteOptions<'a> {
    /// Replace files edited by hand, keeping each as a backup.
    pub force: bool,
    /// The spec in the folder is what was read, so an edited one is not lost by writing it again.
    pub spec_is_input: bool,
    /// UTC time for backup names, `YYYYMMDDTHHMMSSZ`.
    pub stamp: &'a str,
    /// New text of `secrets.env`; `None` leaves it as it is.
    pub secrets: Option<Zeroizing<String>>,
}

/// What writing did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// New or changed files.
    pub changed: Vec<String>,
    /// Backups of files that were edited by hand.
    pub backups: Vec<String>,
    /// Files an earlier version generated and this one does not.
    pub removed: Vec<String>,
}

/// Writes the bundle: at every moment the folder holds the old one or the new one.
///
/// # Errors
/// Generated files edited by hand (without `force`), and whatever the file system refuses.
pub fn write(out: &Path, files: &[RenderedFile], options: &WriteOptions) -> Result<Written> {
    swap::recover(out)?;
    let folder = Folder::read(out)?;
    let mut edited = folder.edited(files);
    let rewritten_spec = options.spec_is_input && edited.iter().any(|path| path == SPEC_FILE);
    if rewritten_spec {
        edited.retain(|path| path != SPEC_FILE);
    }
    if !edited.is_empty() && !options.force {
        return Err(Error::usage(format!(
            "edited by hand since they were generated, in `{}`: {}",
            out.display(),
            edited.join(", ")
        ))
        .hint("move the edits into deployment.yaml, or use --force to replace the files and keep the edited ones as .bak-<UTC>"));
    }
    if rewritten_spec {
        edited.push(SPEC_FILE.to_owned());
    }
    let mut written = Written {
        changed: folder.changed(files),
        removed: folder.stale(files),
        ..Written::default()
    };
    let mut stage = swap::Stage::new(out)?;
    for path in &edited {
        // A spec that says the same in the same bytes needs no backup.
        if files.iter().any(|file| file.path == *path && folder.holds(file)) {
            continue;
        }
        let backup = format!("{path}.bak-{}", options.stamp);
        stage.copy(path, &backup)?;
        written.backups.push(backup);
    }
    for file in files {
        stage.write(&file.path, file.contents.as_bytes(), if file.executable { 0o755 } else { 0o644 })?;
    }
    if let Some(secrets) = &options.secrets {
        stage.write(SECRETS_FILE, secrets.as_bytes(), 0o600)?;
    }
    stage.keep_the_rest(&written.removed)?;
    stage.commit()?;
    Ok(written)
}
