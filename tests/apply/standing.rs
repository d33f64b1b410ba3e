//! A machine that exists, against the bundle that was just applied: what is newer here, and what brings it there.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::machine::Machine;
use super::{SECRETS, Stage};
use crate::common::{MINIMAL, Ran, World, packed};
use crate::schemas::object;

const BEHIND: &str = "The machine is behind this bundle";

/// The line under "To update it:".
fn way_there(ran: &Ran) -> String {
    let (_, rest) = ran
        .stderr
        .split_once("To update it:\n")
        .unwrap_or_else(|| panic!("{ran:#?}"));
    rest.lines().next().expect("a command").trim().to_owned()
}

/// Types the line into a shell, with the programs of the stage.
fn typed(stage: &Stage, line: &str) -> Ran {
    let path = format!("{}:{}", stage.world.path("bin").display(), std::env::var("PATH").expect("PATH"));
    Ran::of(
        Command::new("bash")
            .args(["-c", line])
            .env("PATH", path)
            .env("HOME", stage.world.folder.path())
            .current_dir("/"),
    )
}

fn lies_not(ran: &Ran) {
    for lie in ["Nothing to do", "Pair your phone"] {
        assert!(!ran.stderr.contains(lie), "`{lie}`: {ran:#?}");
    }
}

#[test]
fn what_is_newer_than_the_machine_is_told_with_the_command_that_brings_it() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("Pair your phone") && !ran.stderr.contains(BEHIND), "{ran:#?}");
    let ran = stage.run(&["apply", "bundle"]).ok();
    assert!(
        ran.stderr
            .contains("Nothing to do: cloud and machine match the bundle."),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("Pair your phone"), "somebody is paired by now: {ran:#?}");

    stage
        .world
        .run(&["--spec=bundle/deployment.yaml", "--workers=5", "--allowlist=123456789"])
        .ok();
    let ran = stage.run(&["apply", "bundle"]).ok();
    lies_not(&ran);
    assert!(
        ran.stderr.contains(&format!(
            "{BEHIND}. Newer here:\n  codewhale-runtime.service\n  runtime.env\n  telegram.env\nTo update it:\n"
        )),
        "{ran:#?}"
    );
    let told = object(&stage.run(&["apply", "bundle", "--json"]).ok());
    assert_eq!((&told["status"], &told["machine"]["state"]), (&"unchanged".into(), &"behind".into()));
    assert_eq!(
        told["machine"]["newer_files"],
        serde_json::json!(["codewhale-runtime.service", "runtime.env", "telegram.env"])
    );
    let kept = fs::read_to_string(stage.receipts().pop().expect("a receipt")).expect("text");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&kept).expect("JSON"), told);

    // The machine: its folder, and an installer that says what it took.
    let machine = stage.world.path("machine");
    fs::create_dir(&machine).expect("a folder");
    let answer = stage.answer();
    stage.program(
        "ssh",
        &format!(
            "case ${{!#}} in 'sudo bash -s')\ncat >'{machine}/bootstrap.sh' && sh '{machine}/bootstrap.sh' --extract '{machine}/files' &&\n\
             cp '{machine}'/files/* '{machine}/' && {installs} >'{result}'\nexit ;;\nesac\n{answer}",
            machine = machine.display(),
            installs = stage.installs().replacen("/bundle'", "/machine'", 1),
            result = stage.world.path("machine-result").display(),
        ),
    );
    let line = way_there(&ran);
    assert!(
        line.contains("ssh -o BatchMode=yes") && line.contains("azureuser@203.0.113."),
        "{line}"
    );
    typed(&stage, &line).ok();
    let arrived = fs::read_to_string(machine.join("telegram.env")).expect("it arrived");
    assert_eq!(arrived, compacted(&stage.world.read("bundle/telegram.env")));
    let ran = stage.run(&["apply", "bundle"]).ok();
    assert!(
        ran.stderr
            .contains("Nothing to do: cloud and machine match the bundle."),
        "{ran:#?}"
    );
}

#[test]
fn a_plan_does_not_speak_for_the_machine() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage.forget_calls();
    let ran = stage.run(&["plan", "bundle"]).ok();
    assert_eq!(ran.stdout, "No changes: the cloud matches the bundle.\n");
    assert!(ran.stderr.contains("The machine was not checked; `remote-setup apply "), "{ran:#?}");
    assert!(!stage.calls().contains("ssh "), "{}", stage.calls());
    let ran = stage.run(&["apply", "bundle", "--no-wait"]).ok();
    lies_not(&ran);
    assert!(ran.stderr.contains("The machine was not checked: --no-wait"), "{ran:#?}");
}

