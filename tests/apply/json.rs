//! What the verbs of the engine print under `--json`: one object that fits its schema, however they end.

use remote_setup::rehearse::{Effect, Fault, Trigger};

use super::machine::Machine;
use super::{Stage, without_harness};
use crate::common::Ran;
use crate::schemas::{failed, fit, object};

#[test]
fn each_verb_prints_one_object_that_fits() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let mut seen = vec![("plan", object(&stage.run(&["plan", "bundle", "--json", "--save", "kept"]).ok()))];
    seen.push(("saved-plan", serde_json::from_str(&stage.world.read("kept")).expect("JSON")));
    seen.push(("error", failed(&stage.run(&["output", "bundle", "--json"]), 1, "failed")));
    let declined = failed(&stage.answered(&["apply", "bundle", "--json"], Some("n"), ""), 4, "declined");
    assert_eq!(declined["status"], "declined");
    seen.push(("run", declined));
    seen.push(("run", failed(&stage.run(&["apply", "bundle", "--json"]), 2, "usage")));
    seen.push(("run", object(&stage.run(&["apply", "bundle", "--json", "--yes"]).ok())));
    let unchanged = object(&stage.run(&["apply", "bundle", "--json"]).ok());
    assert_eq!(unchanged["status"], "nothing_to_do");
    seen.push(("run", unchanged));
    seen.push(("output", object(&stage.run(&["output", "bundle", "--json"]).ok())));
    stage.extra("terraform.tfvars", "vm_revision = 2\n");
    seen.push(("plan", object(&stage.run(&["plan", "bundle", "--json"]).ok())));
    seen.push((
        "run",
        object(
            &stage
                .run(&["destroy", "bundle", "--json", "--yes", "--allow-destroy"])
                .ok(),
        ),
    ));
    fit(&seen);
}

#[test]
fn a_failure_in_the_cloud_or_on_the_machine_is_in_the_one_object() {
    let fault = Fault {
        when: Trigger::NthApply(6),
        then: Effect::Fail {
            summary: "the cloud says no".to_owned(),
            detail: "no reason".to_owned(),
        },
    };
    let Some(stage) = Stage::new(vec![fault]) else { return };
    let ran = failed(&stage.run(&["apply", "bundle", "--json", "--yes"]), 1, "failed");
    assert_eq!(ran["status"], "failed");
    stage.program(
        "ssh",
        "echo '{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"bridge\", \"message\": \"no\"}'",
    );
    // What was applied is applied, whatever the machine says.
    let later = failed(&stage.run(&["apply", "bundle", "--json", "--yes"]), 1, "failed");
    assert_eq!(later["status"], "applied");
    fit(&[("run", ran), ("run", later)]);
}

#[test]
fn an_interruption_is_an_object() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let terraform = stage.world.read("bin/terraform");
    // Ctrl-C while Terraform looks.
    stage.world.write(
        "bin/terraform",
        &terraform.replace("exec ", "[ $1 != plan ] || { kill -INT $PPID; sleep 1; exit 1; }\nexec "),
    );
    let ran = without_harness(Ran::of(&mut stage.command(&["plan", "bundle", "--json"])));
    fit(&[("error", failed(&ran, 130, "interrupted"))]);
}

#[test]
fn pushing_and_pinning_fit() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let stage = &machine.stage;
    let pushed = object(&stage.run(&["push", "bundle", "--yes", "--json"]).ok());
    assert_eq!(pushed["machine"]["state"], "current", "{pushed:#}");
    let planned = object(&stage.run(&["plan", "bundle", "--json"]).ok());
    machine
        .sshd
        .put(super::pinning::RESULT, &super::pinning::result(&super::pinning::good()));
    let pinned = object(&stage.run(&["pin", "bundle", "--yes", "--json"]).ok());
    let again = object(&stage.run(&["pin", "bundle", "--yes", "--json"]).ok());
    fit(&[("run", pushed), ("plan", planned), ("pin", pinned), ("pin", again)]);
}
