//! Every `--json` output against its schema under docs/json.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::{MINIMAL, Ran, World, root, skip};

/// The complaints about objects that do not fit their schemas in a folder; `None`, said aloud, without a validator.
pub fn complaints(folder: &str, objects: &[(&str, Value)]) -> Option<String> {
    let python = root().join("target/tools/venv/bin/python");
    if !python.exists() {
        skip("jsonschema is not installed; `bash tests/tools.sh` brings it");
        return None;
    }
    let mut child = Command::new(python)
        .arg(root().join("tests/tools/json_schema.py"))
        .arg(root().join(folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python");
    let text = serde_json::to_string(objects).expect("JSON");
    child
        .stdin
        .take()
        .expect("its input")
        .write_all(text.as_bytes())
        .expect("written");
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    Some(said)
}

/// Asserts that each object fits the schema of its name.
pub fn fit(objects: &[(&str, Value)]) {
    if let Some(said) = complaints("docs/json", objects) {
        assert_eq!(said, "", "{objects:#?}");
    }
}

/// The one object on stdout.
pub fn object(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

/// Asserts that a run failed with this code and says so in its one object too.
pub fn failed(ran: &Ran, code: i32, kind: &str) -> Value {
    let object = object(ran);
    assert_eq!(ran.code, code, "{ran:#?}");
    assert_eq!(object["schema_version"], 1, "{object:#}");
    let error = &object["error"];
    assert_eq!((&error["kind"], &error["exit_code"]), (&kind.into(), &code.into()), "{object:#}");
    let message = error["message"].as_str().expect("a message");
    assert!(ran.stderr.contains(message.lines().next().expect("a line")), "{ran:#?}");
    object
}

#[test]
fn what_verbs_without_an_engine_print_fits() {
    let world = World::new();
    let mut seen = Vec::new();
    seen.push(("choices", object(&world.run(&["choices", "--json"]).ok())));
    seen.push(("choices", object(&world.run(&["choices", "chats", "--json"]).ok())));
    seen.push(("generate", object(&world.generate(&["--json"]).ok())));
    let lacks = world.run(&["secrets", "bundle", "--json"]);
    seen.push(("secrets", failed(&lacks, 3, "differs")));
    let mut command = world.command();
    command.args(["secrets", "bundle", "--json"]).envs([
        ("OPENROUTER_API_KEY", "of-sixteen-characters"),
        ("TELEGRAM_BOT_TOKEN", "123456:of-thirty-characters-and-some-more"),
    ]);
    seen.push(("secrets", object(&Ran::of(&mut command).ok())));
    let check = ["--spec=bundle/deployment.yaml", "--check", "--json"];
    seen.push(("check", object(&world.run(&check).ok())));
    world.write("bundle/runtime.env", "edited\n");
    let ran = world.run(&check);
    let differs = failed(&ran, 3, "differs");
    assert_eq!(differs["status"], "differs");
    seen.push(("check", differs));
    world.write("old.env", "DEEPSEEK_MODEL=a\n");
    seen.push(("migrate", object(&world.run(&["migrate", "--json", "old.env"]).ok())));
    world.write("both.env", "DEEPSEEK_MODEL=a\nCODEWHALE_MODEL=b\n");
    let ran = world.run(&["migrate", "--json", "both.env"]);
    seen.push(("migrate", failed(&ran, 2, "usage")));
    fit(&seen);
}

#[test]
fn an_error_is_an_object_too() {
    let world = World::new();
    let mut seen = Vec::new();
    let refused: &[&[&str]] = &[
        // The command line itself.
        &["--colour", "--json"],
        &["--json", "--check", "--force"],
        &["apply", "--json", "one", "two"],
        &["choices", "chat", "--json"],
        &["--json", "--non-interactive"],
        &["plan", "--json", "nowhere"],
        &["output", "--json", "nowhere"],
        &["rehearse", "--json", "nowhere"],
        &["pin", "--json", "nowhere"],
        &["push", "--json", "nowhere"],
        &["destroy", "--json", "nowhere"],
    ];
    for args in refused {
        seen.push(("error", failed(&world.run(args), 2, "usage")));
    }
    // A generation that is refused, by a value and by a file that was edited.
    let bad = [MINIMAL, &["--json", "--port=80"]].concat();
    seen.push(("error", failed(&world.run(&bad), 2, "usage")));
    world.generate(&[]).ok();
    world.write("bundle/runtime.env", "edited\n");
    let ran = world.generate(&["--json"]);
    seen.push(("error", failed(&ran, ran.code, "usage")));
    fit(&seen);
    // Nobody who did not ask for it gets one.
    assert_eq!(world.run(&["--colour"]).stdout, "");
}

#[test]
fn a_rehearsal_fits() {
    let world = World::new();
    if crate::common::tool("terraform").is_none() {
        return;
    }
    world.generate(&[]).ok();
    let rehearsed = object(&world.run(&["rehearse", "bundle", "--json"]).ok());
    fit(&[("rehearse", rehearsed)]);
}

/// A schema that takes anything would hold nothing.
#[test]
fn a_name_more_or_less_is_noticed() {
    let good = json!({"schema_version": 1, "error": {"kind": "usage", "message": "m", "hints": [], "exit_code": 2}});
    for (change, said) in [
        ("/error/more", "more"),
        ("/more", "more"),
        ("/error/exit_code", "is not one of"),
        ("/schema_version", "was expected"),
    ] {
        let mut bad = good.clone();
        let (at, name) = change.rsplit_once('/').expect("a path");
        bad.pointer_mut(at).expect("a place")[name] = json!(7);
        let Some(complaints) = complaints("docs/json", &[("error", bad)]) else {
            return;
        };
        assert!(complaints.contains(said), "{change}: {complaints}");
    }
}

#[test]
fn every_schema_is_strict_and_named_in_the_readme() {
    let folder = root().join("docs/json");
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README");
    assert!(readme.contains("docs/json"), "the README does not say where they are");
    let mut objects = 0;
    for entry in std::fs::read_dir(folder).expect("docs/json") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a schema");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        strict(&schema, &path.display().to_string(), &mut objects);
    }
    assert!(objects > 20, "{objects}");
}

fn strict(schema: &Value, place: &str, objects: &mut usize) {
    if schema["type"] == "object" {
        *objects += 1;
        assert!(schema.get("additionalProperties").is_some(), "{place} takes any name");
    }
    let inner = schema.as_object().into_iter().flat_map(|all| all.iter());
    for (name, value) in inner {
        strict(value, &format!("{place}/{name}"), objects);
    }
}
