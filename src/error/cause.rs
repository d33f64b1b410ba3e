//! Causes from libraries, in our words: people should not have to read a library's wording.

use std::io;

/// Why a file or a program could not be used.
pub fn why(error: &io::Error) -> String {
    if let Some(carried) = error.get_ref() {
        // Our own messages come wrapped in the system's type; others wrap the system's error with a path.
        let inner = carried.source().and_then(|source| source.downcast_ref::<io::Error>());
        return inner.map_or_else(|| carried.to_string(), why);
    }
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is not a folder".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::BrokenPipe => "the other end stopped reading".to_owned(),
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_owned()
        }
    }
}

/// What is wrong with some JSON, and where.
pub fn json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let at = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax => format!("{at} is not JSON"),
        Category::Data => format!("{at} holds something unexpected"),
        Category::Io => "it cannot be read".to_owned(),
    }
}

/// The contexts of an error, then its cause.
pub(super) fn chain(error: &anyhow::Error) -> String {
    let words = |cause: &(dyn std::error::Error + 'static)| {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            why(error)
        } else if let Some(error) = cause.downcast_ref::<serde_json::Error>() {
            json(error)
        } else {
            cause.to_string()
        }
    };
    error.chain().map(words).collect::<Vec<_>>().join(": ")
}
