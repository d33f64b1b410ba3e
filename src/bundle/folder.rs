//! What a bundle's folder holds, against its own list of hashes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::render::{LOCK_FILE, Lock, RenderedFile, sha256};

/// A folder as it was when it was read.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: Lock,
}

impl Folder {
    /// Reads the list of hashes; a folder without one holds no bundle yet.
    ///
    /// # Errors
    /// A path that is no folder, and a list that cannot be read.
    pub fn read(path: &Path) -> Result<Folder> {
        if path.exists() && !path.is_dir() {
            return Err(
                Error::usage(format!("`{}` is not a folder", path.display())).hint("name another folder with --out")
            );
        }
        let lock_path = path.join(LOCK_FILE);
        let lock = match fs::read_to_string(&lock_path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                Error::usage(format!("`{}` is damaged: {error}", lock_path.display()))
                    .hint("restore it from version control, or generate into another folder")
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => Lock::default(),
            Err(error) => {
                return Err(Error::usage(format!("cannot read `{}`: {error}", lock_path.display()))
                    .hint("name another folder with --out"));
            }
        };
        Ok(Folder {
            path: path.to_owned(),
            lock,
        })
    }

    /// Whether a bundle was generated here before.
    pub fn is_bundle(&self) -> bool {
        self.lock.schema_version != 0
    }

    /// Paths of the files that were generated.
    pub fn listed(&self) -> impl Iterator<Item = &str> {
        self.lock.files.keys().map(String::as_str)
    }

    /// Contents of a file, if it is there and is text.
    pub fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path.join(path)).ok()
    }

    /// Whether a file stands there with just these bytes.
    pub fn holds(&self, file: &RenderedFile) -> bool {
        fs::read(self.path.join(&file.path)).is_ok_and(|bytes| bytes == file.contents.as_bytes())
    }

    /// Files whose bytes are neither what was generated last nor what would be written now:
    /// edited by hand, or there before any bundle was.
    pub fn edited(&self, files: &[RenderedFile]) -> Vec<String> {
        let written_now = files.iter().map(|file| file.path.as_str());
        let stale = self.stale_paths(files);
        let mut edited: Vec<String> = written_now
            .chain(stale)
            .filter(|path| *path != LOCK_FILE || !self.is_bundle())
            .filter(|path| self.is_edited(path, files))
            .map(str::to_owned)
            .collect();
        edited.sort();
        edited
    }

    fn is_edited(&self, path: &str, files: &[RenderedFile]) -> bool {
        let Ok(bytes) = fs::read(self.path.join(path)) else {
            return false;
        };
        let as_generated = self.lock.files.get(path).is_some_and(|hash| *hash == sha256(&bytes));
        let as_now = files
            .iter()
            .any(|file| file.path == path && file.contents.as_bytes() == bytes);
        !(as_generated || as_now)
    }

    /// Files that are missing or differ from what would be written.
    pub fn changed(&self, files: &[RenderedFile]) -> Vec<String> {
        files
            .iter()
            .filter(|file| !self.holds(file))
            .map(|file| file.path.clone())
            .collect()
    }

    /// Files generated before that would not be generated now.
    pub fn stale(&self, files: &[RenderedFile]) -> Vec<String> {
        let there = |path: &&str| self.path.join(path).is_file();
        self.stale_paths(files).filter(there).map(str::to_owned).collect()
    }

    fn stale_paths<'a>(&'a self, files: &'a [RenderedFile]) -> impl Iterator<Item = &'a str> {
        let safe = |path: &&str| !path.starts_with('/') && !path.split('/').any(|part| part == "..");
        self.lock
            .files
            .keys()
            .map(String::as_str)
            .filter(safe)
            .filter(|path| !files.iter().any(|file| file.path == *path))
    }
}
