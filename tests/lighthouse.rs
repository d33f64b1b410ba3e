//! The Lighthouse module with real Terraform and an emulated Tencent Cloud: what a change does to a
//! machine that is paid for and has everything on its own disk.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use remote_setup::clouds::Cloud;
use remote_setup::clouds::lighthouse::Incident;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Cnb, Spec};
use remote_setup::rehearse::{Action, Effect, Fault, Trigger};
use remote_setup::tables::find;

use crate::common::{KEY, Ran, resolve, spec, tool};
use crate::emulator::{Secrets, Stage, complaint, made, text};

const MACHINE: &str = "tencentcloud_lighthouse_instance";
const RUN: &str = "tencentcloud_tat_invocation_invoke_attachment";
const ATTACHMENT: &str = "tencentcloud_lighthouse_key_pair_attachment";
const RULE: &str = "tencentcloud_lighthouse_firewall_rule";

const CREATE: &str = "[\"create\"]";
const UPDATE: &str = "[\"update\"]";
const DELETE: &str = "[\"delete\"]";
const REPLACE: &str = "[\"delete\",\"create\"]";

/// A call of the module, to vary.
const ROOT: &str = r##"
terraform {
  required_providers {
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

provider "tencentcloud" {
  region = "ap-hongkong"
}

module "agent" {
  source = "./modules/lighthouse"

  name              = "codewhale"
  deployment_id     = "k3v9qd"
  location          = "ap-hongkong"
  zone              = ""
  size              = "auto"
  blueprint_id      = ""
  period            = 1
  ssh_public_key    = "KEY"
  ssh_allowed_cidrs = ["203.0.113.7/32"]
  cloud_init        = "#!/bin/sh\nexit 0\n"
  tags              = { owner = "research" }
}

output "instance_id" {
  value = module.agent.instance_id
}

output "monthly_price" {
  value = module.agent.monthly_price
}

output "public_ip" {
  value = module.agent.public_ip
}
"##;

fn row() -> &'static Cloud {
    find("lighthouse").expect("a row")
}

/// The module called with one line of `ROOT` changed.
fn call(stage: &Stage, change: (&str, &str)) {
    let root = ROOT.replace("KEY", KEY);
    assert!(root.contains(change.0), "{} is not in the call", change.0);
    stage.write("main.tf", &root.replace(change.0, change.1));
}

/// The module after `terraform init`.
fn initialized() -> Option<Stage> {
    begun(Vec::new())
}

fn begun(faults: Vec<Fault>) -> Option<Stage> {
    let stage = Stage::new(faults)?;
    for (name, text) in row().module().expect("a module").files {
        stage.write(&format!("modules/lighthouse/{name}"), text);
    }
    call(&stage, ("", ""));
    stage.run(Secrets::None, &["init", "-input=false"]).ok();
    Some(stage)
}

/// The module after its first apply.
fn applied() -> Option<Stage> {
    let stage = initialized()?;
    stage.apply(Secrets::None).ok();
    stage.assert_nothing_to_do();
    Some(stage)
}

fn change(kind: &str, actions: &str) -> (String, String) {
    (kind.to_owned(), actions.to_owned())
}

fn output(stage: &Stage, name: &str) -> String {
    text(&stage.json(&["output", "-json"])[name]["value"])
}

/// Something that happened to the machine behind Terraform's back.
fn meanwhile(stage: &Stage, before: &str, after: &str) {
    let path = stage.folder.path().join("terraform.tfstate");
    let state = fs::read_to_string(&path).expect("a state");
    assert!(state.contains(before), "{before} is not in the state");
    fs::write(&path, state.replace(before, after)).expect("a state");
}

#[test]
fn it_is_applied_as_planned_and_then_there_is_nothing_to_do() {
    let Some(stage) = applied() else { return };
    let kinds: Vec<_> = made(&stage.emulator.record(), Action::Create);
    let kinds: Vec<_> = kinds.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            RULE,
            "tencentcloud_lighthouse_firewall_template",
            MACHINE,
            "tencentcloud_lighthouse_key_pair",
            ATTACHMENT,
            "tencentcloud_tat_command",
            RUN,
        ]
    );
    assert!(output(&stage, "instance_id").starts_with("lhins-"));
    assert!(output(&stage, "public_ip").starts_with("203.0.113."));
    // Neither the one that is sold out, nor the one that is too small, nor the first that fits.
    assert_eq!(output(&stage, "monthly_price"), "CNY 60.00 a month");
}

