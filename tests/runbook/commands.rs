//! Every command it shows can be typed: verbs and flags parse, scripts and files exist.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use clap::Parser;
use remote_setup::cli::Cli;
use remote_setup::inputs::Spec;
use remote_setup::render::{RenderedFile, render};

use super::pages::{blocks, spans};
use super::{Pair, pairs};

/// Programs a reader has, or is told how to get.
const PROGRAMS: &[&str] = &[
    "base64",
    "bash",
    "cat",
    "check-jsonschema",
    "echo",
    "git",
    "grep",
    "mv",
    "printf",
    "remote-setup",
    "rm",
    "sed",
    "ssh-keygen",
    "ssh-keyscan",
    "stty",
    "sudo",
    "tccli",
    "terraform",
];

/// Words of the shell itself.
const SHELL: &[&str] = &[
    "EOF", "(", ")", "{", "}", "case", "do", "done", "export", "while", "unset", "|",
];

/// Files that come to be while following the runbook.
const MADE: &[&str] = &[
    "codewhale.tfplan",
    "known_hosts",
    "known_hosts.new",
    "result.json",
    "secret_versions.auto.tfvars.json",
    "secrets.env",
    "terraform.tfvars",
];

#[test]
fn verbs_and_flags_are_those_of_the_program() {
    let mut checked = 0;
    each_page(|case, text, pair| {
        let blocks = blocks(text);
        let lines = blocks
            .iter()
            .flat_map(|block| block.lines().map(str::trim).map(str::to_owned));
        for command in spans(text)
            .into_iter()
            .chain(lines)
            .filter(|line| line.starts_with("remote-setup "))
        {
            Cli::try_parse_from(command.split_whitespace())
                .unwrap_or_else(|error| panic!("{case}: `{command}`: {error}"));
            checked += 1;
        }
        let files = render(&pair.english).expect("renders");
        let secret_file = files.iter().find(|file| file.path == ".cnb/secrets.example.yml");
        for key in spans(text)
            .into_iter()
            .filter(|key| key.starts_with("allow_") && key != "allow_")
        {
            let known = Spec::KEYS.contains(&key.as_str())
                || secret_file.is_some_and(|file| file.contents.contains(&format!("\n{key}:")));
            assert!(known, "{case}: no file has a key `{key}`");
        }
    });
    assert!(checked > 100, "only {checked} commands");
}

#[test]
fn blocks_are_shell_and_start_programs_that_exist() {
    let mut checked = BTreeSet::new();
    each_page(|case, text, pair| {
        for block in blocks(text) {
            let Some(script) = block.strip_prefix("sh\n") else {
                continue;
            };
            if !checked.insert(script.to_owned()) {
                continue;
            }
            let parsed = Command::new("bash")
                .args(["-n", "-c", script])
                .stdin(Stdio::null())
                .output()
                .expect("bash");
            assert!(
                parsed.status.success(),
                "{case}:\n{script}{}",
                String::from_utf8_lossy(&parsed.stderr)
            );
            let typed = pair
                .english
                .cloud
                .provisioning
                .cloud_command
                .map_or("", |service| service.typed);
            let own = typed.split(' ').next().unwrap_or_default();
            // Lines of another language.
            let lifted = pair
                .english
                .cloud
                .module()
                .and_then(|module| module.destroy_guard)
                .map_or("\0", |guard| guard.text);
            let by_cloud = typed.replace("{region}", &pair.english.region);
            for line in script
                .replace(&by_cloud, own)
                .replace(lifted, "")
                .replace("\\\n", " ")
                .lines()
            {
                let first = line.split_whitespace().next().unwrap_or("|");
                let known = PROGRAMS.contains(&first) || SHELL.contains(&first) || first.starts_with("$(terraform");
                let finds = pair.english.cloud.find_without_state.split(' ').next();
                assert!(
                    known || first == own || Some(first) == finds,
                    "{case}: `{first}` is unknown:\n{script}"
                );
            }
        }
    });
    assert!(checked.len() > 20, "only {} scripts", checked.len());
}

#[test]
fn files_outputs_and_services_exist() {
    let mut checked = 0;
    each_page(|case, text, pair| {
        let d = &pair.english;
        let files = render(d).expect("renders");
        let is_there = |path: &str| files.iter().any(|file| file.path == path) || MADE.contains(&path);
        let installer = &files
            .iter()
            .find(|file| file.path == "install.sh")
            .expect("install.sh")
            .contents;
        let code = spans(text).into_iter().chain(blocks(text));
        for word in code.flat_map(|code| words(&code)) {
            let bundled = word.strip_prefix("/var/lib/codewhale-setup/bundle/");
            if let Some(program) = word.strip_prefix("/opt/codewhale/bin/") {
                assert!(installer.contains(program), "{case}: install.sh brings no `{program}`");
            } else if let Some(name) = bundled {
                assert!(is_there(name), "{case}: `{name}` is not in the bundle");
            } else if is_file(&word) {
                let path = word.trim_start_matches("./");
                let made = path.ends_with("destroy_override.tf") || path == format!("{}.yml", d.name);
                assert!(is_there(path) || made, "{case}: `{path}` is not in the bundle");
            } else {
                continue;
            }
            checked += 1;
        }
        for output in after(text, "terraform output -raw ") {
            assert!(
                d.cloud
                    .module()
                    .expect("a module")
                    .outputs
                    .iter()
                    .any(|(name, _)| *name == output),
                "{case}: no output `{output}`"
            );
        }
        for unit in after(text, "-u codewhale-")
            .iter()
            .chain(&after(text, "restart codewhale-"))
        {
            assert!(is_there(&format!("codewhale-{unit}.service")), "{case}: no service codewhale-{unit}");
        }
        for tag in after(text, "journalctl -t ") {
            assert!(logs(&files, &tag), "{case}: nothing logs as `{tag}`");
        }
    });
    assert!(checked > 500, "only {checked} names");
}

fn each_page(mut look: impl FnMut(&str, &str, &Pair)) {
    for pair in pairs() {
        for (lang, _, text) in pair.both() {
            look(&format!("{}, {lang}", pair.name), &text, &pair);
        }
    }
}

fn words(code: &str) -> Vec<String> {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || "._-/*:".contains(c);
    code.split(|c: char| !part_of_name(c))
        .map(|word| word.trim_matches(':').trim_end_matches('.').to_owned())
        .collect()
}

/// A file of the bundle by its ending; not an address, a path elsewhere or a pattern.
fn is_file(word: &str) -> bool {
    let endings = [
        ".sh", ".env", ".service", ".yaml", ".yml", ".nft", ".json", ".tf", ".tfplan", ".tfvars",
    ];
    !word.starts_with('/')
        && !word.contains([':', '*'])
        && endings.iter().any(|end| word.ends_with(end) && word.len() > end.len())
}

/// The word behind each occurrence of `marker`.
fn after(text: &str, marker: &str) -> Vec<String> {
    let word = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
            .collect()
    };
    text.split(marker).skip(1).map(word).collect()
}

fn logs(files: &[RenderedFile], tag: &str) -> bool {
    let names = [format!("--tag {tag}"), format!("SyslogIdentifier={tag} ")];
    files
        .iter()
        .any(|file| file.path != "RUNBOOK.md" && names.iter().any(|name| file.contents.contains(name)))
}
