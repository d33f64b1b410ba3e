//! `pin`: what a machine says it got becomes what the bundle asks for, after a yes, and only in its one form.

use remote_setup::inputs::Spec;
use serde_json::{Value, json};

use super::machine::Machine;
use super::{SECRETS, Stage};
use crate::common::World;

const GIT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d";
const HASH: &str = "1a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
pub const RESULT: &str = "/var/lib/codewhale-setup/result.json";

/// The result of a machine that is ready.
pub fn result(got: &Value) -> String {
    result_with("ready", "0.9.9", got)
}

/// In the order that the installer writes it.
fn result_with(status: &str, version: &str, got: &Value) -> String {
    format!(
        r#"{{"schema_version": 1, "status": {}, "step": "cleanup", "message": "it answers", "codewhale_version": {}, "got": {got}}}"#,
        json!(status),
        json!(version)
    )
}

pub fn good() -> Value {
    json!({"git": GIT, "binary_x64": HASH})
}

/// Everything of the bundle, to see that nothing of it changed.
fn bundle(world: &World) -> Vec<(String, String)> {
    let folder = world.path("bundle");
    let files = crate::common::files_under(&folder);
    let kept = |name: &String| !name.starts_with("receipts/") && !name.starts_with(".terraform/");
    files
        .into_iter()
        .filter(kept)
        .map(|name| {
            let text = std::fs::read(folder.join(&name)).expect("a file");
            (name, String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}

fn spec(world: &World) -> Spec {
    serde_yaml::from_str(&world.read("bundle/deployment.yaml")).expect("a spec")
}

#[test]
fn what_the_machine_got_is_pinned_after_a_yes() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let (stage, world) = (&machine.stage, &machine.stage.world);
    machine.sshd.put(RESULT, &result(&good()));
    let before = bundle(world);
    let ran = stage.answered(&["pin", "bundle"], Some("n"), "");
    assert!(ran.code == 4 && ran.stderr.contains("Pin this? [y/N]"), "{ran:#?}");
    stage.run(&["pin", "bundle"]).refused().says("--yes");
    stage
        .run(&["pin", "bundle", "--non-interactive"])
        .refused()
        .says("--yes");
    assert_eq!(bundle(world), before);

    let ran = stage.answered(&["pin", "bundle"], Some("y"), "").ok();
    for said in [
        "cat /var/lib/codewhale-setup/result.json",
        "The machine got, as CodeWhale 0.9.9,",
        &format!("  the bridge's commit: {GIT}\n"),
        &format!("  the x64 binary: {HASH}\n"),
        "pinned in ",
    ] {
        assert!(ran.stderr.contains(said), "`{said}` is not said:\n{}", ran.stderr);
    }
    let pins = spec(world).pins.expect("pins");
    assert_eq!(pins.version.as_deref(), Some("0.9.9"));
    assert_eq!((pins.git.as_deref(), pins.binary_x64.as_deref()), (Some(GIT), Some(HASH)));
    assert_eq!((pins.image, pins.binary_arm64), (None, None));
    let installer = world.read("bundle/install.sh");
    assert!(
        installer.contains(&format!("GIT_COMMIT='{GIT}'\n"))
            && installer.contains(&format!("BINARY_SHA256='{HASH}'\n"))
    );
    world.run(&["--spec=bundle/deployment.yaml", "--check"]).ok();
    let kept = |name: &str| {
        before
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.clone())
    };
    for name in ["secrets.env", "known_hosts", "terraform.tfstate"] {
        assert_eq!(Some(world.read(&format!("bundle/{name}"))), kept(name), "{name}");
    }

    let written = bundle(world);
    let ran = stage.run(&["pin", "bundle", "--json"]).ok();
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(
        (&printed["schema_version"], &printed["status"]),
        (&1.into(), &"nothing_to_do".into())
    );
    assert_eq!(bundle(world), written);

    // The plan's review and JSON say what is pinned, and what is not any more.
    let ran = stage.run(&["plan", "bundle", "--json"]).ok();
    assert!(
        ran.stderr
            .contains(&format!("Pinned\n  the bridge's commit: {GIT}\n  the x64 binary: {HASH}\n")),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("not pinned") && !ran.stdout.contains("not pinned"), "{ran:#?}");
}

#[test]
fn a_yes_beforehand_and_a_program_that_reads() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let ran = machine.stage.run(&["plan", "bundle", "--json"]).ok();
    assert!(
        ran.stderr.contains("Warnings\n")
            && ran
                .stderr
                .contains("not pinned: the bridge's commit and the x64 binary;"),
        "{ran:#?}"
    );
    let planned: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    let warnings = planned["warnings"].as_array().expect("a list").iter();
    let mut warnings = warnings.map(|warning| warning.as_str().expect("a warning"));
    assert!(warnings.any(|warning| warning.starts_with("not pinned: ")), "{planned:#}");

    machine.sshd.put(RESULT, &result(&good()));
    let ran = machine
        .stage
        .run(&["pin", "bundle", "--yes", "--non-interactive", "--json"])
        .ok();
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(printed["status"], "pinned");
    assert_eq!(printed["pins"], json!({"version": "0.9.9", "git": GIT, "binary_x64": HASH}));
    let changed = printed["changed"].as_array().expect("names");
    assert!(
        changed.contains(&"deployment.yaml".into()) && changed.contains(&"install.sh".into()),
        "{printed:#}"
    );
}

