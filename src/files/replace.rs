//! Writes files atomically, by rename.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use zeroize::Zeroizing;

use crate::error::Result;

/// Prefix of temporary files; git ignores it, in case a killed run leaves one.
pub const TEMPORARY: &str = ".remote-setup-new-";

/// Writes a file with this mode, by rename: never half a file, not even after a power cut.
///
/// # Errors
/// The folder cannot be written.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    put_in_place(folder, path, bytes, mode, true)
}

/// The same without waiting for the disk, through a temporary file in `folder`: for what can be written again.
pub fn place(folder: &Path, path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    put_in_place(folder, path, bytes, mode, false)
}

fn put_in_place(folder: &Path, path: &Path, bytes: &[u8], mode: u32, sync: bool) -> Result<()> {
    let failed = || format!("cannot write `{}`", path.display());
    let mut new = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder)
        .with_context(failed)?;
    new.write_all(bytes).with_context(failed)?;
    let file = new.as_file();
    file.set_permissions(Permissions::from_mode(mode))
        .with_context(failed)?;
    if sync {
        file.sync_all().with_context(failed)?;
    }
    new.persist(path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

/// Replaces a file, keeping its mode, and saves the old one next to it for its owner alone; returns where.
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

/// A private folder that is removed when dropped.
///
/// # Errors
/// It cannot be made.
pub fn temporary_folder(prefix: &str) -> Result<tempfile::TempDir> {
    let made = tempfile::Builder::new().prefix(prefix).tempdir();
    Ok(made.context("cannot create a temporary folder")?)
}
