//! Reads the source tree and holds it against the design.

use std::fs;
use std::path::PathBuf;

use crate::common::{files_under, root};

/// Rooms from left to right: each imports only those before it.
const ROOMS: &[&str] = &[
    "error",
    "text",
    "layout",
    "files",
    "tables",
    "agents",
    "chats",
    "model_providers",
    "clouds",
    "inputs",
    "cli",
    "deployment",
    "render",
    "bundle",
    "process",
    "terraform",
    "machine",
    "rehearse",
    "report",
    "command",
];

fn sources() -> Vec<(String, String)> {
    let folder = root().join("src");
    let mut all: Vec<(String, String)> = files_under(&folder)
        .into_iter()
        .filter(|path| path.ends_with(".rs"))
        .map(|path| {
            let text = fs::read_to_string(folder.join(&path)).expect("source");
            (path, text)
        })
        .collect();
    all.sort();
    all
}

fn room_of(path: &str) -> &str {
    path.split(['/', '.']).next().expect("a first part")
}

/// First names after `crate::` in every path of a file, grouped imports included.
fn imports(text: &str) -> Vec<&str> {
    text.match_indices("crate::")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, marker)| {
            let rest = &text[at + marker.len()..];
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            &rest[..end]
        })
        .collect()
}

#[test]
fn a_room_imports_only_rooms_to_its_left() {
    let position = |room: &str| ROOMS.iter().position(|known| *known == room);
    let mut checked = 0;
    for (path, text) in sources() {
        let room = room_of(&path);
        if ["main", "lib"].contains(&room) {
            continue;
        }
        let own = position(room).unwrap_or_else(|| panic!("src/{path}: `{room}` is not a room of the design"));
        for import in imports(&text) {
            assert!(
                position(import).is_some_and(|other| other <= own),
                "src/{path} imports `crate::{import}`, which is not to the left of `{room}`"
            );
            checked += 1;
        }
    }
    assert!(checked > 50, "only {checked} imports were found: the reader is broken");
}

#[test]
fn programs_run_in_one_room_only_and_files_are_touched_in_few() {
    for (path, text) in sources() {
        let room = room_of(&path);
        let starts_programs = ["std::process::Command", "process::Command", "duct::"]
            .iter()
            .any(|marker| text.contains(marker));
        assert!(!starts_programs || room == "process", "src/{path} runs programs");
        let touches_files = ["std::fs", "fs::", "tempfile::"]
            .iter()
            .any(|marker| text.contains(marker));
        assert!(
            !touches_files
                || [
                    "files",
                    "inputs",
                    "bundle",
                    "terraform",
                    "machine",
                    "rehearse",
                    "process"
                ]
                .contains(&room),
            "src/{path} touches files"
        );
        let network = ["std::net::Tcp", "std::net::Udp", "TcpStream", "UdpSocket"];
        assert!(!network.iter().any(|marker| text.contains(marker)), "src/{path} opens connections");
    }
}

#[test]
fn no_control_flow_asks_which_cloud_it_is() {
    for (path, text) in sources() {
        for marker in [
            "match cloud.slug",
            "match d.cloud.slug",
            "cloud.slug ==",
            "bridge.slug ==",
            "provider.slug ==",
        ] {
            assert!(!text.contains(marker), "src/{path}: `{marker}`: make it a column of the table");
        }
    }
}

#[test]
fn what_is_done_on_a_machine_takes_its_names_from_the_agent() {
    for (path, text) in sources() {
        if !["clouds", "process", "terraform", "machine", "report"].contains(&room_of(&path)) {
            continue;
        }
        for marker in ["codewhale-", "/codewhale", "CODEWHALE-", "CodeWhale"] {
            assert!(
                !text.contains(marker),
                "src/{path}: `{marker}`: use `Agent::names` or the agent's row"
            );
        }
    }
}

#[test]
fn files_keep_to_their_budget() {
    let mut lengths: Vec<(usize, String)> = sources()
        .into_iter()
        .map(|(path, text)| (text.lines().count(), path))
        .collect();
    lengths.sort();
    let (longest, path) = lengths.last().expect("sources");
    assert!(*longest <= 600, "src/{path} has {longest} lines; split it");
    let (median, _) = &lengths[lengths.len() / 2];
    assert!(*median <= 130, "the median file has {median} lines");
    let main = lengths.iter().find(|(_, path)| path == "main.rs").expect("main.rs");
    assert!(main.0 < 40, "main.rs has {} lines", main.0);
}

#[test]
fn every_test_file_is_part_of_the_one_binary() {
    let declared = fs::read_to_string(root().join("tests/tests.rs")).expect("tests.rs");
    let folder: PathBuf = root().join("tests");
    for entry in fs::read_dir(folder).expect("tests/") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "tests") {
            assert!(
                declared.contains(&format!("mod {module};")),
                "tests/{name} is not declared in tests/tests.rs"
            );
        }
    }
}
