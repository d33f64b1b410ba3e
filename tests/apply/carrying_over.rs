//! A state of version 0.1, whose secrets every plan would read out of a vault that lets nobody in.

use std::fs;

use remote_setup::rehearse::Action;

use super::{SECRETS, Stage};
use crate::common::{Ran, World, root};

/// The id that the state bears.
const ID: &str = "7fosn8";

/// What each run must show before it touches the state.
const STEP: &str = "terraform state rm -lock-timeout=60s module.agent.azurerm_key_vault_secret.this";

/// A bundle of this version with the state of an older one, and the answers that went with it.
fn old_deployment() -> Option<Stage> {
    let world = World::new();
    world.generate(&[]).ok();
    let spec = world.read("bundle/deployment.yaml");
    let id = spec
        .lines()
        .find(|line| line.starts_with("id: "))
        .expect("an id")
        .to_owned();
    let spec = spec.replace(&id, &format!("id: {ID}")) + "allow_vault_from:\n- 203.0.113.7/32\n";
    world.write("old.yaml", &spec);
    fs::remove_dir_all(world.path("bundle")).expect("removed");
    let ran = world.run(&["--spec=old.yaml", "--out=bundle"]).ok();
    assert!(ran.stderr.contains("`allow_vault_from` no longer has any effect"), "{ran:#?}");
    assert!(!world.read("bundle/deployment.yaml").contains("allow_vault_from"), "written anew");
    let state = fs::read_to_string(root().join("tests/facts/azure-0.1-state.json")).expect("the state");
    world.write("bundle/terraform.tfstate", &state);
    Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new())
}

fn old_secrets(stage: &Stage) -> usize {
    let state = stage.state();
    state
        .iter()
        .filter(|address| address.contains("azurerm_key_vault_secret"))
        .count()
}

fn names_them(ran: &Ran) {
    assert!(ran.stderr.contains(STEP), "{ran:#?}");
    for secret in ["openrouter-api-key", "telegram-bot-token", "codewhale-runtime-token"] {
        let address = format!("module.agent.azurerm_key_vault_secret.this[\"{secret}\"]");
        assert!(ran.stderr.contains(&address), "{address}: {ran:#?}");
    }
}

#[test]
fn secrets_of_an_old_state_are_forgotten_and_stored_anew_with_nothing_destroyed() {
    let Some(stage) = old_deployment() else { return };
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "");
    assert_eq!(ran.code, 0, "{ran:#?}");
    names_them(&ran);
    let (before, after) = ran.stderr.split_once("Change the state? [y/N]").expect("the question");
    assert!(before.contains(STEP) && after.contains("Apply this? [y/N]"), "{ran:#?}");
    for line in [
        "+ module.agent.azapi_resource_action.secret[\"telegram-bot-token\"]",
        "~ module.agent.azurerm_key_vault.this",
        "- module.agent.azurerm_role_assignment.secrets_officer[0]",
    ] {
        assert!(after.contains(line), "{line}: {after}");
    }
    for (_, value) in SECRETS {
        assert!(stage.emulator.has_stored(value), "a secret is lost");
    }
    let gone: Vec<_> = stage
        .emulator
        .record()
        .into_iter()
        .filter(|applied| applied.action == Action::Delete)
        .map(|applied| applied.type_name)
        .collect();
    assert_eq!(gone, ["azurerm_role_assignment"], "nothing else goes");
    assert_eq!((old_secrets(&stage), stage.emulator.refused_by_vault()), (0, 0));
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("Nothing to do") && !ran.stderr.contains("state rm"), "{ran:#?}");
    // What was applied leaves by itself, too.
    stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    assert_eq!((stage.state().len(), stage.emulator.refused_by_vault()), (0, 0));
}

#[test]
fn without_a_yes_the_old_state_stays_as_it_is() {
    let Some(stage) = old_deployment() else { return };
    let before = stage.world.read("bundle/terraform.tfstate");
    let ran = stage.run(&["plan", "bundle"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    names_them(&ran);
    assert!(ran.stderr.contains("Hint: `remote-setup apply "), "{ran:#?}");
    let ran = stage.answered(&["apply", "bundle"], Some("no"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(
        ran.stderr
            .contains("nothing was changed, neither the state nor the cloud"),
        "{ran:#?}"
    );
    let ran = stage.run(&["apply", "bundle"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.stderr.contains("--yes"), "{ran:#?}");
    assert_eq!(stage.world.read("bundle/terraform.tfstate"), before);
    assert_eq!((stage.emulator.record().len(), stage.emulator.refused_by_vault()), (0, 0));
}

#[test]
fn an_old_deployment_is_destroyed_without_asking_the_vault() {
    let Some(stage) = old_deployment() else { return };
    let ran = stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    names_them(&ran);
    assert_eq!((stage.state().len(), stage.emulator.refused_by_vault()), (0, 0));
    let record = stage.emulator.record();
    assert!(record.iter().any(|applied| applied.type_name == "azurerm_key_vault"), "{record:?}");
    assert!(
        record
            .iter()
            .all(|applied| applied.type_name != "azurerm_key_vault_secret"),
        "{record:?}"
    );
}

/// What the step is for: without it, the first plan asks the vault, and whoever runs Terraform by hand is told the way.
#[test]
fn an_old_state_cannot_be_planned_with_by_hand() {
    let Some(stage) = old_deployment() else { return };
    let folder = stage.world.path("bundle");
    let terraform = |args: &[&str]| {
        let mut command = std::process::Command::new(crate::common::tool("terraform").expect("seen before"));
        command
            .args(args)
            .env(remote_setup::rehearse::REATTACH_VARIABLE, stage.emulator.reattach())
            .current_dir(&folder);
        Ran::of(&mut command)
    };
    terraform(&["init", "-input=false"]).ok();
    let ran = terraform(&["plan", "-input=false", "-no-color"]);
    assert!(ran.code == 1 && ran.stderr.contains("ForbiddenByFirewall"), "{ran:#?}");
    assert!(stage.emulator.refused_by_vault() > 0);
    let runbook = stage.world.read("bundle/RUNBOOK.md");
    assert!(runbook.contains("`ForbiddenByFirewall`"), "the runbook tells the way");
}

/// The answer has no effect wherever it comes from, and no bundle is written with it.
#[test]
fn an_answer_without_effect_is_told_and_changes_nothing() {
    let world = World::new();
    world.generate(&[]).ok();
    let said = "Warning: `allow_vault_from` no longer has any effect";
    for (n, (flag, variable)) in [
        (Some("--allow-vault-from=198.51.100.7/32"), None),
        (None, Some("198.51.100.7/32")),
    ]
    .into_iter()
    .enumerate()
    {
        let mut command = world.command();
        command.args(["--spec=bundle/deployment.yaml", &format!("--out=again-{n}")]);
        command.args(flag);
        if let Some(value) = variable {
            command.env("CODEWHALE_ALLOW_VAULT_FROM", value);
        }
        let ran = Ran::of(&mut command).ok();
        assert!(ran.stderr.contains(said), "{ran:#?}");
        for file in ["deployment.yaml", "main.tf", "RUNBOOK.md", "bundle.lock.json"] {
            assert_eq!(
                world.read(&format!("again-{n}/{file}")),
                world.read(&format!("bundle/{file}")),
                "{file}"
            );
        }
    }
    assert!(!world.generate(&["--force"]).ok().stderr.contains("allow_vault_from"));
}
