//! Paths inside a folder that someone else may have filled.

use std::fs::{self, FileType};
use std::io::{Error, ErrorKind, Result};
use std::path::{Component, Path, PathBuf};

use super::name;

/// The path of a name inside a folder, if every part before the last is a real folder. A linked folder would lead
/// outside.
///
/// # Errors
/// A name that is absolute or goes up, and anything but a folder on the way.
pub fn beneath(root: &Path, relative: &str) -> Result<PathBuf> {
    for folder in folders(root, relative)? {
        match kind(&folder)? {
            Some(found) => must_be_folder(&folder, found)?,
            // Nothing below can exist either.
            None => break,
        }
    }
    Ok(root.join(relative))
}

/// The same, creating missing folders.
///
/// # Errors
/// As for [`beneath`], and what the system refuses.
pub fn make_folders(root: &Path, relative: &str) -> Result<PathBuf> {
    for folder in folders(root, relative)? {
        match kind(&folder)? {
            Some(found) => must_be_folder(&folder, found)?,
            None => fs::create_dir(&folder)?,
        }
    }
    Ok(root.join(relative))
}

/// The type of what is at a path, without following a link; `None` for nothing.
///
/// # Errors
/// The system's own, but for "not found".
pub fn kind(path: &Path) -> Result<Option<FileType>> {
    match fs::symlink_metadata(path) {
        Ok(data) => Ok(Some(data.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether there is a regular file at a path, not a link to one.
pub fn is_file(path: &Path) -> bool {
    matches!(kind(path), Ok(Some(kind)) if kind.is_file())
}

/// Every folder between the root and the name, outermost first.
fn folders(root: &Path, relative: &str) -> Result<Vec<PathBuf>> {
    let path = Path::new(relative);
    let plain = |part: Component| matches!(part, Component::Normal(_));
    if relative.is_empty() || !path.components().all(plain) {
        return Err(Error::new(ErrorKind::InvalidInput, "it is not a name inside the folder"));
    }
    let mut above: Vec<PathBuf> = path
        .ancestors()
        .skip(1)
        .filter(|part| !part.as_os_str().is_empty())
        .map(|part| root.join(part))
        .collect();
    above.reverse();
    Ok(above)
}

fn must_be_folder(path: &Path, found: FileType) -> Result<()> {
    match found.is_dir() {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("`{}` is {}, not a folder", path.display(), name(found)),
        )),
    }
}

/// Folders inside a folder, sorted; none if it does not exist. Links do not count.
pub fn folders_under(folder: &Path) -> Vec<PathBuf> {
    let is_folder = |path: &Path| matches!(kind(path), Ok(Some(kind)) if kind.is_dir());
    if !is_folder(folder) {
        return Vec::new();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_folder(path))
        .collect();
    found.sort();
    found
}
