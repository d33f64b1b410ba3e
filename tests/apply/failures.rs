//! What goes wrong while applying, and how it goes on.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use remote_setup::rehearse::{Action, Effect, Fault, Trigger};

use super::{MADE, RESOURCES, Stage, without_harness};
use crate::common::Ran;

fn fail(when: Trigger, detail: &str) -> Fault {
    Fault {
        when,
        then: Effect::Fail {
            summary: "the cloud says no".to_owned(),
            detail: detail.to_owned(),
        },
    }
}

/// Nothing was made twice: every name was created once.
fn created_once(stage: &Stage) {
    let record = stage.emulator.record();
    let created: Vec<_> = record
        .iter()
        .filter(|change| change.action == Action::Create)
        .map(|change| (&change.type_name, &change.name))
        .collect();
    let different: BTreeSet<_> = created.iter().collect();
    assert_eq!(created.len(), different.len(), "made twice: {created:?}");
    assert_eq!(created.len(), MADE, "{created:?}");
    assert_eq!(stage.state().len(), RESOURCES);
}

#[test]
fn a_failed_apply_says_what_exists_and_the_next_one_finishes() {
    for nth in [1, 7, 15] {
        let Some(stage) = Stage::new(vec![fail(Trigger::NthApply(nth), "SomethingElse: try later")]) else {
            return;
        };
        let ran = stage.run(&["apply", "bundle", "--yes"]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        for said in [
            "SomethingElse: try later",
            "now; engine log: ",
            "remote-setup apply ",
            "remote-setup destroy ",
        ] {
            assert!(ran.stderr.contains(said), "{nth}: `{said}` is not said: {}", ran.stderr);
        }
        let made = stage.state().len();
        assert!(made < RESOURCES);
        assert!(nth == 1 || ran.stderr.contains(&format!("{made} resource")), "{nth}: {}", ran.stderr);
        stage.run(&["apply", "bundle", "--yes"]).ok();
        created_once(&stage);
    }
}

#[test]
fn a_failure_that_passes_by_itself_is_waited_for() {
    let busy = "409 Conflict: AnotherOperationInProgress";
    let Some(stage) = Stage::new(vec![fail(Trigger::NthApply(12), busy), fail(Trigger::NthApply(14), busy)]) else {
        return;
    };
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(
        ran.stderr
            .contains("an earlier change to the same resource; retrying in"),
        "{ran:#?}"
    );
    created_once(&stage);
}

#[test]
fn a_second_try_holds_nothing_that_was_not_shown() {
    // The machine is never there when the second plan is made.
    let waits = || {
        let machine = Trigger::ResourceType("azurerm_linux_virtual_machine".to_owned());
        vec![fail(machine, "AnotherOperationInProgress")]
    };
    // Somebody edits the bundle while it waits.
    let Some(stage) = Stage::new(waits()) else { return };
    let real = stage.world.read("bin/terraform");
    let flag = stage.world.path("applied-once");
    let edit = format!(
        "[ $1 != plan ] || [ ! -e '{flag}' ] || sed -i 's/\"203.0.113.7.32\"/\"198.51.100.0\\/24\"/' main.tf\n[ $1 != apply ] || touch '{flag}'\nexec ",
        flag = flag.display()
    );
    stage.world.write("bin/terraform", &real.replace("exec ", &edit));
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("main.tf  differs from the spec"), "{ran:#?}");

    // Or it is another one only while the second plan is made.
    for (file, old, new, said) in [
        ("main.tf", "\"tester\"", "\"somebody\"", "would now "),
        (
            "main.tf",
            "Standard_B2als_v2",
            "Standard_B2as_v2",
            "a different `size` than was shown",
        ),
        ("modules/azure/vm.tf", "var.ssh_username", "\"somebody\"", "username` than was shown"),
    ] {
        let Some(stage) = Stage::new(waits()) else { return };
        let text = stage.world.read(&format!("bundle/{file}"));
        assert!(text.contains(old), "{old}");
        stage.terraform_reads(file, &text.replace(old, new), &["plan"]);
        let program = stage.world.read("bin/terraform");
        let flag = stage.world.path("applied-once");
        let (first, rest) = program.split_once("case $1 in").expect("the switch");
        let first = format!(
            "{first}[ $1 != apply ] || touch '{}'\n[ -e '{}' ] || set -- now \"$@\"\n",
            flag.display(),
            flag.display()
        );
        let rest = rest.replace("\nexec ", "\n[ $1 != now ] || shift\nexec ");
        stage.world.write("bin/terraform", &format!("{first}case $1 in{rest}"));
        let ran = stage.run(&["apply", "bundle", "--yes"]);
        assert_eq!(ran.code, 1, "{file}: {ran:#?}");
        assert!(ran.stderr.contains(said), "{file}: {ran:#?}");
    }
}

