//! What one bundle has that another has not, for people to read.

use std::collections::BTreeSet;
use std::fmt::Write;

use similar::TextDiff;

use super::Files;

/// As `diff` says it, file by file; archives and hashes, which nobody reads, are only said to differ.
pub fn difference(base_name: &str, base: &Files, name: &str, files: &Files) -> String {
    let mut text = format!(
        "What the bundle of this deployment.yaml has that examples/{base_name} has not. Files that are not named are the same.\n"
    );
    let paths: BTreeSet<&String> = base.keys().chain(files.keys()).collect();
    for path in paths.into_iter().filter(|path| *path != "deployment.yaml") {
        let (before, after) = match (base.get(path), files.get(path)) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(before), Some(after)) => (readable(before), readable(after)),
            (Some(_), None) => {
                writeln!(text, "\nOnly in {base_name}: {path}").expect("a string");
                continue;
            }
            (None, after) if path.starts_with("modules/") => {
                writeln!(
                    text,
                    "\nOnly in {name}: {path}, {} lines",
                    after.map_or(0, |text| text.lines().count())
                )
                .expect("a string");
                continue;
            }
            (None, after) => (String::new(), readable(after.expect("it is in one of them"))),
        };
        if before == after {
            writeln!(text, "\nArchives or hashes differ: {path}").expect("a string");
            continue;
        }
        let old = if base.contains_key(path) {
            format!("{base_name}/{path}")
        } else {
            "/dev/null".to_owned()
        };
        let diff = TextDiff::from_lines(&before, &after);
        let mut unified = diff.unified_diff();
        unified.context_radius(1).header(&old, &format!("{name}/{path}"));
        write!(text, "\n{unified}").expect("a string");
    }
    text
}

/// The text without what is packed in it, and without hashes.
fn readable(text: &str) -> String {
    let mut lines = Vec::new();
    let mut packed = false;
    for line in text.lines() {
        if packed && line.trim() == "ARCHIVE" {
            packed = false;
        }
        if !packed {
            lines.push(without_hashes(line));
        }
        if line.ends_with("<<'ARCHIVE'") {
            lines.push("(archive)".to_owned());
            packed = true;
        }
    }
    lines.join("\n") + "\n"
}

fn without_hashes(line: &str) -> String {
    let mut text = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        match digits.len() {
            64 => text.push_str(&format!("(hash){}", &word[64..])),
            _ => text.push_str(word),
        }
    }
    text
}
