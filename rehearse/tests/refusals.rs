use std::path::PathBuf;

use rehearse::{Emulator, Provider};
use serde_json::Value;

use crate::nesting::{HEAD, MADE_UP};
use crate::stage::Stage;

#[test]
fn what_the_provider_refuses_is_refused() {
    let Some(stage) = Stage::new(MADE_UP, HEAD) else {
        return;
    };
    stage.ok(&["validate"]);
    let refuses = |kind: &str, arguments: &[&str], expected: &str| {
        let arguments = arguments.join("\n");
        stage.write(&format!("{HEAD}\nresource \"{kind}\" \"x\" {{\n{arguments}\n}}\n"));
        let complaint = stage.complaint(&["validate", "-no-color"]);
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    };
    let (name, listed) = (r#"name = "x""#, "listed {\n  port = 1\n}");
    let thing = "madeup_thing";
    refuses(thing, &[name, listed, "nome = 1"], "Unsupported argument");
    refuses(thing, &[listed], r#""name" is required"#);
    refuses(thing, &["name = null", listed], "madeup_thing.name must have a value");
    refuses(thing, &["name = []", listed], "string required");
    refuses(thing, &[name, listed, r#"id = "x""#], "madeup_thing.id is decided by the provider");
    refuses(thing, &[name], r#"At least 1 "listed" blocks are required"#);
    refuses(thing, &[name, listed, listed, listed], r#"No more than 2 "listed" blocks"#);
    refuses(
        thing,
        &[name, "listed {\n  port = 1\n  rule_id = \"x\"\n}"],
        "madeup_thing.listed.rule_id is decided by the provider",
    );
    refuses(
        thing,
        &[name, listed, "labelled \"a\" {\n  port = 1\n  rule_id = \"x\"\n}"],
        "madeup_thing.labelled.rule_id is decided by the provider",
    );
    for (argument, value) in [
        ("named", r#"{ a = { port = 1, rule_id = "x" } }"#),
        ("unordered", r#"[{ port = 1, rule_id = "x" }]"#),
        ("one", r#"{ address = "x" }"#),
    ] {
        let expected = format!("madeup_thing.{argument}.{}", if argument == "one" { "address" } else { "rule_id" });
        refuses(thing, &[name, listed, &format!("{argument} = {value}")], &expected);
    }
    refuses("madeup_things", &[], "Invalid resource type");
}

#[test]
fn an_emulator_leaves_nothing() {
    let emulator = Emulator::start(&[MADE_UP], Vec::new()).expect("the emulator starts");
    let reattach: Value = serde_json::from_str(&emulator.reattach()).expect("JSON");
    let socket = reattach["nobody/madeup"]["Addr"]["String"].as_str().expect("a path");
    let socket = PathBuf::from(socket);
    assert!(socket.exists());
    drop(emulator);
    assert!(!socket.parent().expect("a folder").exists());
}

/// A word of the schema that nobody implements would be played wrongly.
#[test]
fn a_schema_that_cannot_be_played_is_an_error() {
    for (schema, expected) in [
        ("{", "cannot read the schema"),
        (r#"{ "provider_schemas": {} }"#, "must be of one provider"),
        (
            r#"{ "provider_schemas": { "a/b": { "provider": { "block": { "attributes": { "x": { "type": "string", "new_kind": true } } } } } } }"#,
            "cannot read the schema",
        ),
    ] {
        let error = Emulator::start(&[Provider::new(schema)], Vec::new())
            .err()
            .expect("an error");
        assert!(format!("{error:#}").contains(expected), "{schema}: {error:#}");
    }
}