#[test]
fn the_receipt_of_a_second_try_holds_the_digest_that_was_applied() {
    let Some(stage) = Stage::new(vec![fail(Trigger::NthApply(12), "AnotherOperationInProgress")]) else {
        return;
    };
    let ran = stage.run(&["apply", "bundle", "--yes", "--json"]).ok();
    let receipt: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let digest = receipt["digest"].as_str().expect("a digest");
    assert_eq!(digest.len(), 64);
    assert!(!ran.stderr.contains(digest), "it is that of the first plan: {ran:#?}");
    stage.run(&["plan", "bundle"]).ok();
}

#[test]
fn a_failure_that_does_not_pass_is_given_up_with_the_way_on() {
    let Some(stage) = Stage::new(vec![fail(
        Trigger::ResourceType("azapi_resource_action".to_owned()),
        "AnotherOperationInProgress",
    )]) else {
        return;
    };
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("apply again in a few minutes"), "{ran:#?}");
}

#[test]
fn known_failures_get_a_cause_and_one_thing_to_do() {
    for (detail, cause, hint) in [
        (
            "AuthorizationFailed: ... 'Microsoft.KeyVault/vaults/secrets/write'",
            "not allowed to store secrets",
            "ask for Contributor",
        ),
        (
            "AuthorizationFailed: ... 'Microsoft.Authorization/roleAssignments/write'",
            "not allowed to assign roles",
            "Role Based Access Control",
        ),
        (
            "SkuNotAvailable: The requested VM size",
            "not available to you in this region",
            "az vm list-skus",
        ),
        (
            "Operation could not be completed as it results in exceeding approved standardBasv2Family Cores quota",
            "not available to you in this region",
            "az vm list-skus",
        ),
        ("VaultAlreadyExists: The vault name is already in use", "name is taken", "new `id`"),
    ] {
        let Some(stage) = Stage::new(vec![fail(Trigger::NthApply(3), detail)]) else {
            return;
        };
        let ran = stage.run(&["apply", "bundle", "--yes"]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(
            ran.stderr.contains(cause) && ran.stderr.contains(hint) && ran.stderr.contains(detail),
            "{detail}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_locked_state_is_known_by_terraform_s_own_words() {
    for cloud in remote_setup::clouds::CLOUDS {
        let known = |said: &str| {
            let said = [said.to_owned()];
            remote_setup::terraform::failure::known(cloud.failures, &[], &said).next()
        };
        let locked = known("Error: Error acquiring the state lock").expect("known");
        assert!(locked.remedy.en.contains("force-unlock"), "{locked:?}");
        assert!(known("something new").is_none(), "{}", cloud.slug);
    }
}

#[test]
fn two_runs_on_one_bundle_exclude_each_other() {
    let hang = Fault {
        when: Trigger::NthApply(4),
        then: Effect::Hang,
    };
    let Some(stage) = Stage::new(vec![hang]) else { return };
    let mut first = stage
        .command(&["apply", "bundle", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    wait_for_hang(&stage);
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("another run is using"), "{ran:#?}");
    interrupt(first.id());
    first.wait().expect("an end");
}

#[test]
fn a_hung_cloud_is_left_in_order() {
    let hang = Fault {
        when: Trigger::NthApply(6),
        then: Effect::Hang,
    };
    let Some(stage) = Stage::new(vec![hang]) else { return };
    let child = stage
        .command(&["apply", "bundle", "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    wait_for_hang(&stage);
    let began = Instant::now();
    interrupt(child.id());
    let ran = without_harness(Ran::from(child.wait_with_output().expect("an end")));
    assert_eq!(ran.code, 130, "{ran:#?}");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(ran.stderr.contains("Stopping: waiting for the engine to finish"), "{ran:#?}");
    assert!(
        !stage.world.path("bundle/.terraform.tfstate.lock.info").exists(),
        "the state is still locked"
    );
    stage.run(&["apply", "bundle", "--yes"]).ok();
    created_once(&stage);
}

#[test]
fn a_killed_run_is_finished_by_the_next_with_nothing_made_twice() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let began = Instant::now();
    stage.run(&["apply", "bundle", "--yes"]).ok();
    let whole_run = began.elapsed();
    stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    let mut killed = 0;
    for round in 0..10_u8 {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let mut child = stage
            .command(&["apply", "bundle", "--yes"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        // A random moment in each tenth of a run.
        std::thread::sleep(whole_run.mul_f32((f32::from(round) + rand::random::<f32>()) / 10.0));
        let _ = child.kill();
        killed += usize::from(!child.wait().expect("an end").success());
        stage.run(&["apply", "bundle", "--yes"]).ok();
        created_once(&stage);
    }
    assert!(killed >= 5, "only {killed} runs were killed in time");
}

#[test]
fn a_machine_that_fails_is_told_by_its_step() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.program("ssh", "echo '{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"packages\", \"message\": \"apt could not install nodejs\"}'");
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("at step `packages`: apt could not install nodejs"), "{ran:#?}");
    assert_eq!(stage.state().len(), RESOURCES);
}

/// A machine, a cloud and an engine may say anything; a terminal must only show it.
#[test]
fn nothing_that_others_say_moves_the_cursor_or_turns_the_text() {
    let odd = "\u{1b}[2J\u{1b}]0;title\u{7}\r\u{9b}31m\u{202e}desrever\u{2066}\u{7f}";
    let clean = |ran: &crate::common::Ran| {
        for text in [&ran.stdout, &ran.stderr] {
            let found = text.chars().find(|c| {
                c.is_control() && !"\n\t".contains(*c)
                    || ('\u{202a}'..='\u{202e}').contains(c)
                    || ('\u{2066}'..='\u{2069}').contains(c)
            });
            assert_eq!(found, None, "{ran:#?}");
        }
    };
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let message = serde_json::json!(format!("said {odd}"));
    let result = format!("{{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"x\", \"message\": {message}}}");
    stage.world.write("said", &result);
    stage.program("ssh", &format!("cat '{}'", stage.world.path("said").display()));
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("at step `x`: said [2J"), "{ran:#?}");
    clean(&ran);
    stage.world.write("said", &format!("refused {odd}"));
    stage.program("ssh", &format!("cat '{}' >&2; exit 255", stage.world.path("said").display()));
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("refused [2J"), "{ran:#?}");
    clean(&ran);
    // What the state says, as text and as JSON.
    let state = stage.world.read("bundle/terraform.tfstate");
    let mut state: serde_json::Value = serde_json::from_str(&state).expect("a state");
    state["outputs"]["ssh_command"]["value"] = format!("ssh {odd}").into();
    stage.world.write("bundle/terraform.tfstate", &state.to_string());
    clean(&stage.run(&["output", "bundle"]).ok());
    let ran = stage.run(&["output", "bundle", "--json"]).ok();
    clean(&ran);
    let printed: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(printed["outputs"]["ssh_command"], format!("ssh {odd}"));
    let fault = fail(Trigger::NthApply(3), odd);
    let Some(stage) = Stage::new(vec![fault]) else { return };
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("desrever"), "{ran:#?}");
    clean(&ran);
}

#[test]
fn a_machine_that_cannot_be_asked_is_given_up_early() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.program("ssh", "echo 'azureuser@203.0.113.9: Permission denied (publickey).' >&2; exit 255");
    let began = Instant::now();
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.stderr.contains("cannot be asked") && ran.stderr.contains("--no-wait"),
        "{ran:#?}"
    );
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[test]
fn a_machine_that_takes_its_time_is_waited_for() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let flag = stage.world.path("asked");
    stage.program(
        "ssh",
        &format!(
            "[ -e '{flag}' ] || {{ touch '{flag}'; echo 'ssh: connect to host 203.0.113.9 port 22: Connection refused' >&2; exit 255; }}\necho '{{\"schema_version\": 1, \"status\": \"ready\", \"message\": \"it answers\"}}'",
            flag = flag.display()
        ),
    );
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(
        ran.stderr
            .contains("waiting for the machine, 0 s so far (ssh: connect to host"),
        "{ran:#?}"
    );
    assert!(ran.stderr.contains("ready: it answers"), "{ran:#?}");
}

#[test]
fn without_ssh_the_cloud_s_answer_is_read() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage
        .world
        .run(&["--spec=bundle/deployment.yaml", "--allow-ssh-from=none"])
        .ok();
    stage.program(
        "az",
        "echo 'Enable succeeded: '; echo '[stdout]'; echo '{\"schema_version\": 1, \"status\": \"ready\", \"message\": \"it answers\"}'; echo '[stderr]'",
    );
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(
        ran.stderr.contains("Inbound\n  nothing") && ran.stderr.contains("ready: it answers"),
        "{ran:#?}"
    );
    assert!(
        stage.calls().contains("az vm run-command invoke --ids /subscriptions/"),
        "{}",
        stage.calls()
    );
}

fn wait_for_hang(stage: &Stage) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !stage.emulator.is_hanging() {
        assert!(Instant::now() < deadline, "nothing hangs: {:?}", stage.emulator.record());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn interrupt(process: u32) {
    let status = std::process::Command::new("kill")
        .args(["-INT", &process.to_string()])
        .status()
        .expect("kill");
    assert!(status.success());
}
