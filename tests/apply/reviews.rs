//! What a review says of things that go: what is lost, what stays, and why.

use super::Stage;
use super::machine::Machine;
use crate::schemas::object;

const LOST: &str = "Lost with the machine's disk, without a backup";

#[test]
fn destroying_names_what_is_lost_and_what_stays() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    let ran = stage.answered(&["destroy", "bundle"], Some("no"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    for said in [
        "18 resources to destroy",
        LOST,
        "the workspace /opt/whalebro, except what was pushed elsewhere",
        "the agent's memory and sessions",
        "which Telegram chat belongs to which session",
        "the machine's address and host key",
        "What stays",
        "this folder, with the paired chats and secrets.env",
        "for seven days",
        "the Telegram bot and the OpenRouter API key",
        "Type the deployment's name, codewhale, to destroy it:",
        "Error: not destroyed; nothing was changed",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    // There will be no machine that anything goes to, gets in or costs.
    for not_said in [
        "goes to",
        "$",
        "Inbound",
        "Cost",
        "MCP",
        "not applied",
        "no longer has it",
    ] {
        assert!(!ran.stderr.contains(not_said), "`{not_said}`: {ran:#?}");
    }
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let ran = machine.stage.answered(&["destroy", "bundle"], Some("no"), "");
    assert!(ran.stderr.contains("Tencent refunds what its rules allow"), "{ran:#?}");
    assert!(ran.stderr.contains(LOST) && !ran.stderr.contains("goes to"), "{ran:#?}");
}

#[test]
fn a_replacement_says_why_and_what_goes_with_it() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let first = stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    assert!(!first.stderr.contains(LOST), "{first:#?}");
    stage.extra("terraform.tfvars", "vm_revision = 2\n");
    let ran = stage.answered(&["apply", "bundle"], Some("no"), "");
    assert!(
        ran.code == 4 && ran.stderr.contains("Error: not applied; nothing was changed"),
        "{ran:#?}"
    );
    for said in [
        "  ± module.agent.azurerm_linux_virtual_machine.this: vm_revision 1 → 2\n",
        LOST,
        "the agent's memory and sessions",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    assert!(
        !ran.stderr.contains("What stays") && !ran.stderr.contains("its host key:"),
        "{ran:#?}"
    );
    let planned = object(&stage.run(&["plan", "bundle", "--json"]).ok());
    let changes = planned["changes"].as_array().expect("changes");
    let machine = changes
        .iter()
        .find(|change| change["resource_type"] == "azurerm_linux_virtual_machine");
    assert_eq!(machine.expect("the machine")["because"], "vm_revision 1 → 2", "{planned:#}");

    stage.extra("terraform.tfvars", "vm_revision = 1\n");
    stage
        .world
        .run(&[
            "--spec=bundle/deployment.yaml",
            "--region=westeurope",
            "--allow-ssh-from=none",
            "--allow-vault-from=203.0.113.7/32",
        ])
        .ok();
    let ran = stage.run(&["plan", "bundle"]).ok();
    for said in [
        "± module.agent.azurerm_public_ip.this: the region eastus → westeurope",
        "- module.agent.azurerm_network_security_rule.ssh_ipv4[0]: the bundle no longer has it",
    ] {
        assert!(ran.stdout.contains(said), "`{said}`: {ran:#?}");
    }
}

#[test]
fn what_an_earlier_run_left_half_made_is_said() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    let state = stage.world.read("bundle/terraform.tfstate");
    let mut state: serde_json::Value = serde_json::from_str(&state).expect("a state");
    let resources = state["resources"].as_array_mut().expect("resources");
    let address = resources
        .iter_mut()
        .find(|resource| resource["type"] == "azurerm_public_ip")
        .expect("an address");
    address["instances"][0]["status"] = "tainted".into();
    stage.world.write("bundle/terraform.tfstate", &state.to_string());
    let ran = stage.run(&["plan", "bundle"]).ok();
    assert!(
        ran.stdout
            .contains("± module.agent.azurerm_public_ip.this: an earlier run left it incomplete"),
        "{ran:#?}"
    );
    assert!(!ran.stdout.contains(LOST), "the machine stays: {ran:#?}");
}

#[test]
fn a_script_that_runs_again_loses_nothing() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let stage = &machine.stage;
    stage.world.run(&["--spec=bundle/deployment.yaml", "--workers=5"]).ok();
    let ran = stage.run(&["plan", "bundle"]).ok();
    assert!(
        ran.stdout.contains(
            "± module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]: bootstrap.sh changed\n"
        ),
        "{ran:#?}"
    );
    assert!(!ran.stdout.contains(LOST), "{ran:#?}");
}
