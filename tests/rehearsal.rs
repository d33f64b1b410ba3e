//! `remote-setup rehearse`: needs Terraform, and nothing else.

use std::fs;

use serde_json::Value;

use crate::common::{Ran, World, examples, files_under, tool};

#[test]
fn every_example_can_be_rehearsed_in_seconds_and_leaves_no_trace() {
    if tool("terraform").is_none() {
        return;
    }
    for (name, folder, deployment) in examples() {
        let world = World::new();
        let before = files_under(&folder);
        // Processor time, to which other programs add little: 10 s of it are 5 s on two cores.
        let mut timed = world.command_of("bash");
        timed.args([
            "-c",
            "TIMEFORMAT='%U %S'; time \"$@\"",
            "bash",
            env!("CARGO_BIN_EXE_remote-setup"),
            "rehearse",
        ]);
        let ran = Ran::of(timed.arg(&folder).arg("--json")).ok();
        let took: f32 = ran
            .stderr
            .lines()
            .last()
            .map_or("", |line| line)
            .split(' ')
            .map(|seconds| seconds.parse::<f32>().expect("seconds"))
            .sum();
        assert!(took < 10.0, "{name} took {took} s");
        let object: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
        assert_eq!(object["status"], "rehearsed");
        let acts: Vec<_> = object["acts"]
            .as_array()
            .expect("acts")
            .iter()
            .map(|act| act["name"].clone())
            .collect();
        assert_eq!(acts, ["init", "validate", "plan", "apply", "plan again", "destroy"], "{name}");
        assert_eq!(object["acts"][4]["found"], "nothing to do", "{name}");
        // What was planned is made, and what was made is gone.
        let counted = |act: usize| {
            let found = object["acts"][act]["found"].as_str().expect("a text");
            let (count, rest) = found.split_once(" resources ").expect("a number");
            (count.parse::<usize>().expect("a number"), rest.to_owned())
        };
        let (planned, (made, secrets), (gone, left)) = (counted(2), counted(3), counted(5));
        assert_eq!(
            (planned.1.as_str(), left.as_str()),
            ("to create", "destroyed, nothing left"),
            "{name}"
        );
        assert!(planned.0 > 0 && made == planned.0 && gone == planned.0, "{name}: {object:#}");
        let stored = secrets.contains("every secret stored");
        assert_eq!(stored, deployment.cloud.vault.is_some(), "{name}: {secrets}");
        assert_eq!(files_under(&folder), before, "{name}");
        assert_eq!(world.listing(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn it_needs_no_account_no_secret_and_no_network() {
    let Some(terraform) = tool("terraform") else { return };
    let world = World::new();
    world.generate(&[]).ok();
    fs::remove_file(world.path("bundle/secrets.env")).expect("removed");
    // Only Terraform is there to be started, and every proxy leads nowhere.
    fs::create_dir(world.path("bin")).expect("a folder");
    std::os::unix::fs::symlink(terraform, world.path("bin/terraform")).expect("a link");
    let mut command = world.command();
    command.env("PATH", format!("{}:/usr/bin:/bin", world.path("bin").display()));
    command
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .args(["rehearse", "bundle"]);
    let ran = crate::common::Ran::of(&mut command).ok();
    assert!(ran.stdout.contains("no account, no network, no cost"), "{ran:#?}");
    assert!(!world.path("bundle/receipts").exists() && !world.path("bundle/.terraform").exists());
}

#[test]
fn what_does_not_hold_is_said_with_the_engine_s_own_words() {
    if tool("terraform").is_none() {
        return;
    }
    for (name, text, said) in [
        (
            "more.tf",
            "resource \"azurerm_resource_group\" \"more\" {\n  nonsense = 1\n}\n",
            "nonsense",
        ),
        (
            "more.tf",
            "resource \"azurerm_resource_group\" \"more\" {\n  name = local.nowhere\n}\n",
            "nowhere",
        ),
        ("terraform.tfvars", "vm_revision = \"many\"\n", "a number is required"),
    ] {
        let world = with_extra(name, text);
        let ran = world.run(&["rehearse", "bundle"]);
        assert_eq!(ran.code, 1, "{text}: {ran:#?}");
        assert!(
            ran.stderr.contains("Error: rehearsal, ") && ran.stderr.contains(said),
            "{text}: {ran:#?}"
        );
    }
}

#[test]
fn a_backend_in_the_bundle_is_left_alone() {
    if tool("terraform").is_none() {
        return;
    }
    let world = with_extra("backend.tf", "terraform {\n  backend \"azurerm\" {\n    key = \"x\"\n  }\n}\n");
    world.run(&["rehearse", "bundle"]).ok();
}

/// A bundle whose spec names a file of the operator's own.
fn with_extra(name: &str, text: &str) -> World {
    let world = World::new();
    world.generate(&[]).ok();
    world.write(&format!("bundle/{name}"), text);
    let spec = world.read("bundle/deployment.yaml");
    world.write("bundle/deployment.yaml", &format!("{spec}extra_files: [{name}]\n"));
    world.run(&["--spec=bundle/deployment.yaml"]).ok();
    world
}
