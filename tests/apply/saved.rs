//! `plan`: its review is its result, its exit code tells, and a saved plan is applied exactly as it was, or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{MADE, Stage};
use crate::schemas::object;

#[test]
fn the_review_is_the_result_and_the_exit_code_tells() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.run(&["plan", "bundle"]).ok();
    for said in ["18 resources to create", "Inbound\n", "Digest of bundle and plan"] {
        assert!(ran.stdout.contains(said), "`{said}`: {ran:#?}");
        assert!(!ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    assert!(ran.stdout.starts_with("Account\n"), "{ran:#?}");
    assert_eq!(stage.run(&["plan", "bundle", "--exit-code"]).code, 3);
    let ran = stage.run(&["plan", "bundle", "--exit-code", "--json"]);
    assert_eq!((ran.code, object(&ran).get("error")), (3, None), "{ran:#?}");
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage.run(&["plan", "bundle", "--exit-code"]).ok();
}

#[test]
fn an_unchanged_plan_has_the_same_digest_in_every_run() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let digest = |args: &[&str]| {
        let ran = stage.run(&[&["plan", "bundle", "--json"], args].concat()).ok();
        object(&ran)["digest"].as_str().expect("a digest").to_owned()
    };
    // The first run is the one that installs the providers.
    let first = digest(&[]);
    assert_eq!(digest(&[]), first);
    let review = stage.run(&["plan", "bundle"]).ok();
    assert!(review.stdout.contains(&first), "{review:#?}");
    let applied = object(&stage.run(&["apply", "bundle", "--yes", "--json"]).ok());
    assert_eq!(applied["digest"], Value::from(first.clone()));
    stage.extra("terraform.tfvars", "vm_revision = 2\n");
    let second = digest(&[]);
    assert_eq!(digest(&[]), second);
    assert_ne!(second, first);
    let rotated = digest(&["--rotate", "TELEGRAM_BOT_TOKEN"]);
    assert_eq!(digest(&["--rotate", "TELEGRAM_BOT_TOKEN"]), rotated);
    assert_ne!(rotated, second);
}

#[test]
fn a_kept_plan_is_applied_after_the_same_review() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    // Looking needs no secret, and so does keeping.
    let ran = stage.run(&["plan", "bundle", "--save", "agent.plan"]).ok();
    assert!(
        ran.stderr
            .contains("saved as agent.plan. To apply exactly this plan: `remote-setup apply agent.plan --bundle "),
        "{ran:#?}"
    );
    let mode = fs::metadata(stage.world.path("agent.plan"))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    super::leaks::nothing_leaked(&stage, "plan --save", &ran);
    assert_eq!(stage.emulator.record(), []);

    let args = ["apply", "agent.plan", "--bundle", "bundle"];
    let ran = stage.answered(&args, Some("n"), "");
    assert!(ran.code == 4 && ran.stderr.contains("Apply this? [y/N]"), "{ran:#?}");
    let ran = stage.answered(&args, Some("y"), "").ok();
    let kept: Value = serde_json::from_str(&stage.world.read("agent.plan")).expect("JSON");
    for said in [
        "18 resources to create",
        kept["digest"].as_str().expect("a digest"),
        "ready: it answers",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    assert_eq!(stage.emulator.record().len(), MADE);
    super::leaks::nothing_leaked(&stage, "apply FILE", &ran);
    // It was for another state.
    stage
        .run(&["apply", "agent.plan", "--bundle", "bundle", "--yes"])
        .refused()
        .says("the state changed: now ")
        .says("Hint: plan again and review it: `remote-setup plan ");
}

#[test]
fn a_kept_plan_that_differs_in_anything_is_refused() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["plan", "bundle", "--save", "agent.plan"]).ok();
    let kept: Value = serde_json::from_str(&stage.world.read("agent.plan")).expect("JSON");
    let with = |pointer: &str, value: Value| {
        let mut other = kept.clone();
        *other.pointer_mut(pointer).expect("a place") = value;
        other.to_string()
    };
    let mut less = kept.clone();
    less["changes"]
        .as_object_mut()
        .expect("changes")
        .remove("module.agent.azurerm_public_ip.this");
    let other = "0".repeat(64);
    let none = json!({"lineage": "other", "serial": 3});
    for (text, said) in [
        (
            with("/id", json!("zzzzzz")),
            "this plan is for the deployment `codewhale` (id `zzzzzz`)",
        ),
        (
            with("/account", json!("other")),
            "the plan is for the account `other`, but the current one is `the provider's default`",
        ),
        (with("/bundle", json!(other)), "the bundle changed since it was planned"),
        (with("/providers", json!(other)), "the providers are not those it was planned with"),
        (with("/state", none), "the state changed: now none, when planned serial 3 of other"),
        (
            with("/changes/module.agent.azurerm_public_ip.this", json!(other)),
            "`module.agent.azurerm_public_ip.this` would change differently than planned",
        ),
        (less.to_string(), "`module.agent.azurerm_public_ip.this` would change too"),
        (with("/digest", json!(other)), "the digest differs from"),
        (with("/schema_version", json!(2)), "it was written by another version"),
        (with("/content", json!("x")), "is not a plan saved by `remote-setup plan --save`"),
        ("PK\u{3}\u{4}".to_owned(), "is not a plan saved by `remote-setup plan --save`"),
    ] {
        stage.world.write("agent.plan", &text);
        let ran = stage.run(&["apply", "agent.plan", "--bundle", "bundle", "--yes"]);
        let ran = ran.refused().says(said);
        assert!(!ran.stderr.contains("continue with"), "{ran:#?}");
    }
    // The bundle moves on after the look.
    stage.world.write("agent.plan", &kept.to_string());
    stage.world.run(&["--spec=bundle/deployment.yaml", "--workers=5"]).ok();
    stage
        .run(&["apply", "agent.plan", "--bundle", "bundle", "--yes"])
        .refused()
        .says("the bundle changed since");
    assert!(!stage.calls().contains("terraform apply"), "{}", stage.calls());
    assert_eq!(stage.emulator.record(), []);
}

#[test]
fn keeping_a_plan_writes_over_nothing_else() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.world.write("notes", "mine");
    fs::create_dir(stage.world.path("folder")).expect("a folder");
    for name in ["notes", "folder", "bundle/deployment.yaml"] {
        stage
            .run(&["plan", "bundle", "--save", name])
            .refused()
            .says("exists and is not a plan saved by remote-setup");
    }
    assert_eq!(stage.world.read("notes"), "mine");
    stage.run(&["plan", "bundle", "--save", "agent.plan"]).ok();
    stage.run(&["plan", "bundle", "--save", "agent.plan"]).ok();
    stage
        .run(&["apply", "bundle", "--bundle", "bundle"])
        .refused()
        .says("--bundle needs a saved plan");
}
