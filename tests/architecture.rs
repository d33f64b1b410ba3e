//! Reads the source tree and holds it against the design.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use remote_setup::agents::AGENTS;
use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;

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
    texts("src", ".rs")
}

/// Path in the folder, and text.
fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = root().join(folder);
    let mut all: Vec<(String, String)> = files_under(&folder)
        .into_iter()
        .filter(|path| path.ends_with(ending))
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

/// A name that has to stand outside its own folder.
struct Exception {
    /// Beginning of the path.
    within: &'static str,
    text: &'static str,
    why: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        within: "src/layout.rs",
        text: "codewhale.tfplan",
        why: "the plan's name in every bundle and runbook there is",
    },
    Exception {
        within: "templates/RUNBOOK",
        text: "codewhale.tfplan",
        why: "the same, typed by hand",
    },
    Exception {
        within: "src/c",
        text: "codewhale-deploy",
        why: "the folder in which people have their bundles",
    },
    Exception {
        within: "src/command/migrate.rs",
        text: "CODEWHALE_",
        why: "the prefix of our own variables since the first release, and what this verb writes",
    },
    Exception {
        within: "src/cli/verbs.rs",
        text: "CODEWHALE_",
        why: "the help of the same verb",
    },
    Exception {
        within: "src/inputs/",
        text: "CODEWHALE_",
        why: "the prefix of our own variables since the first release",
    },
    Exception {
        within: "src/",
        text: "codewhale_version",
        why: "a key of every spec, and of the report of every machine",
    },
    Exception {
        within: "templates/",
        text: "codewhale_version",
        why: "the machine's report",
    },
    Exception {
        within: "src/",
        text: "codewhale-version",
        why: "the flag of that key",
    },
    Exception {
        within: "templates/RUNBOOK",
        text: "--codewhale-version",
        why: "the flag of that key",
    },
    Exception {
        within: "src/inputs/preferences.rs",
        text: "codewhale/remote-setup.yaml",
        why: "where people have their preferences",
    },
    Exception {
        within: "src/inputs/spec.rs",
        text: "FEISHU_DOMAIN=lark",
        why: "an example of a setting, in the help of its flag",
    },
    Exception {
        within: "src/render/cnb.rs",
        text: "TENCENTCLOUD_SECRET_",
        why: "CNB is the maker's own CI: its pipeline talks to that one cloud",
    },
    Exception {
        within: "templates/.cnb/",
        text: "TencentCloud",
        why: "the same",
    },
    Exception {
        within: "templates/.cnb/Dockerfile.tera",
        text: "Tencent's own client",
        why: "the same",
    },
    Exception {
        within: "templates/.cnb/run-by-tat.py.tera",
        text: "tencent_cloud_sdk_exception",
        why: "the same",
    },
    Exception {
        within: "templates/RUNBOOK",
        text: "mirrors.cloud.tencent.com",
        why: "an example of a mirror, for machines of any cloud in mainland China",
    },
    Exception {
        within: "templates/RUNBOOK",
        text: "mirrors.tencentyun.com",
        why: "the same",
    },
    Exception {
        within: "templates/RUNBOOK.md.tera",
        text: "inside Tencent Cloud",
        why: "where that mirror can be reached",
    },
];

/// Slugs, aliases and display names of clouds, chat apps and agents, lower case.
fn names_of_rows() -> Vec<String> {
    let clouds = CLOUDS.iter().map(|row| (row.slug, row.aliases, row.display_name));
    let chats = CHATS.iter().map(|row| (row.slug, row.aliases, row.display_name));
    let mut names: Vec<String> = clouds
        .chain(chats)
        .flat_map(|(slug, aliases, words)| {
            let shown = words.en.split(" / ").chain(words.zh.split(" / "));
            aliases.iter().copied().chain(shown).chain([slug]).collect::<Vec<_>>()
        })
        .chain(AGENTS.iter().flat_map(|row| [row.slug, row.display_name]))
        // A short alias is in other words.
        .filter(|name| name.len() > 2)
        .map(str::to_lowercase)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_row_is_named_in_its_own_folder_only() {
    let own = |path: &str| {
        let module = |slug: &str| slug.replace('-', "_");
        let slugs = CLOUDS.iter().map(|row| format!("src/clouds/{}/", module(row.slug)));
        let slugs = slugs.chain(CHATS.iter().map(|row| format!("src/chats/{}.rs", module(row.slug))));
        let slugs = slugs.chain(AGENTS.iter().map(|row| format!("src/agents/{}.rs", module(row.slug))));
        let mut all = slugs.chain(AGENTS.iter().map(|row| format!("templates/{}/", row.slug)));
        all.any(|own| path.starts_with(&own))
    };
    let tables = ["src/clouds/mod.rs", "src/chats/mod.rs", "src/agents/mod.rs"];
    let sources = sources().into_iter().map(|(path, text)| (format!("src/{path}"), text));
    let templates = texts("templates", ".tera")
        .into_iter()
        .map(|(path, text)| (format!("templates/{path}"), text));
    let names = names_of_rows();
    let mut needed = vec![false; EXCEPTIONS.len()];
    for (path, text) in sources.chain(templates).filter(|(path, _)| !own(path)) {
        for (number, line) in text.lines().enumerate() {
            // Its one line in the table, and its module.
            let in_table = line.contains("mod ") || line.starts_with("pub const ");
            if in_table && tables.contains(&path.as_str()) {
                continue;
            }
            let mut rest = line.to_lowercase();
            for (exception, needed) in EXCEPTIONS.iter().zip(&mut needed) {
                let text = exception.text.to_lowercase();
                if path.starts_with(exception.within) && rest.contains(&text) {
                    rest = rest.replace(&text, "");
                    *needed = true;
                }
            }
            let named = names.iter().find(|name| rest.contains(name.as_str()));
            assert!(
                named.is_none(),
                "{path}:{}: `{}` is a row's name: make this a fact of the row\n{line}",
                number + 1,
                named.map_or("", String::as_str)
            );
        }
    }
    for (exception, needed) in EXCEPTIONS.iter().zip(needed) {
        assert!(
            needed,
            "nothing within {} says `{}` any more ({}): strike it out",
            exception.within, exception.text, exception.why
        );
    }
}

#[test]
fn a_name_stands_for_one_type() {
    for folder in ["src", "rehearse/src"] {
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in texts(folder, ".rs") {
            for name in text.lines().filter_map(declared_type) {
                if let Some(other) = known.insert(name.to_owned(), path.clone()) {
                    panic!("{folder}: `{name}` is a type in {other} and another one in {path}");
                }
            }
        }
        assert!(
            known.len() > 20,
            "{folder}: only {} types were found: the reader is broken",
            known.len()
        );
    }
}

/// Only without indentation: an associated type is its trait's.
fn declared_type(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.trim_start(),
        None => line,
    };
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    Some(&rest[..end])
}

#[test]
fn files_keep_to_their_budget() {
    for (folder, most) in [("src", 600), ("rehearse/src", 300)] {
        let mut lengths: Vec<(usize, String)> = texts(folder, ".rs")
            .into_iter()
            .map(|(path, text)| (text.lines().count(), path))
            .collect();
        lengths.sort();
        let (longest, path) = lengths.last().expect("sources");
        assert!(*longest <= most, "{folder}/{path} has {longest} lines; split it");
        let (median, _) = &lengths[lengths.len() / 2];
        assert!(*median <= 130, "{folder}: the median file has {median} lines");
        for (length, path) in lengths.iter().filter(|(_, path)| path == "main.rs") {
            assert!(*length < 40, "{folder}/{path} has {length} lines");
        }
    }
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
