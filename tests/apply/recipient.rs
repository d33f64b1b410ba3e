//! Who gets the secrets: shown before anything is sent, and nobody else. State and `known_hosts` may be a stranger's.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use remote_setup::inputs::Spec;
use remote_setup::machine::Machine as Named;
use remote_setup::machine::commands::{MachineCommands, Work};
use remote_setup::machine::identity::Identity;
use remote_setup::process::environment::Environment;
use remote_setup::terraform::operation::Operation;
use serde_json::{Value, json};

use super::machine::Machine;
use super::{Stage, without_harness};
use crate::common::{Ran, resolve, spec};
use crate::files::fifo;

/// What would run on whoever takes it for an option of `ssh`.
const OPTION: &str = "-oProxyCommand=touch owned";

fn set_output(stage: &Stage, name: &str, value: &str) {
    let path = "bundle/terraform.tfstate";
    let mut state: Value = serde_json::from_str(&stage.world.read(path)).expect("a state");
    state["outputs"][name]["value"] = json!(value);
    stage.world.write(path, &state.to_string());
}

fn applied() -> Option<Machine> {
    let machine = Machine::new(&[]).map(Machine::applied)?;
    machine.stage.forget_calls();
    Some(machine)
}

/// Neither a connection nor a command on the machine.
fn nothing_reached(machine: &Machine, before: Option<&String>, what: &str) {
    assert!(!machine.stage.calls().contains("ssh"), "{what}: {}", machine.stage.calls());
    assert_eq!(machine.sshd.get("/sudo.log").as_ref(), before, "{what}");
}