/// The machine may be anybody's by now.
#[test]
fn what_a_machine_says_is_input() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let before = bundle(&machine.stage.world);
    let got = |name: &str, value: Value| {
        let mut got = good();
        got[name] = value;
        result(&got)
    };
    let without = |name: &str| {
        let mut got = good();
        got.as_object_mut().expect("an object").remove(name);
        result(&got)
    };
    for (text, said) in [
        (got("git", "v0.9.9".into()), "the machine's `git`: `v0.9.9` is not a commit"),
        (got("git", format!("{}\u{1b}[2J", &GIT[..36]).into()), "is not a commit"),
        (got("git", format!("{GIT}\n").into()), "is not a commit"),
        (got("git", GIT.to_uppercase().into()), "is not a commit"),
        (got("binary_x64", format!("{}$(id)", &HASH[..59]).into()), "is not a SHA-256"),
        (got("binary_x64", "'\"`\\\u{202e}".into()), "is not a SHA-256"),
        (got("binary_x64", "a".repeat(100_000).into()), "is not a SHA-256"),
        (got("git", 5.into()), "does not report what it downloaded for the bridge's commit"),
        (got("git", Value::Null), "does not report what it downloaded for"),
        (without("binary_x64"), "does not report what it downloaded for the x64 binary"),
        (result(&json!("x")), "does not report what it downloaded for"),
        (result(&json!([])), "does not report what it downloaded for"),
        (
            result_with("ready", "0.9.12", &good()),
            "the machine has CodeWhale `0.9.12`, but this bundle is for `0.9.9`",
        ),
        (result_with("ready", "\u{1b}]0;x\u{7}", &good()), "but this bundle is for `0.9.9`"),
        (
            result_with("failed", "0.9.9", &good()),
            "the machine is not ready: it reports `failed`",
        ),
        (result_with("\u{1b}[31mready", "0.9.9", &good()), "the machine is not ready"),
        (String::new(), "the machine cannot be asked"),
        ("\u{1b}[2Jready".to_owned(), "the machine cannot be asked"),
    ] {
        machine.sshd.put(RESULT, &text);
        let ran = machine.stage.run(&["pin", "bundle", "--yes"]);
        assert!(ran.code == 1 && ran.stderr.contains(said), "`{said}`: {ran:#?}");
        assert!(ran.stderr.contains("Hint: ") && ran.stderr.len() < 4000, "{ran:#?}");
        assert!(!ran.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{ran:#?}");
        assert_eq!(bundle(&machine.stage.world), before, "{said}");
    }
}

#[test]
fn a_pin_is_never_replaced() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.sshd.put(RESULT, &result(&good()));
    machine.stage.run(&["pin", "bundle", "--yes"]).ok();
    let before = bundle(&machine.stage.world);
    let other = HASH.replace('1', "2");
    machine
        .sshd
        .put(RESULT, &result(&json!({"git": GIT, "binary_x64": other})));
    let ran = machine.stage.run(&["pin", "bundle", "--yes"]);
    let said = format!("the x64 binary on the machine is `{other}`, but deployment.yaml pins `{HASH}`");
    assert!(ran.code == 1 && ran.stderr.contains(&said), "{ran:#?}");
    assert_eq!(bundle(&machine.stage.world), before);
}

#[test]
fn a_machine_is_asked_through_the_cloud_where_no_ssh_is_open() {
    let world = World::new();
    let given: Vec<&str> = crate::common::MINIMAL
        .iter()
        .copied()
        .filter(|flag| !flag.starts_with("--allow-ssh-from"))
        .chain(["--allow-ssh-from=none"])
        .collect();
    world.run(&given).ok();
    let Some(stage) = Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new()) else {
        return;
    };
    let ran = stage.run(&["pin", "bundle", "--yes"]);
    assert!(ran.code == 1 && ran.stderr.contains("the machine has no address yet"), "{ran:#?}");
    let image = format!("sha256:{HASH}");
    let answer = result(&json!({"git": GIT, "image": image}));
    stage.program(
        "az",
        &format!("printf 'Enable succeeded: \\n[stdout]\\n%s\\n\\n[stderr]\\n' '{answer}'"),
    );
    stage.run(&["apply", "bundle", "--yes"]).ok();
    stage.forget_calls();
    stage.run(&["pin", "bundle", "--yes"]).ok();
    assert!(stage.calls().contains("az vm run-command invoke --ids "), "{}", stage.calls());
    let pins = spec(&stage.world).pins.expect("pins");
    assert_eq!((pins.image, pins.git.as_deref()), (Some(image.clone()), Some(GIT)));
    let dockerfile = stage.world.read("bundle/Dockerfile");
    assert!(
        dockerfile.contains(&format!("\nFROM ghcr.io/hmbown/codewhale@{image}\n")),
        "{dockerfile}"
    );
}

#[test]
fn nobody_can_be_asked_where_nothing_reaches_the_machine() {
    let Some(machine) = Machine::new(&["--allow-ssh-from=none"]) else {
        return;
    };
    machine.stage.run(&["apply", "bundle", "--yes"]).ok();
    machine
        .stage
        .run(&["pin", "bundle", "--yes"])
        .refused()
        .says("no address may reach SSH");
}
