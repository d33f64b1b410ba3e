//! The README is true.

use std::fs;

use remote_setup::clouds::CLOUDS;

use crate::common::{KEY, MINIMAL, Ran, World, root, tool};

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("README.md")
}

/// Contents of every fenced block of a language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    text.split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n').map(str::to_owned))
        .collect()
}

#[test]
fn the_first_command_makes_a_bundle() {
    let commands = blocks("sh");
    let arguments = commands[0]
        .trim()
        .strip_prefix("cargo run --release --locked -- ")
        .expect("the command");
    let world = World::new();
    let arguments: Vec<String> = arguments
        .split_whitespace()
        .map(|word| {
            if word.starts_with("examples/") {
                root().join(word).display().to_string()
            } else {
                word.to_owned()
            }
        })
        .collect();
    Ran::of(world.command().args(&arguments)).ok();
    assert!(world.path("my-agent/RUNBOOK.md").exists() && world.path("my-agent/secrets.env").exists());
}

#[test]
fn the_second_command_is_what_ci_runs() {
    let commands = blocks("sh");
    let command = commands[1].trim();
    assert_eq!(command, "bash tests/run.sh");
    let ci = fs::read_to_string(root().join(".ci/run")).expect(".ci/run");
    assert!(ci.lines().any(|line| line == command));
}

#[test]
fn the_examples_with_flags_work() {
    let scripts = blocks("sh");
    let scripts: Vec<_> = scripts.iter().filter(|script| script.contains("--cloud ")).collect();
    assert!(scripts.len() >= 2);
    for script in scripts {
        let world = World::new();
        world.write(".ssh/id_ed25519.pub", KEY);
        let script = script.replace("remote-setup ", &format!("{} ", env!("CARGO_BIN_EXE_remote-setup")));
        let mut command = std::process::Command::new("bash");
        command
            .args(["-ec", &script])
            .env_clear()
            .env("HOME", world.folder.path())
            .current_dir(world.folder.path());
        Ran::of(&mut command).ok();
        assert!(world.path("agent/main.tf").exists());
    }
}

#[test]
fn the_preferences_example_is_accepted() {
    let world = World::new();
    world.write(".config/codewhale/remote-setup.yaml", &blocks("yaml")[0]);
    world.write(".ssh/id_ed25519.pub", KEY);
    let ran = world
        .run(&["--provider=openrouter", "--allow-ssh-from=none", "--out=bundle"])
        .ok();
    let model = blocks("yaml")[0]
        .lines()
        .find_map(|line| line.trim().strip_prefix("openrouter: ").map(str::to_owned));
    assert!(ran.stderr.contains(&model.expect("a model")), "{ran:#?}");
}

#[test]
fn the_transcript_is_what_the_program_says() {
    let world = World::new();
    let key = KEY.replace("operator@example", "you@laptop");
    let mut command = world.command();
    command.env("OPENROUTER_API_KEY", "given-for-the-transcript").args([
        "--cloud=azure",
        "--region=westeurope",
        "--bridge=telegram",
        "--provider=openrouter",
        "--allow-ssh-from=203.0.113.7/32",
        "--allowlist=123456789",
        "--ssh-public-key",
        &key,
    ]);
    let said = Ran::of(&mut command).ok().stderr;
    let transcript = &blocks("console")[1];
    let mut compared = 0;
    for line in transcript
        .lines()
        .filter(|line| line.starts_with("  ") || line.starts_with("wrote") || line.starts_with("Next"))
    {
        assert!(said.lines().any(|real| real == line), "`{line}` is not said:\n{said}");
        compared += 1;
    }
    assert!(compared >= 12, "only {compared} lines");
}

#[test]
fn the_rehearsal_is_what_the_program_says() {
    if tool("terraform").is_none() {
        return;
    }
    let world = World::new();
    let transcript = &blocks("console")[0];
    let commands: Vec<_> = transcript
        .lines()
        .filter_map(|line| line.strip_prefix("$ remote-setup "))
        .collect();
    let spec = root().join("examples/azure-telegram-openai/deployment.yaml");
    let mut said = String::new();
    for command in commands {
        let args = command.replace("examples/azure-telegram-openai/deployment.yaml", &spec.display().to_string());
        let ran = world.run(&args.split(' ').collect::<Vec<_>>()).ok();
        said.push_str(&ran.stderr);
        said.push_str(&ran.stdout);
    }
    // Times and versions are this machine's.
    let steady = |line: &str| {
        line.split_whitespace()
            .filter(|word| !word.starts_with(|c: char| c.is_ascii_digit() && word.contains('.')))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let said: Vec<_> = said.lines().map(steady).collect();
    let mut compared = 0;
    for line in transcript.lines().filter(|line| !line.starts_with('$')) {
        assert!(said.contains(&steady(line)), "`{line}` is not said:\n{said:#?}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn every_file_it_names_is_in_a_bundle() {
    let world = World::new();
    for cloud in CLOUDS {
        let (choice, out) = (format!("--cloud={}", cloud.slug), format!("--out={}", cloud.slug));
        let given = MINIMAL
            .iter()
            .filter(|flag| !flag.starts_with("--cloud=") && !flag.starts_with("--out="));
        let all: Vec<&str> = given.copied().chain([choice.as_str(), out.as_str()]).collect();
        world.run(&all).ok();
    }
    let text = readme();
    let table = text
        .split("| file | what it is |")
        .nth(1)
        .expect("the table")
        .split("\n\n")
        .next()
        .expect("its end");
    let mut named = 0;
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cell = line.split('|').nth(1).expect("a cell");
        for name in cell
            .split('`')
            .filter(|name| name.contains(['.', '/']) && !name.contains('*'))
        {
            let there = |slug: &str| {
                world
                    .path(&format!("{slug}/{}", name.replace("<cloud>", slug)))
                    .exists()
            };
            assert!(CLOUDS.iter().any(|cloud| there(cloud.slug)), "{name} is not in a bundle");
            named += 1;
        }
    }
    assert!(named >= 12, "only {named} names");
}

#[test]
fn the_changelog_has_unreleased_on_top() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).expect("CHANGELOG.md");
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## Unreleased"));
}