#[test]
fn nothing_wipes_the_machine_or_changes_what_cannot_be_changed() {
    let Some(stage) = applied() else { return };
    for harmless in [
        ("blueprint_id      = \"\"", "blueprint_id      = \"lhbp-mxml4cnq\""),
        ("period            = 1", "period            = 12"),
    ] {
        call(&stage, harmless);
        assert_eq!(stage.changes(&[]), [], "{harmless:?}");
    }
    // Tencent's newest image, found by the data source, is another than the one that was installed.
    call(&stage, ("", ""));
    meanwhile(&stage, "lhbp-1l4ptuvm", "lhbp-1aaaaaaa");
    assert_eq!(stage.changes(&[]), []);

    call(&stage, ("zone              = \"\"", "zone              = \"ap-hongkong-3\""));
    assert_eq!(stage.changes(&[]), [change(MACHINE, UPDATE)]);
    let complaint = complaint(&stage.apply(Secrets::None));
    assert!(complaint.contains("`zone` do not support change now"), "{complaint}");
}

#[test]
fn a_bundle_that_was_the_cheapest_once_is_kept() {
    let Some(stage) = applied() else { return };
    meanwhile(&stage, "bundle_starter_mc_med4_02", "bundle_gen_mc_med4_01");
    assert_eq!(stage.changes(&[]), []);
    // The price follows what the machine is.
    stage.apply(Secrets::None).ok();
    assert_eq!(output(&stage, "monthly_price"), "CNY 105.50 a month");
    // And choosing anew takes saying so.
    let chosen = change("terraform_data", REPLACE);
    assert_eq!(
        stage.changes(&["-replace=module.agent.terraform_data.bundle[0]"]),
        [change(MACHINE, UPDATE), chosen]
    );
    call(
        &stage,
        ("size              = \"auto\"", "size              = \"bundle_gen_mc_med4_01\""),
    );
    assert_eq!(stage.changes(&[]), [change("terraform_data", DELETE)]);
}

#[test]
fn a_changed_script_is_run_again_and_nothing_else_is() {
    let Some(stage) = applied() else { return };
    let machine = output(&stage, "instance_id");
    let first = made(&stage.emulator.record(), Action::Create);
    call(&stage, ("exit 0", "exit 0 # again"));
    let expected = [
        change("tencentcloud_tat_command", UPDATE),
        change(RUN, REPLACE),
        change("terraform_data", REPLACE),
    ];
    assert_eq!(stage.changes(&[]), expected);
    stage.apply(Secrets::None).ok();
    stage.assert_nothing_to_do();
    assert_eq!(output(&stage, "instance_id"), machine);
    let record = stage.emulator.record();
    let runs: Vec<_> = made(&record, Action::Create)
        .into_iter()
        .filter(|(kind, _)| kind == RUN)
        .collect();
    assert!(runs.len() == 2 && runs[0] != runs[1], "{runs:#?}");
    assert_eq!(made(&record, Action::Create).len(), first.len() + 1, "{record:#?}");
    // The command holds the new text before it is run.
    let last: Vec<_> = record
        .iter()
        .rev()
        .take(2)
        .map(|applied| applied.type_name.as_str())
        .collect();
    assert_eq!(last, [RUN, "tencentcloud_tat_command"]);

    call(&stage, ("\"#!/bin/sh\\nexit 0\\n\"", "null"));
    let expected = [
        change("tencentcloud_tat_command", DELETE),
        change(RUN, DELETE),
        change("terraform_data", DELETE),
    ];
    assert_eq!(stage.changes(&[]), expected);
}

#[test]
fn a_reinstalled_machine_gets_its_key_and_the_script_again() {
    let Some(stage) = applied() else { return };
    let again = [
        change(ATTACHMENT, REPLACE),
        change(RUN, REPLACE),
        change("terraform_data", REPLACE),
    ];
    // From another image, Terraform sees it; from the same, it must be told.
    assert_eq!(stage.changes(&["-replace=module.agent.terraform_data.blueprint"]), again);
    meanwhile(&stage, "\"blueprint_id\": \"lhbp-1l4ptuvm\"", "\"blueprint_id\": \"lhbp-mxml4cnq\"");
    assert_eq!(stage.changes(&[]), again);
    stage.apply(Secrets::None).ok();
    stage.assert_nothing_to_do();
}

