//! The tools that tests run, wherever they are; for every package of the workspace.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A checking tool, on the path or where `tests/tools.sh` puts it. Without it the test is skipped
/// loudly on a laptop and fails where `CI` is set.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // The emulator's own tests lie a folder deeper.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above
        .map(|folder| folder.join("target/tools/bin"))
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file());
    if found.is_none() {
        skip(&format!("`{name}` is not installed; `bash tests/tools.sh` brings it"));
    }
    found
}

/// Says that a check did not run, also in the list `tests/run.sh` ends with.
pub fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{why}");
    // Not `eprintln!`, which the test harness hides while a test passes.
    writeln!(std::io::stderr(), "SKIPPED: {why}").expect("stderr");
    if let Some(log) = std::env::var_os("SKIPPED_LOG") {
        let log = std::fs::OpenOptions::new().append(true).create(true).open(log);
        log.and_then(|mut log| writeln!(log, "{why}"))
            .expect("the list of skipped checks");
    }
}
