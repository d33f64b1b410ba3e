//! `remote-setup migrate`: old names become new ones, and nothing else changes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::common::World;

const OLD: &str = "# My runtime; the token is DEEPSEEK_RUNTIME_TOKEN=not-this-one
DEEPSEEK_RUNTIME_TOKEN=MARKED-SECRET = with \"quotes\"  # and more

export DEEPSEEK_WORKSPACE='/opt/whalebro'
  DEEPSEEK_MODEL=
DEEPSEEK_API_KEY=MARKED-SECRET-key
DEEPSEEK_SOMETHING=x
CODEWHALE_PROVIDER=deepseek
";

const NEW: &str = "# My runtime; the token is DEEPSEEK_RUNTIME_TOKEN=not-this-one
CODEWHALE_RUNTIME_TOKEN=MARKED-SECRET = with \"quotes\"  # and more

export CODEWHALE_WORKSPACE='/opt/whalebro'
  CODEWHALE_MODEL=
DEEPSEEK_API_KEY=MARKED-SECRET-key
DEEPSEEK_SOMETHING=x
CODEWHALE_PROVIDER=deepseek
";

#[test]
fn looking_shows_names_and_changes_nothing() {
    let world = World::new();
    world.write("runtime.env", OLD);
    let ran = world.run(&["migrate", "runtime.env"]).ok();
    assert!(
        ran.stderr
            .contains("runtime.env, line 2: DEEPSEEK_RUNTIME_TOKEN would become CODEWHALE_RUNTIME_TOKEN"),
        "{ran:#?}"
    );
    assert!(
        ran.stderr
            .contains("3 lines would change; nothing was written; add --write to do it"),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("MARKED") && !ran.stdout.contains("MARKED"), "{ran:#?}");
    assert_eq!(world.read("runtime.env"), OLD);
    assert_eq!(world.listing(), ["runtime.env"]);
}

#[test]
fn writing_keeps_values_comments_mode_and_a_backup() {
    let world = World::new();
    let path = world.write("runtime.env", OLD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("mode");
    let ran = world.run(&["migrate", "--write", "runtime.env"]).ok();
    assert_eq!(world.read("runtime.env"), NEW);
    assert!(!ran.stderr.contains("MARKED"), "{ran:#?}");
    let backup = world
        .listing()
        .into_iter()
        .find(|name| name.starts_with("runtime.env.bak-"))
        .expect("a backup");
    assert_eq!(world.read(&backup), OLD);
    // The old file may hold secrets that nobody looks after any longer.
    for (name, mode) in [("runtime.env", 0o640), (backup.as_str(), 0o600)] {
        let found = fs::metadata(world.path(name)).expect(name).permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    let again = world.run(&["migrate", "--write", "runtime.env"]).ok();
    assert!(again.stderr.contains("no old names left"), "{again:#?}");
    assert_eq!(world.listing().len(), 2);
}

#[test]
fn a_line_that_says_the_same_twice_goes_and_a_conflict_stays() {
    let world = World::new();
    world.write("a.env", "DEEPSEEK_MODEL=auto\nCODEWHALE_MODEL=auto\n");
    world.run(&["migrate", "--write", "a.env"]).ok();
    assert_eq!(world.read("a.env"), "CODEWHALE_MODEL=auto\n");

    let both = "DEEPSEEK_RUNTIME_TOKEN=MARKED-1\nCODEWHALE_RUNTIME_TOKEN=MARKED-2\nDEEPSEEK_MODE=agent\n";
    world.write("b.env", both);
    let ran = world.run(&["migrate", "--write", "--json", "b.env"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(
        ran.stderr.contains("have different values: DEEPSEEK_RUNTIME_TOKEN") && ran.stderr.contains("Hint: "),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("MARKED") && !ran.stdout.contains("MARKED"), "{ran:#?}");
    assert_eq!(world.read("b.env"), both.replace("DEEPSEEK_MODE", "CODEWHALE_MODE"));
    let object: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!(object["files"][0]["conflicts"], serde_json::json!(["DEEPSEEK_RUNTIME_TOKEN"]));
    assert_eq!(object["files"][0]["renamed"], serde_json::json!(["DEEPSEEK_MODE"]));
}

#[test]
fn one_bad_file_stops_all_before_anything_is_written() {
    let world = World::new();
    world.write("good.env", OLD);
    world
        .run(&["migrate", "--write", "good.env", "missing.env"])
        .refused()
        .says("missing.env");
    assert_eq!(world.read("good.env"), OLD);
    world.run(&["migrate"]).refused();
}
