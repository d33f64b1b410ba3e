//! How a folder differs from what would be generated.

use similar::TextDiff;

use super::Folder;
use crate::error::Result;
use crate::render::RenderedFile;

/// One file that differs.
#[derive(Debug)]
pub struct FileDiff {
    pub path: String,
    pub state: FileState,
    /// Unified diff from the folder to the rendered text.
    pub unified: String,
}

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    Missing,
    Different,
    /// No longer generated.
    Stale,
}

impl FileState {
    pub fn word(self) -> &'static str {
        match self {
            FileState::Missing => "missing",
            FileState::Different => "different",
            FileState::Stale => "stale",
        }
    }
}

/// Every difference, in the order of the rendered files.
///
/// # Errors
/// A file that cannot be read.
pub fn compare(folder: &Folder, files: &[RenderedFile]) -> Result<Vec<FileDiff>> {
    let mut diffs = Vec::new();
    for file in files {
        if folder.holds(file)? {
            continue;
        }
        let there = folder.text(&file.path)?;
        diffs.push(FileDiff {
            path: file.path.clone(),
            state: if there.is_some() { FileState::Different } else { FileState::Missing },
            unified: unified(&file.path, there.as_deref().unwrap_or(""), &file.contents),
        });
    }
    for path in folder.stale(files)? {
        diffs.push(FileDiff {
            unified: unified(&path, &folder.text(&path)?.unwrap_or_default(), ""),
            path,
            state: FileState::Stale,
        });
    }
    Ok(diffs)
}

fn unified(path: &str, there: &str, rendered: &str) -> String {
    TextDiff::from_lines(there, rendered)
        .unified_diff()
        .context_radius(3)
        .header(&format!("on disk: {path}"), &format!("rendered: {path}"))
        .to_string()
}