#[test]
fn an_older_installer_and_another_version_are_told() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    let says = |more: &str| {
        let result = format!(r#"{{"schema_version": 1, "status": "ready", "message": "it answers"{more}}}"#);
        stage.program("ssh", &format!("cat <<'END'\n{result}\nEND"));
        stage.run(&["apply", "bundle"]).ok()
    };
    for (more, said) in [
        (r#", "codewhale_version": "0.9.8""#, "  CodeWhale 0.9.9 (the machine has 0.9.8)\n"),
        (
            r#", "codewhale_version": "0.9.9""#,
            "  host files: the machine does not report which it has",
        ),
        (
            r#", "codewhale_version": "0.9.9", "files": "all""#,
            "  host files: the machine does not report which it has",
        ),
        (r#", "codewhale_version": "0.9.9", "files": {"runtime.env": 5}"#, "\n  runtime.env\n"),
        // Its words are input.
        (
            r#", "codewhale_version": "\u001b[2J", "files": {"\u001b[2J": "\u001b"}"#,
            "\\u{1b}[2J)",
        ),
    ] {
        let ran = says(more);
        lies_not(&ran);
        assert!(ran.stderr.contains(BEHIND) && ran.stderr.contains(said), "`{said}`: {ran:#?}");
        assert!(!ran.stderr.contains('\u{1b}'), "{ran:#?}");
    }
    stage.program("ssh", "echo 'azureuser@203.0.113.5: Permission denied (publickey).' >&2; exit 255");
    let ran = stage.run(&["apply", "bundle"]);
    lies_not(&ran);
    assert!(ran.code == 1 && ran.stderr.contains("the machine cannot be asked"), "{ran:#?}");
}

/// A changed home address must not cost half an hour to find out.
#[test]
fn a_machine_that_is_out_of_reach_is_given_up_early_where_nothing_changed() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage.program(
        "ssh",
        "echo 'ssh: connect to host 203.0.113.5 port 22: Connection timed out' >&2; exit 255",
    );
    let began = Instant::now();
    let ran = stage.run(&["apply", "bundle"]);
    lies_not(&ran);
    assert!(
        ran.code == 1 && ran.stderr.contains("the machine cannot be asked: ssh: connect to host"),
        "{ran:#?}"
    );
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[test]
fn without_ssh_the_cloud_runs_the_script_that_user_data_carries() {
    let world = World::new();
    let given: Vec<&str> = MINIMAL
        .iter()
        .copied()
        .filter(|flag| !flag.starts_with("--allow-ssh-from"))
        .chain(["--allow-ssh-from=none", "--allow-vault-from=203.0.113.7/32"])
        .collect();
    world.run(&given).ok();
    let Some(stage) = Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new()) else {
        return;
    };
    stage.program("az", &stage.answer());
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage.world.run(&["--spec=bundle/deployment.yaml", "--workers=5"]).ok();
    let ran = stage.run(&["apply", "bundle"]).ok();
    lies_not(&ran);
    let line = way_there(&ran);
    assert!(line.contains("az vm run-command invoke --ids "), "{line}");
    stage.program(
        "az",
        &format!("printf '%s\\n' \"${{!#}}\" >'{}'", stage.world.path("received").display()),
    );
    typed(&stage, &line).ok();
    let received = stage.world.read("received");
    assert!(received.starts_with("#!/bin/sh\n"), "{received}");
    let sent = packed(&received);
    let settings = sent
        .iter()
        .find(|(path, _, _)| path == "runtime.env")
        .expect("settings");
    assert_eq!(settings.1, compacted(&stage.world.read("bundle/runtime.env")));
    let whole = Command::new("sh")
        .args(["-c", &received, "bootstrap.sh", "--list"])
        .output()
        .expect("sh");
    assert!(whole.status.success(), "{whole:?}");
}

#[test]
fn a_machine_that_went_back_is_told_on_lighthouse() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let stage = &machine.stage;
    let result = "/var/lib/codewhale-setup/result.json";
    let now = machine.sshd.get(result).expect("a result");
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(!ran.stderr.contains(BEHIND) && !ran.stderr.contains("Pair your phone"), "{ran:#?}");
    // By hand: `codewhale-roll-back`.
    machine
        .sshd
        .put(result, &now.replace("\"config.toml\": \"", "\"config.toml\": \"0"));
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("Newer here:\n  config.toml\nTo update it:\n"), "{ran:#?}");
    machine.runs(r#"/bin/cat >"$MACHINE/received"; echo "$*" >>"$MACHINE/received""#);
    typed(stage, &way_there(&ran)).ok();
    let script = stage.world.read("bundle/bootstrap.sh");
    assert_eq!(machine.sshd.get("/received").expect("a script"), format!("{script}bash -s\n"));
}

/// An env file as it travels.
fn compacted(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with('#'))
        .collect()
}
