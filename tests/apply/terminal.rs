//! A person who watches, and who presses Ctrl-C.

use std::process::{Command, Stdio};

use remote_setup::rehearse::{Effect, Fault, Trigger};
use rexpect::session::{PtySession, spawn_command};

use super::Stage;
use crate::common::passes;

fn at_terminal(stage: &Stage, args: &[&str], kind: &str) -> PtySession {
    let mut command = stage.command(args);
    command.env("TERM", kind).stdin(Stdio::inherit());
    spawn_command(command, Some(20_000)).expect("a terminal")
}

#[test]
fn a_terminal_shows_each_resource_and_asks() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let mut session = at_terminal(&stage, &["apply", "bundle"], "xterm-256color");
    let review = session.exp_string("Apply this? [y/N]").expect("the question");
    assert!(review.contains("18 resources to create") && review.contains("\u{1b}["), "{review}");
    session.send_line("y").expect("typed");
    let rest = session.exp_eof().expect("an end");
    assert!(rest.contains("module.agent.azurerm_key_vault.this: create done after"), "{rest}");
    assert!(rest.contains("ready: it answers"), "{rest}");
    assert!(!rest.contains("MARKED") && !review.contains("MARKED"));
}

#[test]
fn the_second_interrupt_warns_and_the_third_kills() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let real = stage.world.read("bin/terraform");
    stage.world.write(
        "bin/terraform",
        &real.replace("exec ", "[ $1 != apply ] || { trap '' INT; sleep 60; }\nexec "),
    );
    let mut session = at_terminal(&stage, &["apply", "bundle", "--yes"], "dumb");
    session.exp_string("Will run").expect("the review");
    session.exp_string("Digest").expect("its end");
    std::thread::sleep(std::time::Duration::from_millis(300));
    for said in [
        "Stopping: waiting for the engine to finish",
        "A third Ctrl-C kills the engine",
        "Killed.",
    ] {
        session.send_control('c').expect("typed");
        session
            .exp_string(said)
            .unwrap_or_else(|error| panic!("{said}: {error}"));
    }
    session.exp_eof().expect("an end");
    let status = format!("{:?}", session.process().wait().expect("a status"));
    assert!(status.ends_with(", 130)"), "{status}");
}

#[test]
fn ctrl_c_reaches_the_engine_once() {
    let hang = Fault {
        when: Trigger::NthApply(6),
        then: Effect::Hang,
    };
    let Some(stage) = Stage::new(vec![hang]) else { return };
    let mut session = at_terminal(&stage, &["apply", "bundle", "--yes"], "xterm-256color");
    session.exp_string("Digest").expect("the review");
    while !stage.emulator.is_hanging() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    session.send_control('c').expect("typed");
    session.exp_string("Stopping").expect("a word");
    let rest = session.exp_eof().expect("an end");
    // Terraform says so at a second interrupt.
    let logs: String = std::fs::read_dir(stage.world.path("bundle/receipts"))
        .expect("receipts")
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("text"))
        .collect();
    assert!(!logs.contains("Two interrupts received"), "{logs}");
    assert!(rest.contains("interrupted"), "{rest}");
}

#[test]
fn a_signal_ends_the_prompt_for_a_new_secret() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let before = stage.world.read("bundle/secrets.env");
    let args = ["apply", "bundle", "--rotate", "TELEGRAM_BOT_TOKEN"];
    let mut session = at_terminal(&stage, &args, "xterm-256color");
    session.exp_string("New Telegram bot token").expect("the prompt");
    passes(Command::new("kill").args(["-TERM", &pid_of(&stage)]));
    session.exp_eof().expect("an end");
    assert_eq!(stage.world.read("bundle/secrets.env"), before);
    assert!(!stage.calls().contains("terraform plan"), "{}", stage.calls());
}

/// Of the program in this stage's home.
fn pid_of(stage: &Stage) -> String {
    let home = format!("HOME={}\0", stage.world.folder.path().display());
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    let ours = |folder: &std::fs::DirEntry| {
        let environment = std::fs::read(folder.path().join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&home)
    };
    let names = processes.filter(ours).map(|folder| folder.file_name());
    names
        .map(|name| name.to_string_lossy().into_owned())
        .next()
        .expect("the program")
}
