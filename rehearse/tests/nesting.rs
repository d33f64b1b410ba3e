use rehearse::{Provider, computed};
use serde_json::{Value, json};

use crate::stage::Stage;

pub const MADE_UP: Provider = Provider {
    values: &[
        computed("madeup_thing", "id", "thing-{code}"),
        computed("madeup_thing", "given.address", "{name}.example.com"),
        computed("*", "one.address", "192.0.2.{name|octet}"),
    ],
    ..Provider::new(include_str!("schemas/made-up.json"))
};

pub const HEAD: &str = r#"
terraform {
  required_providers {
    madeup = { source = "nobody/madeup" }
  }
}
provider "madeup" {
  region = "moon"
}
"#;

const SECRET: &str = "m4rked-s3cret";

fn thing(name: &str, port: u16) -> String {
    format!(
        r#"{HEAD}
resource "madeup_thing" "x" {{
  name      = "{name}"
  one       = {{ size = 1, token = "{SECRET}-one" }}
  several   = [{{ port = {port} }}, {{ port = 2, rule_id = "mine" }}]
  unordered = [{{ port = {port} }}, {{ port = 4 }}]
  named     = {{ a = {{ port = {port} }}, b = {{ port = 6 }} }}
  anything  = {{ deep = [1, "two", {{ three = true }}] }}
  secrets   = {{ a = "{SECRET}-map" }}

  sensitive_body = {{ properties = {{ value = ["{SECRET}-body"] }} }}

  labelled "first" {{
    port = {port}
  }}
  labelled "second" {{
    port = 8
  }}
  grouped {{
    on = true
  }}
  listed {{
    port = {port}
    inner {{
      mark = "one"
    }}
    inner {{
      mark = "two"
    }}
  }}
  listed {{
    port = 10
  }}
}}
output "answer" {{
  value = madeup_thing.x.given.address
}}
"#
    )
}

/// Every attribute called `rule_id`, `inner_id`, `since` or `address`, wherever it is.
fn made_up(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| made_up(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if ["rule_id", "inner_id", "since", "address"].contains(&name.as_str()) {
                    found.push(value.clone());
                }
                made_up(value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_nesting_is_planned_applied_changed_and_destroyed() {
    let Some(stage) = Stage::new(MADE_UP, &thing("luna", 1)) else {
        return;
    };
    stage.apply();
    stage.assert_nothing_to_do();
    let made = stage.values("madeup_thing.x");
    assert_eq!(stage.outputs()["answer"]["value"], "luna.example.com");
    assert!(
        made["one"]["address"]
            .as_str()
            .expect("an address")
            .starts_with("192.0.2.")
    );
    assert_eq!(made["several"][1]["rule_id"], "mine");
    assert_eq!(made["named"]["b"]["port"], 6);
    assert_eq!(made["anything"], json!({ "deep": [1, "two", { "three": true }] }));
    assert_eq!(made["answer"], json!({}));
    assert_eq!(made["labelled"]["second"]["port"], 8);
    // What is computed has a value, however deep it is: nothing is left unknown or null.
    let mut found = Vec::new();
    made_up(&made, &mut found);
    assert_eq!(found.len(), 2 + 2 + 2 + 2 + 2 + 1 + 2 + 2, "{made:#}");
    assert!(found.iter().all(Value::is_string), "{made:#}");
    // Write-only values arrive, however deep they are, and rest nowhere.
    for part in ["one", "map", "body"] {
        assert!(stage.emulator.has_stored(&format!("{SECRET}-{part}")), "{part}");
    }
    stage.assert_nowhere(SECRET);
    assert!(made["one"]["token"].is_null() && made["secrets"].is_null() && made["sensitive_body"].is_null());

    stage.write(&thing("luna", 3));
    assert_eq!(stage.changes(), [("madeup_thing.x".to_owned(), "[\"update\"]".to_owned())]);
    stage.apply();
    stage.assert_nothing_to_do();
    let changed = stage.values("madeup_thing.x");
    assert_eq!((&changed["id"], &changed["named"]["a"]["port"]), (&made["id"], &json!(3)));
    stage.destroy();
    stage.assert_nowhere(SECRET);
}

#[test]
fn what_is_left_out_stays_out() {
    let minimal =
        format!("{HEAD}\nresource \"madeup_thing\" \"x\" {{\n  name = \"luna\"\n  listed {{\n    port = 1\n  }}\n}}\n");
    let Some(stage) = Stage::new(MADE_UP, &minimal) else {
        return;
    };
    stage.apply();
    stage.assert_nothing_to_do();
    let made = stage.values("madeup_thing.x");
    for name in ["one", "several", "unordered", "named", "anything"] {
        assert!(made[name].is_null(), "{name}: {made:#}");
    }
    stage.destroy();
}
