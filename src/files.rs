//! Opens files that somebody else may have put there: regular ones only, and never through a symbolic link.
//!
//! A link would read or write another file than the one that was named, and a FIFO or device would hang or act.

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

/// The text of a regular file of at most so many bytes.
///
/// # Errors
/// As for [`open_regular`]; a bigger file, and one that is not text.
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    let file = open_regular(path)?;
    // Room for all of it from the start: it may be secret, and growing would leave copies behind.
    let room = usize::try_from(file.metadata()?.len().min(most)).unwrap_or_default() + 1;
    let mut text = String::with_capacity(room);
    // One byte more than allowed tells a file that is too large.
    file.take(most + 1).read_to_string(&mut text)?;
    match text.len() as u64 > most {
        true => Err(Error::new(ErrorKind::FileTooLarge, format!("it is larger than {most} bytes"))),
        false => Ok(text),
    }
}

/// Opens a regular file for appending, and makes it readable by its owner alone where there is none.
///
/// # Errors
/// As for [`open_regular`].
pub fn open_private_append(path: &Path) -> Result<File> {
    open(path, OpenOptions::new().append(true).create(true).mode(0o600))
}

/// Leaves a regular file to its owner alone.
///
/// # Errors
/// As for [`open_regular`].
pub fn close_to_others(path: &Path) -> Result<()> {
    open_regular(path)?.set_permissions(Permissions::from_mode(0o600))
}

fn open(path: &Path, options: &mut OpenOptions) -> Result<File> {
    // Opening some devices is an act already, so what can be seen from outside is looked at first.
    match fs::symlink_metadata(path) {
        Ok(data) => regular(data.file_type())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Between the look and here somebody may put something else in its place: these flags neither follow nor wait.
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

/// What a person calls it.
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
