//! Removes comment lines, blank lines and indentation from host files, without changing their meaning.
//!
//! A line that may be part of something longer stays as it is.

use super::shell;

/// Directives in comments that Docker obeys.
const DIRECTIVES: &[&str] = &["syntax=", "escape=", "check="];

/// The text of a host file as it is sent.
pub fn compacted(path: &str, text: &str) -> String {
    match super::ending(path) {
        "sh" => shell::stripped(text),
        "service" => without_lines(text, &['#', ';']),
        "env" => without_lines(text, &['#']),
        "nft" | "conf" | "toml" if !has_open_quote(text) => without_lines(text, &['#']),
        "Dockerfile" if !text.contains("<<") => without_lines(text, &['#']),
        _ => text.to_owned(),
    }
}

fn without_lines(text: &str, marks: &[char]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_continued = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        let is_comment = words.starts_with(marks) && !is_directive(words);
        // Programs differ on what a comment inside a continued line means.
        if is_continued || !(words.is_empty() || is_comment) {
            kept.push_str(line);
            is_continued = line.trim_end_matches(['\n', '\r']).ends_with('\\');
        }
    }
    kept
}

fn is_directive(comment: &str) -> bool {
    let words = comment.trim_start_matches('#').trim_start().to_lowercase();
    DIRECTIVES.iter().any(|directive| words.starts_with(directive))
}

/// A multi-line string may contain what looks like a comment.
fn has_open_quote(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines
        .map(|line| line.replace("\\\\", "").replace("\\\"", "").replace("\\'", ""))
        .any(|line| {
            ['"', '\''].iter().any(|quote| line.matches(*quote).count() % 2 == 1)
                || line.contains("\"\"\"")
                || line.contains("'''")
        })
}
