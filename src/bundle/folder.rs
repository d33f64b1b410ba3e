//! What a bundle's folder contains, compared with its own list of hashes.
//!
//! The folder may be a stranger's: names come from the renderer, links are never followed, and only regular files are
//! opened.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, json, why};
use crate::files;
use crate::layout::LOCK_FILE;
use crate::render::{Lock, RenderedFile, is_generated, sha256};

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
    /// A path that is not a folder, and a list that cannot be read.
    pub fn read(path: &Path) -> Result<Folder> {
        if path.exists() && !path.is_dir() {
            return Err(
                Error::usage(format!("`{}` is not a folder", path.display())).hint("name another folder with --out")
            );
        }
        let mut folder = Folder {
            path: path.to_owned(),
            lock: Lock::default(),
        };
        if let Some(text) = folder.text(LOCK_FILE)? {
            folder.lock = serde_json::from_str(&text).map_err(|error| {
                Error::usage(format!("`{}` is damaged: {}", path.join(LOCK_FILE).display(), json(&error)))
                    .hint("restore it from version control, or generate into another folder")
            })?;
        }
        Ok(folder)
    }

    /// Whether a bundle was generated here before.
    pub fn is_bundle(&self) -> bool {
        self.lock.schema_version != 0
    }

    /// The version that wrote the bundle, such as `remote-setup 0.1.0`.
    pub fn generated_by(&self) -> &str {
        &self.lock.generated_by
    }

    /// The list to keep while these files are being written: each file may be the old or the new one.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn lock_towards(&self, files: &[RenderedFile]) -> Result<Lock> {
        let next = Lock::of(files);
        let mut now = BTreeMap::new();
        for path in next
            .files
            .keys()
            .map(String::as_str)
            .chain(self.no_longer_generated(files))
        {
            if let Some(bytes) = self.bytes(path)? {
                now.insert(path.to_owned(), sha256(&bytes));
            }
        }
        Ok(Lock {
            next: next.files.clone(),
            files: now,
            ..next
        })
    }

    /// Bytes of a file; `None` where there is none.
    ///
    /// # Errors
    /// Anything but a regular file at that name, or a link on the way to it.
    pub fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let read = files::beneath(&self.path, path).and_then(|path| files::read_regular(&path));
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(
                    Error::usage(format!("cannot read `{}`: {}", self.path.join(path).display(), why(&error)))
                        .hint("remove it from the folder; only regular files in real folders belong in a bundle"),
                )
            }
        }
    }

    /// The same as text.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn text(&self, path: &str) -> Result<Option<String>> {
        let bytes = self.bytes(path)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Whether the folder has this file with exactly these bytes.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn holds(&self, file: &RenderedFile) -> Result<bool> {
        Ok(self
            .bytes(&file.path)?
            .is_some_and(|bytes| bytes == file.contents.as_bytes()))
    }

    /// Files that are neither what was generated last nor what would be written now: edited by hand, or older than the
    /// bundle.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn edited(&self, files: &[RenderedFile]) -> Result<Vec<String>> {
        let written_now = files.iter().map(|file| file.path.as_str());
        let mut edited = Vec::new();
        for path in written_now.chain(self.no_longer_generated(files)) {
            if (path != LOCK_FILE || !self.is_bundle()) && self.is_edited(path, files)? {
                edited.push(path.to_owned());
            }
        }
        edited.sort();
        Ok(edited)
    }

    fn is_edited(&self, path: &str, files: &[RenderedFile]) -> Result<bool> {
        let Some(bytes) = self.bytes(path)? else {
            return Ok(false);
        };
        let found = sha256(&bytes);
        let as_generated = [&self.lock.files, &self.lock.next]
            .iter()
            .any(|list| list.get(path) == Some(&found));
        let as_now = files
            .iter()
            .any(|file| file.path == path && file.contents.as_bytes() == bytes);
        Ok(!(as_generated || as_now))
    }

    /// Files that are missing or differ from what would be written.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn changed(&self, files: &[RenderedFile]) -> Result<Vec<String>> {
        let mut changed = Vec::new();
        for file in files {
            if !self.holds(file)? {
                changed.push(file.path.clone());
            }
        }
        Ok(changed)
    }

    /// Files generated earlier that would no longer be generated.
    ///
    /// # Errors
    /// As for [`Folder::bytes`].
    pub fn stale(&self, files: &[RenderedFile]) -> Result<Vec<String>> {
        let mut stale = Vec::new();
        for path in self.no_longer_generated(files) {
            if self.bytes(path)?.is_some() {
                stale.push(path.to_owned());
            }
        }
        Ok(stale)
    }

    /// Only names that this program uses: the list in the folder could name anything.
    fn no_longer_generated<'a>(&'a self, files: &'a [RenderedFile]) -> impl Iterator<Item = &'a str> {
        let lists = self.lock.files.keys().chain(self.lock.next.keys());
        let mut names: Vec<&str> = lists
            .map(String::as_str)
            .filter(|path| is_generated(path) && !files.iter().any(|file| file.path == *path))
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter()
    }
}
