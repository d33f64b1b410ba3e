//! Opens files that someone else may have put there: only regular ones, and never through a symbolic link.
//!
//! Through a link, another file would be read or written, and a FIFO or device could block or have side effects.

mod beneath;
mod replace;

pub use beneath::{beneath, folders_under, is_file, kind, make_folders};
pub use replace::{TEMPORARY, place, replace, replace_keeping, temporary_folder};

use std::fs::{self, File, FileType, OpenOptions, Permissions};
use std::io::{Error, ErrorKind, Read, Result};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens a regular file for reading.
///
/// # Errors
/// Anything else at this path, in words ("it is a symbolic link, not a regular file"), and the system's own.
pub fn open_regular(path: &Path) -> Result<File> {
    open(path, OpenOptions::new().read(true))
}

/// All bytes of a regular file.
///
/// # Errors
/// As for [`open_regular`].
pub fn read_regular(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file of at most this many bytes.
///
/// # Errors
/// As for [`open_regular`]; a bigger file, and one that is not text.
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    let file = open_regular(path)?;
    // Allocated once: the text may be secret, and growing would leave copies in memory.
    let room = usize::try_from(file.metadata()?.len().min(most)).unwrap_or_default() + 1;
    let mut text = String::with_capacity(room);
    // Reading one byte more than allowed detects a file that is too large.
    file.take(most + 1).read_to_string(&mut text)?;
    match text.len() as u64 > most {
        true => Err(Error::new(ErrorKind::FileTooLarge, format!("it is larger than {most} bytes"))),
        false => Ok(text),
    }
}

/// Opens a regular file for appending, creating it readable by its owner alone.
///
/// # Errors
/// As for [`open_regular`].
pub fn open_private_append(path: &Path) -> Result<File> {
    open(path, OpenOptions::new().append(true).create(true).mode(0o600))
}

/// Makes a regular file readable by its owner alone.
///
/// # Errors
/// As for [`open_regular`].
pub fn close_to_others(path: &Path) -> Result<()> {
    open_regular(path)?.set_permissions(Permissions::from_mode(0o600))
}

fn open(path: &Path, options: &mut OpenOptions) -> Result<File> {
    // Opening some devices has side effects, so its type is checked first.
    match fs::symlink_metadata(path) {
        Ok(data) => regular(data.file_type())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // It may have been replaced since the check: these flags neither follow links nor block.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let file = options.custom_flags(flags.cast_signed()).open(path)?;
    regular(file.metadata()?.file_type())?;
    Ok(file)
}

fn regular(kind: FileType) -> Result<()> {
    match kind.is_file() {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("it is {}, not a regular file", name(kind)),
        )),
    }
}

/// Its type in plain words.
pub fn name(kind: FileType) -> &'static str {
    if kind.is_file() {
        "a regular file"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
