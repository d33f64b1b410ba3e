//! A whole bundle that version 0.1 wrote and applied, carried on by this version.

use std::fs;

use remote_setup::rehearse::Action;

use super::{SECRETS, Stage};
use crate::common::{World, files_under, root, unpacked_0_1};

fn machine_id(state: &str) -> serde_json::Value {
    let state: serde_json::Value = serde_json::from_str(state).expect("JSON");
    let resources = state["resources"].as_array().expect("resources");
    let machine = resources
        .iter()
        .find(|one| one["type"] == "azurerm_linux_virtual_machine");
    machine.expect("a machine")["instances"][0]["attributes"]["id"].clone()
}

#[test]
fn a_bundle_of_0_1_is_regenerated_and_applied_with_its_secrets_id_and_machine() {
    let (old, world) = (unpacked_0_1(), World::new());
    for name in files_under(&old.path().join("bundle")) {
        let text = fs::read_to_string(old.path().join("bundle").join(&name)).expect("text");
        world.write(&format!("bundle/{name}"), &text);
    }
    let state = fs::read_to_string(root().join("tests/facts/azure-0.1-state.json")).expect("the state");
    world.write("bundle/terraform.tfstate", &state);
    let secrets: String = SECRETS
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    world.write("bundle/secrets.env", &secrets);
    let id = |text: String| text.lines().find(|line| line.starts_with("id: ")).map(str::to_owned);
    let before = id(world.read("bundle/deployment.yaml"));
    assert_eq!(before.as_deref(), Some("id: 7fosn8"), "the state is this bundle's");

    let ran = world.run(&["plan", "bundle"]);
    assert_eq!(ran.code, 2, "an old bundle is not acted on as it is: {ran:#?}");
    let ran = world
        .run(&[
            "--spec=bundle/deployment.yaml",
            "--out=bundle",
            "--yes",
            "--non-interactive",
        ])
        .ok();
    assert!(!ran.stderr.contains(".bak-"), "nothing was edited by hand: {ran:#?}");
    assert_eq!(id(world.read("bundle/deployment.yaml")), before);
    assert_eq!(world.read("bundle/terraform.tfstate"), state);
    for (name, value) in SECRETS {
        assert!(
            world.read("bundle/secrets.env").contains(&format!("{name}={value}\n")),
            "{name} is lost"
        );
    }

    let Some(stage) = Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new()) else {
        return;
    };
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "");
    assert_eq!(ran.code, 0, "{ran:#?}");
    for (_, value) in SECRETS {
        assert!(stage.emulator.has_stored(value), "a secret is lost");
    }
    assert_eq!(
        machine_id(&stage.world.read("bundle/terraform.tfstate")),
        machine_id(&state),
        "another machine"
    );
    let changed: Vec<_> = stage
        .emulator
        .record()
        .into_iter()
        .filter(|applied| applied.action != Action::Update)
        .map(|applied| (applied.action, applied.type_name))
        .collect();
    let machines: Vec<_> = changed.iter().filter(|(_, kind)| kind.contains("machine")).collect();
    assert!(machines.is_empty(), "{changed:#?}");
    let again = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(again.stderr.contains("Nothing to do"), "{again:#?}");
}
