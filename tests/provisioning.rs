//! `provision.sh`, with a recorder in place of Terraform.

mod over_ssh;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::common::{Ran, World};

/// Writes down what it was called with, and which secrets it was given.
const RECORDER: &str = r#"#!/bin/bash
log=${0%/*}/../calls.log
{ printf '%s' "$1"; env | grep -c '^TF_VAR_.*=remote-setup-placeholder$' | sed 's/^/ placeholders=/' | tr -d '\n'
  env | grep -c '^TF_VAR_.*=MARKED-SECRET' | sed 's/^/ values=/' | tr -d '\n'
  env | grep -cE '^TF_(LOG|CLI_ARGS)' | sed 's/^/ tf=/'; } >> "$log"
printf '%s\n' "$*" >> "${0%/*}/../argv.log"
case $1 in
plan) for a in "$@"; do case $a in -out=*) : > "${a#-out=}" ;; esac; done ;;
output) case $3 in public_ip) printf 203.0.113.10 ;; ssh_user) printf ubuntu ;; esac ;;
state) [ $2 != list ] || [ -z "$OLD_STATE" ] || printf '%s["a"]\n' "$3" ;;
show) [ -z "$DESTROYS" ] || printf '  # %s must be replaced\n' $DESTROYS ;;
apply) [ -f "${@: -1}" ] || exit 9 ;;
esac
"#;

fn bundle(secrets: &str) -> World {
    let world = World::new();
    world.generate(&[]).ok();
    prepared(world, secrets)
}

fn prepared(world: World, secrets: &str) -> World {
    world.write("bundle/secrets.env", secrets);
    program(&world, "terraform", RECORDER);
    world
}

fn program(world: &World, name: &str, script: &str) {
    let path = world.write(&format!("bin/{name}"), script);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

fn provision(world: &World, answer: &str, destroys: bool) -> Ran {
    let mut command = provisioning(world);
    let machine = "module.agent.azurerm_linux_virtual_machine.this";
    command.env("DESTROYS", if destroys { machine } else { "" });
    answered(&mut command, answer)
}

fn provisioning(world: &World) -> Command {
    let mut command = Command::new("bash");
    let path = std::env::var("PATH").expect("PATH");
    command
        .arg("bundle/provision.sh")
        .env_clear()
        .env("HOME", world.folder.path())
        .env("PATH", format!("{}:{path}", world.path("bin").display()))
        .env("TF_LOG", "TRACE")
        .env("TF_CLI_ARGS_apply", "-auto-approve -destroy")
        .current_dir(world.folder.path());
    command
}

fn answered(command: &mut Command, answer: &str) -> Ran {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("bash");
    // A script that refuses early reads no answer.
    let _ = std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), answer.as_bytes());
    Ran::from(child.wait_with_output().expect("an end"))
}

const FILLED: &str = "OPENROUTER_API_KEY=MARKED-SECRET-$(id>owned)\nCODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-b==\nTELEGRAM_BOT_TOKEN=MARKED-SECRET-c\n";

#[test]
fn values_reach_the_apply_alone_and_never_an_argument() {
    let world = bundle(FILLED);
    let ran = provision(&world, "y\n", false);
    assert_eq!(ran.code, 0, "{ran:#?}");
    let calls = world.read("calls.log");
    assert_eq!(
        calls.lines().collect::<Vec<_>>(),
        [
            "init placeholders=0 values=0 tf=0",
            "state placeholders=0 values=0 tf=0",
            "plan placeholders=3 values=0 tf=0",
            "show placeholders=0 values=0 tf=0",
            "apply placeholders=0 values=3 tf=0",
            "output placeholders=0 values=0 tf=0",
        ]
    );
    assert!(!world.read("argv.log").contains("MARKED"), "{}", world.read("argv.log"));
    assert!(!ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"), "{ran:#?}");
    assert!(
        !world.path("bundle/owned").exists() && !world.path("owned").exists(),
        "a value was run"
    );
    assert!(
        world.listing().iter().all(|name| !name.ends_with("plan")),
        "the plan is still there: {:?}",
        world.listing()
    );
}

#[test]
fn a_state_with_secrets_of_an_earlier_version_is_not_planned_with() {
    let world = bundle(FILLED);
    let ran = answered(provisioning(&world).env("OLD_STATE", "1"), "y\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    let step = "run: terraform state rm module.agent.azurerm_key_vault_secret.this";
    assert!(ran.stderr.contains(step), "{ran:#?}");
    assert!(!world.read("argv.log").contains("plan"), "{}", world.read("argv.log"));
}

/// What cannot be read is not taken for a plan that loses nothing.
#[test]
fn a_plan_that_cannot_be_shown_is_not_applied() {
    let world = bundle(FILLED);
    program(&world, "terraform", &RECORDER.replace("show) ", "show) exit 1 ;; nothing) "));
    let ran = provision(&world, "y\n", true);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(!world.read("calls.log").contains("apply"));
}

/// A person reads it before trusting it with credentials.
#[test]
fn it_stays_short_enough_to_be_read() {
    for name in std::fs::read_dir(crate::common::root().join("examples")).expect("examples") {
        let script = name.expect("an example").path().join("provision.sh");
        let Ok(text) = fs::read_to_string(&script) else {
            continue;
        };
        let lines = text.lines().count();
        assert!(lines <= 80, "{} has {lines} lines", script.display());
    }
}

#[test]
fn no_and_silence_apply_nothing() {
    for answer in ["n\n", "", "\n", "yes please\n"] {
        let world = bundle(FILLED);
        let ran = provision(&world, answer, false);
        assert_eq!(ran.code, 4, "{answer:?}: {ran:#?}");
        assert!(!world.read("calls.log").contains("apply"), "{answer:?}");
    }
}

#[test]
fn replacing_something_asks_for_the_name() {
    let world = bundle(FILLED);
    let ran = provision(&world, "y\n", true);
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(
        ran.stderr.contains("must be replaced") && ran.stderr.contains("Type the deployment's name"),
        "{ran:#?}"
    );
    let ran = provision(&world, "codewhale\n", true);
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn a_missing_secret_is_named_before_anything_runs() {
    let world = bundle("OPENROUTER_API_KEY=MARKED-SECRET\nCODEWHALE_RUNTIME_TOKEN=x\nTELEGRAM_BOT_TOKEN=\n");
    let ran = provision(&world, "y\n", false);
    assert!(
        ran.code == 2 && ran.stderr.contains("has no value for TELEGRAM_BOT_TOKEN"),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("MARKED"), "{ran:#?}");
    for value in ["two words", "quo'te", "back\\slash", "\"x\"", "x`id`", "ü", "x\r"] {
        world.write("bundle/secrets.env", &FILLED.replace("MARKED-SECRET-c", value));
        let ran = provision(&world, "y\n", false);
        let said = "the value of TELEGRAM_BOT_TOKEN";
        assert!(ran.code == 2 && ran.stderr.contains(said), "{value:?}: {ran:#?}");
    }
    fs::remove_file(world.path("bundle/secrets.env")).expect("removed");
    let ran = provision(&world, "y\n", false);
    assert!(ran.code == 2 && ran.stderr.contains("secrets.env is missing"), "{ran:#?}");
    assert!(!world.path("calls.log").exists());
}