#[test]
fn another_key_is_attached_and_another_comment_is_the_same_key() {
    let Some(stage) = applied() else { return };
    call(&stage, ("operator@example", "operator@elsewhere"));
    assert_eq!(stage.changes(&[]), []);
    call(&stage, ("IGdOhwpS0nwiBZstnHQe", "IH4u2cGDIKJ4Mq0tBRBT"));
    let expected = [
        change("tencentcloud_lighthouse_key_pair", REPLACE),
        change(ATTACHMENT, REPLACE),
        change("terraform_data", REPLACE),
    ];
    assert_eq!(stage.changes(&[]), expected);
    stage.apply(Secrets::None).ok();
    stage.assert_nothing_to_do();
}

#[test]
fn networks_come_and_go_without_touching_the_machine() {
    let Some(stage) = applied() else { return };
    let networks = "[\"203.0.113.7/32\"]";
    call(&stage, (networks, "[\"203.0.113.7/32\", \"198.51.100.0/24\"]"));
    assert_eq!(stage.changes(&[]), [change(RULE, UPDATE)]);
    call(&stage, (networks, "[]"));
    assert_eq!(stage.changes(&[]), [change(RULE, DELETE)]);
    stage.apply(Secrets::None).ok();
    call(&stage, ("", ""));
    assert_eq!(stage.changes(&[]), [change(RULE, CREATE)]);
}

#[test]
fn the_machine_goes_only_when_its_guard_is_lifted() {
    let Some(stage) = applied() else { return };
    let created = made(&stage.emulator.record(), Action::Create);
    let destroy = ["destroy", "-auto-approve", "-input=false", "-no-color"];
    let said = complaint(&stage.run(Secrets::None, &destroy));
    assert!(said.contains("lifecycle.prevent_destroy set"), "{said}");
    assert_eq!(stage.emulator.record().len(), created.len(), "nothing else may be gone either");

    stage.lift_guard(row());
    // Lifting it changes nothing else: the machine is still not reinstalled for another image.
    call(&stage, ("blueprint_id      = \"\"", "blueprint_id      = \"lhbp-mxml4cnq\""));
    assert_eq!(stage.changes(&[]), []);
    stage.run(Secrets::None, &destroy).ok();
    assert_eq!(made(&stage.emulator.record(), Action::Delete), created);
}

#[test]
fn a_provider_in_another_region_buys_nothing() {
    let Some(stage) = initialized() else { return };
    call(&stage, ("region = \"ap-hongkong\"", "region = \"ap-singapore\""));
    let said = complaint(&stage.apply(Secrets::None));
    assert!(said.contains("not set to the region `ap-hongkong`"), "{said}");
    assert!(stage.emulator.record().is_empty());
}

fn lighthouse(change: impl FnOnce(&mut Spec)) -> Deployment {
    let mut spec = Spec {
        cloud: Some("lighthouse".to_owned()),
        ..spec()
    };
    change(&mut spec);
    resolve(&spec)
}

#[test]
fn a_whole_bundle_lives_its_life_in_each_way_of_the_host_files() {
    for (way, region) in [("tat", "ap-hongkong"), ("ssh", "ap-shanghai"), ("cnb", "eu-frankfurt")] {
        let deployment = lighthouse(|spec| {
            spec.bootstrap = Some(way.to_owned());
            spec.region = Some(region.to_owned());
            spec.cnb = Some(Cnb {
                repository: Some("team/agent".to_owned()),
                secrets: Some("team/secrets".to_owned()),
                deploy: None,
            });
        });
        let Some(stage) = Stage::bundle(&deployment, Vec::new()) else {
            return;
        };
        stage.apply(Secrets::None).ok();
        stage.assert_nothing_to_do();
        let created = made(&stage.emulator.record(), Action::Create);
        assert_eq!(created.iter().any(|(kind, _)| kind == RUN), way == "tat", "{way}: {created:#?}");
        // Variables of the root reach the module.
        stage.write("terraform.tfvars", "period = 13\n");
        let said = complaint(&stage.apply(Secrets::None));
        assert!(said.contains("period must be 1 to 12"), "{said}");
        stage.write("terraform.tfvars", "period = 12\n");
        stage.assert_nothing_to_do();
        stage.lift_guard(row());
        stage
            .run(Secrets::None, &["destroy", "-auto-approve", "-input=false"])
            .ok();
        assert_eq!(made(&stage.emulator.record(), Action::Delete), created, "{way}");
    }
}