#[test]
fn a_push_shows_the_machine_and_sends_nothing_without_a_yes() {
    let Some(machine) = applied() else { return };
    let stage = &machine.stage;
    let (login, key) = (format!("ubuntu@{}", machine.address()), machine.sshd.fingerprint());
    let commands = machine.sshd.get("/sudo.log");
    let shown = |ran: &Ran| {
        for said in [&login, &format!("host key {key}, from known_hosts in this folder")] {
            assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
        }
    };
    let ran = stage.answered(&["push", "bundle"], Some("n"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    shown(&ran);
    // A folder that somebody else committed, in a pipeline.
    for args in [&["push", "bundle"][..], &["push", "bundle", "--non-interactive"]] {
        let ran = stage.run(args);
        assert_eq!(ran.code, 2, "{ran:#?}");
        shown(&ran);
        let way_on = format!("remote-setup push {} --host-key {key} --yes", stage.world.path("bundle").display());
        assert!(ran.stderr.contains(&way_on), "{ran:#?}");
        assert_eq!(machine.receipt()["status"], "refused");
    }
    nothing_reached(&machine, commands.as_ref(), "not confirmed");
    let ran = stage.answered(&["push", "bundle"], Some("y"), "").ok();
    shown(&ran);
    let ran = stage
        .run(&[
            "push",
            "bundle",
            "--non-interactive",
            "--host-key",
            &key,
            "--yes",
            "--json",
        ])
        .ok();
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(printed["recipient"], json!({"login": login, "fingerprint": key}));
    // What `apply` pushes to a machine that is there is shown the same way.
    let ran = stage.answered(&["apply", "bundle"], Some("n"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    shown(&ran);
    let ran = stage.run(&["plan", "bundle", "--json"]).ok();
    let planned: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(planned["recipient"]["login"], login);
}

#[test]
fn yes_alone_does_not_take_a_key_that_nobody_compared() {
    let Some(machine) = applied() else { return };
    let commands = machine.sshd.get("/sudo.log");
    fs::remove_file(machine.stage.world.path("bundle/known_hosts")).expect("removed");
    for verb in ["push", "apply"] {
        let ran = machine.stage.run(&[verb, "bundle", "--yes"]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains("not a terminal, so the host key of"), "{ran:#?}");
    }
    nothing_reached(&machine, commands.as_ref(), "no key");
}

#[test]
fn a_state_that_holds_no_address_or_user_runs_nothing() {
    let Some(machine) = applied() else { return };
    let stage = &machine.stage;
    let state = stage.world.read("bundle/terraform.tfstate");
    let commands = machine.sshd.get("/sudo.log");
    for (name, value) in [
        ("ssh_user", OPTION),
        ("ssh_user", ""),
        ("ssh_user", "Root"),
        ("ssh_user", "ubuntu -v"),
        ("public_ip", OPTION),
        ("public_ip", "evil.example.com"),
        ("public_ip", "203.0.113.9 -v"),
    ] {
        stage.world.write("bundle/terraform.tfstate", &state);
        set_output(stage, name, value);
        let ran = stage.run(&["push", "bundle", "--yes"]);
        let said = format!("the state's output `{name}` is `{value}`, which is not ");
        assert!(ran.code == 1 && ran.stderr.contains(&said), "{name}={value}: {ran:#?}");
        nothing_reached(&machine, commands.as_ref(), value);
    }
    for name in stage.world.listing() {
        assert!(!name.ends_with("owned"), "{name}");
    }
}

#[test]
fn a_state_that_holds_no_id_asks_no_cloud() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage
        .world
        .run(&["--spec=bundle/deployment.yaml", "--allow-ssh-from=none"])
        .ok();
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    stage.forget_calls();
    set_output(&stage, "vm_id", "--scripts=@/etc/passwd");
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("the state's output `vm_id` is"), "{ran:#?}");
    assert!(!stage.calls().contains("az vm"), "{}", stage.calls());
}

#[test]
fn names_end_the_options_of_every_program() {
    let outputs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let machine = Named::of(&outputs(&[
        ("public_ip", "203.0.113.9"),
        ("ssh_user", "ubuntu"),
        ("vm_id", "/subscriptions/1"),
    ]))
    .expect("a machine");
    let lighthouse = resolve(&Spec {
        cloud: Some("lighthouse".to_owned()),
        bootstrap: Some("ssh".to_owned()),
        ..spec()
    });
    for deployment in [resolve(&spec()), lighthouse] {
        let identity =
            Identity::find(&deployment.ssh_public_key, None, &Environment::of(Vec::new(), |_| false)).expect("a key");
        let commands = MachineCommands::of(Work {
            deployment: &deployment,
            directory: std::path::Path::new("."),
            operation: Operation::Apply,
            identity: &identity,
            asks: true,
        });
        let all = commands.for_machine(&machine).expect("filled").all();
        let reaching = all.iter().filter(|command| command.program.starts_with("ssh"));
        assert!(reaching.clone().count() > 0);
        for command in reaching {
            let end = command
                .args
                .iter()
                .position(|arg| arg == "--")
                .expect("an end of options");
            assert!(
                ["203.0.113.9", "ubuntu@203.0.113.9"].contains(&command.args[end + 1].as_str()),
                "{command:?}"
            );
        }
    }
}

#[test]
fn a_known_hosts_that_is_not_ours_is_refused() {
    let Some(machine) = applied() else { return };
    let stage = &machine.stage;
    let commands = machine.sshd.get("/sudo.log");
    let own = machine.sshd.known_host(&machine.address());
    let key = own.split_once(' ').expect("a key").1.to_owned();
    let two = format!("{own}{} {}\n", machine.address(), crate::common::KEY);
    let shape = "is not an address followed by its key";
    for (text, said) in [
        (format!("@cert-authority * {key}"), shape),
        (format!("@revoked {own}"), shape),
        (format!("* {key}"), shape),
        (format!("203.0.113.* {key}"), shape),
        (format!("!203.0.113.1,* {key}"), shape),
        (format!("{},198.51.100.1 {key}", machine.address()), shape),
        (format!("|1|bm90aGluZw==|bm90aGluZw== {key}"), shape),
        (format!("example.com {key}"), shape),
        (format!(" {own}"), shape),
        (format!("{}\t{key}", machine.address()), shape),
        ("nonsense\n".to_owned(), shape),
        (two, "has more than one key for"),
        ("x".repeat(1 << 17), "it is larger than"),
    ] {
        stage.world.write("bundle/known_hosts", &text);
        for verb in ["push", "apply"] {
            let ran = stage.run(&[verb, "bundle", "--yes"]);
            assert!(ran.code == 1 && ran.stderr.contains(said), "{verb}, {text:.80}: {ran:#?}");
            assert!(ran.stderr.contains("Hint: remove the file"), "{ran:#?}");
        }
        nothing_reached(&machine, commands.as_ref(), &text);
    }
    let path = stage.world.path("bundle/known_hosts");
    fs::remove_file(&path).expect("removed");
    symlink(stage.world.write("elsewhere", &own), &path).expect("a link");
    let ran = stage.run(&["push", "bundle", "--yes"]);
    assert!(ran.code == 2 && ran.stderr.contains("it is a symbolic link"), "{ran:#?}");
    fs::remove_file(&path).expect("removed");
    fifo(&path);
    let began = Instant::now();
    let mut command = stage.command(&["push", "bundle", "--yes"]);
    let ran = without_harness(Ran::of(&mut command));
    assert!(ran.code == 2 && ran.stderr.contains("it is a FIFO"), "{ran:#?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    nothing_reached(&machine, commands.as_ref(), "a FIFO");
}

#[test]
fn a_machine_that_is_another_one_after_the_question_gets_nothing() {
    let Some(machine) = applied() else { return };
    let commands = machine.sshd.get("/sudo.log");
    let own = machine.stage.world.read("bundle/known_hosts");
    let change = format!("echo '{} {}' > bundle/known_hosts", machine.address(), crate::common::KEY);
    for verb in ["push", "apply"] {
        machine.stage.world.write("bundle/known_hosts", &own);
        let ran = machine.stage.answered(&[verb, "bundle"], Some("y"), &change);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(
            ran.stderr.contains(" was shown") && ran.stderr.contains("no secret was pushed"),
            "{verb}: {ran:#?}"
        );
        nothing_reached(&machine, commands.as_ref(), verb);
    }
    // The files that a yes brings are part of what was shown.
    machine.stage.world.write("bundle/known_hosts", &own);
    let ran = machine
        .stage
        .answered(&["push", "bundle"], Some("y"), "echo '# more' >> bundle/store-secrets.sh");
    assert!(ran.code == 1 && ran.stderr.contains("changed after it was shown"), "{ran:#?}");
    nothing_reached(&machine, commands.as_ref(), "a file");
}
