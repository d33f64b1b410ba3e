//! What is sent to the machine: the host files without their comments, packed.
//!
//! A machine reports the SHA-256 of the files it runs, so [`host_hashes`](super::host_hashes) are those of
//! [`travelling`] files, not of the ones that people read. `bash bootstrap.sh --extract DIR` shows them.

mod pack;
mod shell;
mod strip;

pub(super) use pack::{gzip, pack};
pub use strip::without_comments;

use super::RenderedFile;

/// The same files as sent to the machine.
pub(super) fn travelling(files: &[RenderedFile]) -> Vec<RenderedFile> {
    let stripped = |file: &RenderedFile| RenderedFile {
        contents: without_comments(&file.path, &file.contents),
        ..file.clone()
    };
    files.iter().map(stripped).collect()
}
