//! Finding out one's own address: only when asked to, and only when two services agree. No test reaches the network.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::chinese::shown;
use super::{CTRL_C, Terminal};
use crate::common::{KEY, World, root};

/// A `curl` that answers for the two services, and notes how it was called.
fn world(one: &str, other: &str) -> World {
    let world = World::new();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"$HOME/calls\"\nfor last; do :; done\ncase $last in\n*amazonaws*) {one} ;;\n*) {other} ;;\nesac\n"
    );
    let path = world.write("tools/curl", &script);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("executable");
    world
}

/// Flags for everything but what is asked here.
const FLAGS: &[&str] = &[
    "--cloud=azure",
    "--region=eastus",
    "--size=Standard_B2als_v2",
    "--bridge=telegram",
    "--provider=openrouter",
    "--model=auto",
    "--ssh-public-key",
    KEY,
    "--allowlist=",
    "--out=bundle",
];

fn command(world: &World) -> Command {
    let mut command = world.command();
    let path = std::env::var("PATH").expect("PATH");
    command
        .env("PATH", format!("{}:{path}", world.path("tools").display()))
        .env("HTTPS_PROXY", "http://127.0.0.1:1");
    command
}

fn started(world: &World, lang: &str) -> Terminal {
    let mut command = command(world);
    command.args(FLAGS).arg(lang);
    Terminal::start(command)
}

fn calls(world: &World) -> Vec<String> {
    let noted = std::fs::read_to_string(world.path("calls")).unwrap_or_default();
    noted.lines().map(str::to_owned).collect()
}

#[test]
fn an_address_that_both_services_see_is_offered() {
    let world = world("echo 203.0.113.7", "printf 203.0.113.7");
    let mut terminal = started(&world, "--lang=en");
    terminal
        .sees("Look up your public address")
        .sees("checkip.amazonaws.com, api.ipify.org");
    assert_eq!(calls(&world), Vec::<String>::new(), "asked before anybody agreed");
    terminal
        .types("y\r")
        .sees("Who may reach SSH?")
        .sees("(203.0.113.7/32)")
        .types("\r")
        .answers("(OPENROUTER_API_KEY)", "")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    terminal.ends_with(0);
    assert!(world.read("bundle/deployment.yaml").contains("- 203.0.113.7/32"));
    let calls = calls(&world);
    assert_eq!(calls.len(), 2, "{calls:?}");
    for call in &calls {
        assert!(call.starts_with("--disable "), "reads ~/.curlrc: {call}");
        for option in ["--ipv4", "--noproxy *", "--proto =https", "--max-time 6", " https://"] {
            assert!(call.contains(option), "{option} is not in {call}");
        }
    }
}

#[test]
fn nobody_is_asked_without_a_yes() {
    let world = world("echo 198.51.100.9", "echo 198.51.100.9");
    let mut terminal = started(&world, "--lang=en");
    terminal
        .answers("Look up your public address", "")
        .sees("Who may reach SSH?")
        .types("none\r")
        .sees("(OPENROUTER_API_KEY)")
        .presses(CTRL_C);
    let seen = terminal.ends_with(130);
    assert!(!seen.contains("198.51.100.9"), "{seen}");
    assert_eq!(calls(&world), Vec::<String>::new());
    let ran = world.run(&["--non-interactive", "--cloud=azure"]);
    assert_eq!(ran.code, 2);
    assert_eq!(calls(&world), Vec::<String>::new());
}

#[test]
fn what_went_wrong_is_said_and_the_address_is_typed() {
    let wrong = [
        (
            "echo 203.0.113.7",
            "echo 198.51.100.9",
            "checkip.amazonaws.com sees 203.0.113.7, api.ipify.org sees 198.51.100.9",
        ),
        ("echo 203.0.113.7", "exit 28", "api.ipify.org did not answer"),
        ("echo '<html>no</html>'", "echo 203.0.113.7", "which is not an IPv4"),
    ];
    for (one, other, text) in wrong {
        let world = world(one, other);
        let mut terminal = started(&world, "--lang=en");
        terminal
            .answers("Look up your public address", "y")
            .sees("Who may reach SSH?")
            .sees(text)
            .sees("type the address")
            .types("198.51.100.7/32\r")
            .sees("(OPENROUTER_API_KEY)")
            .presses(CTRL_C);
        terminal.ends_with(130);
    }
}

#[test]
fn without_curl_the_address_is_typed() {
    let world = World::new();
    let mut command = command(&world);
    command.env("PATH", world.path("tools")).args(FLAGS);
    let mut terminal = Terminal::start(command);
    terminal
        .answers("Look up your public address", "y")
        .sees("asking checkip.amazonaws.com, api.ipify.org")
        .sees("`curl` is not installed")
        .sees("type the address")
        .presses(CTRL_C);
    terminal.ends_with(130);
}

#[test]
fn chinese_is_spoken_there_too() {
    let world = world("echo 203.0.113.7", "echo 198.51.100.9");
    let mut terminal = started(&world, "--lang=zh-CN");
    terminal
        .sees("要查询你的公网地址")
        .sees("它们会看到你的地址")
        .types("y\r")
        .sees("checkip.amazonaws.com 看到的是 203.0.113.7，api.ipify.org ")
        .sees("198.51.100.9")
        .sees("请手动填写")
        .types("203.0.113.7\r")
        .sees("请写成 `203.0.113.7/32`")
        .presses('u')
        .types("203.0.113.7/32\r")
        .sees("(OPENROUTER_API_KEY)")
        .presses(CTRL_C);
    assert!(terminal.ends_with(130).contains("已停止"));
}

#[test]
fn the_readme_shows_what_is_asked() {
    let world = world("echo 203.0.113.7", "echo 203.0.113.7");
    world.write(".ssh/id_ed25519.pub", &format!("{KEY}\n"));
    let mut terminal = Terminal::start(command(&world));
    terminal
        .answers("Where should the agent run?", "")
        .answers("Region", "westeurope")
        .answers("Machine size", "")
        .answers("Which chat app", "")
        .answers("Model provider", "openrouter")
        .answers("Model id", "")
        .answers("Look up your public address", "y")
        .answers("(203.0.113.7/32)", "")
        .answers("Chat ids", "123456789")
        .answers("(OPENROUTER_API_KEY)", "MARKED-SECRET-KEY-LONG")
        .answers("(TELEGRAM_BOT_TOKEN)", "")
        .answers("Generate?", "");
    let seen = shown(&terminal.ends_with(0));
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README");
    let asked: Vec<&str> = readme.lines().filter(|line| line.starts_with("> ")).collect();
    assert!(asked.len() > 10, "{asked:?}");
    for line in asked {
        assert!(seen.lines().any(|real| real.trim_end() == line), "`{line}` is not asked:\n{seen}");
    }
}