#[test]
fn what_can_be_refused_for_nothing_comes_before_the_machine() {
    let Some(stage) = initialized() else { return };
    let words: Vec<_> = KEY.split(' ').take(2).collect();
    stage.emulator.happens(Incident::Imported {
        id: "lhkp-e1sewher".to_owned(),
        public_key: words.join(" "),
    });
    let said = complaint(&stage.apply(Secrets::None));
    assert!(said.contains("Code=InvalidParameterValue.KeyPairPublicKeyDuplicated"), "{said}");
    let bought = |stage: &Stage| {
        made(&stage.emulator.record(), Action::Create)
            .iter()
            .any(|(kind, _)| kind == MACHINE)
    };
    assert!(!bought(&stage), "{:#?}", stage.emulator.record());
    call(&stage, ("  period ", "  ssh_key_id        = \"lhkp-e1sewher\"\n  period "));
    stage.apply(Secrets::None).ok();
    stage.assert_nothing_to_do();
    assert!(bought(&stage));

    for kind in ["tencentcloud_tat_command", "tencentcloud_lighthouse_key_pair"] {
        let fault = Fault {
            when: Trigger::ResourceType(kind.to_owned()),
            then: Effect::Fail {
                summary: "the cloud says no".to_owned(),
                detail: String::new(),
            },
        };
        let Some(stage) = begun(vec![fault]) else { return };
        complaint(&stage.apply(Secrets::None));
        assert!(!bought(&stage), "{kind}: {:#?}", stage.emulator.record());
    }
}

/// What TAT is given to run.
fn command(stage: &Stage) -> String {
    let state = stage.json(&["show", "-json"]).to_string();
    let state: serde_json::Value = serde_json::from_str(&state).expect("JSON");
    let resources = &state["values"]["root_module"]["child_modules"][0]["resources"];
    let mut all = resources.as_array().expect("resources").iter();
    let command = all.find(|resource| resource["type"] == "tencentcloud_tat_command");
    text(&command.expect("a command")["values"]["content"])
}

/// A run that TAT calls failed can never be removed: whatever the script does, TAT sees it succeed, in time.
#[test]
fn the_run_succeeds_and_ends_in_time_whatever_the_script_does() {
    let Some(stage) = initialized() else { return };
    for (script, said) in [
        ("#!/bin/sh\necho well; printf '%s' \"$#\"\n", "well\n0"),
        ("#!/bin/sh\nexit 3\n", "exit code 3"),
        ("#!/bin/sh\ntrap 'exit 9' EXIT\nset -e\nfalse\n", "exit code 9"),
        ("#!/bin/sh\nkill -9 $$\n", "exit code 137"),
        ("#!/bin/sh\nif\n", "exit code 2"),
        ("#!/bin/sh\nsleep 60\n", "exit code 124"),
        ("#!/bin/sh\ntrap '' TERM\nsleep 60\nsleep 60\n", "exit code 137"),
        (
            "#!/usr/bin/env bash\n[[ a == a ]] && read -r line || echo \"no input, ${BASH_VERSION%%.*}\"\n",
            "no input, 5",
        ),
        ("#!/bin/no-such-shell\nexit 0\n", "exit code 127"),
        (
            "#!/bin/sh\ncat <<'SH'\n  $HOME `id` \\ 'x'\nSH\nexit 4",
            "  $HOME `id` \\ 'x'\nThe script failed with exit code 4",
        ),
    ] {
        let quoted = serde_json::to_string(script)
            .expect("JSON")
            .replace("${", "$${")
            .replace("%{", "%%{");
        call(&stage, (r##""#!/bin/sh\nexit 0\n""##, &quoted));
        stage.apply(Secrets::None).ok();
        let whole = command(&stage);
        let whole = whole.replace("--kill-after=10 240", "--kill-after=1 1");
        assert!(whole.contains("--kill-after=1 1 "), "{whole}");
        stage.write("command.sh", &whole);
        for shell in ["dash", "bash"] {
            let Some(shell) = tool(shell) else { continue };
            let began = Instant::now();
            let ran = Ran::of(Command::new(shell).arg("command.sh").current_dir(stage.folder.path()));
            assert_eq!(ran.code, 0, "{script}: {ran:#?}");
            assert!(ran.stdout.contains(said), "{script}: `{said}`: {ran:#?}");
            assert!(began.elapsed() < Duration::from_secs(5), "{script}");
        }
    }
    // There is time left between the end of the script and the one that TAT sets.
    let Some(stage) = applied() else { return };
    assert!(command(&stage).contains("timeout --kill-after=10 240 /bin/sh "));
}
