//! Replacing a folder in one step.
//!
//! The new folder is built whole beside the old one. What is not ours in the old one (Terraform
//! state, say) is hard-linked into it, so that it is in both, and then the two names are exchanged
//! in a single system call. A run killed before that leaves the old bundle, one killed after it the new
//! one. Where folders cannot be exchanged (a mount point, a folder somebody stands in, some file systems), the
//! changed files are moved in one by one from a finished stage inside the folder; a run killed there
//! is finished by the next run.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::error::Result;

/// Name of a finished stage inside a folder that cannot be exchanged.
const READY: &str = ".remote-setup-ready";
/// Paths to remove, inside such a stage.
const REMOVALS: &str = ".remote-setup-removals";
const STAGE_PREFIX: &str = ".remote-setup-stage-";

/// A folder being built.
#[derive(Debug)]
pub(super) struct Stage {
    out: PathBuf,
    folder: tempfile::TempDir,
    in_place: bool,
    removals: Vec<String>,
}

impl Stage {
    /// Starts an empty stage for `out`, which need not exist.
    pub(super) fn new(out: &Path) -> Result<Stage> {
        let out = absolute(out)?;
        let parent = out.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
        let in_place = out.exists() && !exchangeable(&out, parent);
        let beside = if in_place { out.as_path() } else { parent };
        let folder = tempfile::Builder::new()
            .prefix(STAGE_PREFIX)
            .tempdir_in(beside)
            .with_context(|| format!("cannot write in `{}`", beside.display()))?;
        Ok(Stage {
            out,
            folder,
            in_place,
            removals: Vec::new(),
        })
    }

    /// Writes one file with just this mode.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8], mode: u32) -> Result<()> {
        let target = self.folder.path().join(path);
        let failed = || format!("cannot write `{}`", self.out.join(path).display());
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).with_context(failed)?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&target)
            .with_context(failed)?;
        file.write_all(bytes).with_context(failed)?;
        file.set_permissions(fs::Permissions::from_mode(mode))
            .with_context(failed)?;
        Ok(())
    }

    /// Copies a file of the old folder under another name.
    pub(super) fn copy(&mut self, path: &str, name: &str) -> Result<()> {
        let bytes = fs::read(self.out.join(path))
            .with_context(|| format!("cannot read `{}`", self.out.join(path).display()))?;
        self.write(name, &bytes, 0o600)
    }

    /// Takes over everything of the old folder that was not written here and is not removed.
    pub(super) fn keep_the_rest(&mut self, removed: &[String]) -> Result<()> {
        self.removals = removed.to_vec();
        if self.in_place || !self.out.exists() {
            return Ok(());
        }
        let gone: Vec<PathBuf> = removed.iter().map(|path| self.out.join(path)).collect();
        link_rest(&self.out, self.folder.path(), &gone)
            .with_context(|| format!("cannot take over the files in `{}`", self.out.display()))?;
        let mode = fs::metadata(&self.out)
            .with_context(|| format!("cannot read `{}`", self.out.display()))?
            .permissions();
        fs::set_permissions(self.folder.path(), mode)
            .with_context(|| format!("cannot write `{}`", self.folder.path().display()))?;
        Ok(())
    }

    /// Puts the new folder in the place of the old one.
    pub(super) fn commit(self) -> Result<()> {
        let failed = || format!("cannot put the bundle in place at `{}`", self.out.display());
        let stage = self.folder.path();
        if !self.out.exists() {
            fs::set_permissions(stage, fs::Permissions::from_mode(0o755)).with_context(failed)?;
            fs::rename(stage, &self.out).with_context(failed)?;
            return Ok(());
        }
        let exchanged = !self.in_place && renameat_with(CWD, stage, CWD, &self.out, RenameFlags::EXCHANGE).is_ok();
        if !exchanged {
            fs::write(stage.join(REMOVALS), self.removals.join("\n")).with_context(failed)?;
            fs::rename(stage, self.out.join(READY)).with_context(failed)?;
            roll_forward(&self.out)?;
        }
        // After an exchange the stage's name holds the old folder, which goes with the guard.
        Ok(())
    }
}

/// Finishes or clears what a killed run left.
pub(super) fn recover(out: &Path) -> Result<()> {
    let out = absolute(out)?;
    if out.join(READY).is_dir() {
        roll_forward(&out)?;
    }
    for folder in [Some(out.as_path()), out.parent()].into_iter().flatten() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let old = entry
                .metadata()
                .and_then(|data| data.modified())
                .is_ok_and(|time| time.elapsed().is_ok_and(|age| age.as_secs() > 60));
            if old && entry.file_name().to_string_lossy().starts_with(STAGE_PREFIX) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
    Ok(())
}

/// Moves every file of a finished stage inside `out` to its place.
fn roll_forward(out: &Path) -> Result<()> {
    let ready = out.join(READY);
    let failed = || format!("cannot put the bundle in place at `{}`", out.display());
    let list = ready.join(REMOVALS);
    for path in fs::read_to_string(&list).unwrap_or_default().lines() {
        match fs::remove_file(out.join(path)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).with_context(failed)?,
            _ => {}
        }
    }
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(ready.join(&folder)).with_context(failed)? {
            let entry = entry.with_context(failed)?;
            let path = folder.join(entry.file_name());
            if entry.file_type().with_context(failed)?.is_dir() {
                fs::create_dir_all(out.join(&path)).with_context(failed)?;
                folders.push(path);
            } else if entry.path() != list {
                fs::rename(entry.path(), out.join(&path)).with_context(failed)?;
            }
        }
    }
    fs::remove_dir_all(&ready).with_context(failed)?;
    Ok(())
}

/// Whether `out` may become another folder: not where somebody stands in it (a shell, a running
/// Terraform) or a repository has its root, not where it is a mount point, and only with a parent to
/// build the other one in.
fn exchangeable(out: &Path, parent: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|data| data.dev()).ok();
    let mount_point = device(parent) != device(out);
    let writable = rustix::fs::access(parent, rustix::fs::Access::WRITE_OK).is_ok();
    writable && !mount_point && !out.join(".git").exists() && !is_occupied(out)
}

fn is_occupied(out: &Path) -> bool {
    let stands_in_it = |folder: PathBuf| folder.starts_with(out);
    if std::env::current_dir().is_ok_and(stands_in_it) {
        return true;
    }
    let Ok(processes) = fs::read_dir("/proc") else {
        return false;
    };
    processes
        .flatten()
        .filter(|process| process.file_name().as_encoded_bytes()[0].is_ascii_digit())
        .any(|process| fs::read_link(process.path().join("cwd")).is_ok_and(stands_in_it))
}

fn link_rest(from: &Path, to: &Path, removed: &[PathBuf]) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let source = entry.path();
        let target = to.join(entry.file_name());
        let name = entry.file_name();
        if removed.contains(&source) || name.to_string_lossy().starts_with(STAGE_PREFIX) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !target.exists() {
                fs::create_dir(&target)?;
                fs::set_permissions(&target, entry.metadata()?.permissions())?;
            }
            link_rest(&source, &target, removed)?;
        } else if target.symlink_metadata().is_ok() {
            // Written anew.
        } else if kind.is_symlink() {
            symlink(fs::read_link(&source)?, &target)?;
        } else {
            fs::hard_link(&source, &target)?;
        }
    }
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    let absolute = if path.is_absolute() {
        path.to_owned()
    } else {
        std::env::current_dir()
            .context("cannot find the current folder")?
            .join(path)
    };
    Ok(fs::canonicalize(&absolute).unwrap_or(absolute))
}
