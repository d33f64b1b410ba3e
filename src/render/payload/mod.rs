//! What is sent to the machine: the host files without comments and indentation, packed.
//!
//! A machine reports the SHA-256 of the files it runs, so [`host_hashes`](super::host_hashes) are those of
//! [`travelling`] files, not of the ones that people read. `bash bootstrap.sh --extract DIR` shows them.

mod memo;
mod pack;
mod shell;
mod strip;

pub(super) use pack::{compressed, gzip, plain};
pub use strip::compacted;

use std::convert::Infallible;

use super::RenderedFile;
use memo::Memo;

/// Ends the values at the top of a script.
const END_OF_VALUES: &str = "\nset -";

static COMPACTED: Memo<String> = Memo::new();

/// The same files as sent to the machine.
pub(super) fn travelling(files: &[RenderedFile]) -> Vec<RenderedFile> {
    let stripped = |file: &RenderedFile| {
        let (path, (values, program)) = (&file.path, parts(file));
        let make = || Ok::<_, Infallible>(compacted(path, program));
        let contents = compacted(path, values) + &COMPACTED.of(program, make).unwrap_or_default();
        RenderedFile {
            contents,
            ..file.clone()
        }
    };
    files.iter().map(stripped).collect()
}

/// A script's values and its program; other files are only one of both.
fn parts(file: &RenderedFile) -> (&str, &str) {
    let text = file.contents.as_str();
    match ending(&file.path) {
        "sh" => text.split_at(text.find(END_OF_VALUES).map_or(0, |at| at + 1)),
        "env" | "conf" | "toml" | "json" => (text, ""),
        _ => ("", text),
    }
}

/// After the last point, or the whole name.
fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}
