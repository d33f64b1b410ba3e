//! What is sent to the machine: the host files without comments and indentation, packed.
//!
//! A machine reports the SHA-256 of the files it runs, so [`host_hashes`](super::host_hashes) are those of
//! [`travelling`] files, not of the ones that people read. `bash bootstrap.sh --extract DIR` shows them.

mod pack;
mod shell;
mod strip;

pub(super) use pack::{compressed, gzip, plain};
pub use strip::compacted;

use super::RenderedFile;

/// The same files as sent to the machine.
pub(super) fn travelling(files: &[RenderedFile]) -> Vec<RenderedFile> {
    let stripped = |file: &RenderedFile| RenderedFile {
        contents: compacted(&file.path, &file.contents),
        ..file.clone()
    };
    files.iter().map(stripped).collect()
}

/// After the last point, or the whole name.
fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}
