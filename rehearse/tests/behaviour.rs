use std::any::Any;

use rehearse::{
    Action, Behaviour, Change, DefaultValue, Ending, Missing, Provider, Refusal, RequiresReplace, Sent, Unchangeable,
    Value, Vault,
};

use crate::nesting::{HEAD, MADE_UP};
use crate::stage::Stage;

fn thing(name: &str, rest: &str) -> String {
    format!(
        "{HEAD}\nresource \"madeup_thing\" \"x\" {{\n  name = \"{name}\"\n{rest}\n  listed {{\n    port = 1\n  }}\n}}\n"
    )
}

/// What a made-up cloud runs out of.
struct Shortage(&'static str);

#[derive(Default)]
struct Warehouse {
    short_of: Option<&'static str>,
}

impl Behaviour for Warehouse {
    fn happens(&mut self, incident: &dyn Any) {
        if let Some(Shortage(what)) = incident.downcast_ref() {
            self.short_of = Some(what);
        }
    }

    fn begin(&mut self, change: &Change) -> Result<Option<Sent>, Refusal> {
        match self.short_of {
            Some(what) if change.prior.is_null() && change.after.text("name") == what => {
                Err(Refusal::new(format!("out of {what}")))
            }
            _ => Ok(None),
        }
    }

    fn end(&mut self, change: &Change) -> Ending {
        match (change.after.text("name"), change.after) {
            ("scratched", Value::Map(_)) => Ending::Tainted("it came scratched".to_owned()),
            ("lost", Value::Map(_)) => Ending::Orphaned("it was lost on the way".to_owned()),
            _ => Ending::Done,
        }
    }
}

const WAREHOUSE: Provider = Provider {
    behaviour: Some(|| Box::<Warehouse>::default()),
    ..MADE_UP
};

const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-no-color"];

#[test]
fn a_cloud_s_own_code_refuses_taints_and_orphans() {
    let Some(stage) = Stage::new(WAREHOUSE, &thing("bolts", "")) else {
        return;
    };
    stage.emulator.happens("an incident of another cloud");
    stage.emulator.happens(Shortage("bolts"));
    assert!(stage.complaint(APPLY).contains("out of bolts"));
    assert!(stage.emulator.record().is_empty());

    stage.write(&thing("scratched", ""));
    assert!(stage.complaint(APPLY).contains("it came scratched"));
    assert_eq!(stage.changes()[0].1, "[\"delete\",\"create\"]");
    stage.destroy();

    stage.write(&thing("lost", ""));
    assert!(stage.complaint(APPLY).contains("it was lost on the way"));
    let orphans = stage.emulator.orphans();
    assert_eq!((stage.ok(&["state", "list"]).as_str(), orphans.len()), ("", 1));
    stage.ok(&["import", "madeup_thing.x", &orphans[0]]);
    assert!(stage.emulator.orphans().is_empty());
    let complaint = stage.complaint(&["import", "madeup_thing.y", "thing-nowhere"]);
    assert!(complaint.contains("Error"), "{complaint}");
}

#[test]
fn what_was_deleted_is_gone_or_an_error_and_comes_back_as_another() {
    for (says, expected) in [(None, None), (Some("no thing {id}"), Some("no thing thing-"))] {
        let missing: &'static [Missing] = match says {
            None => &[],
            Some(_) => &[Missing {
                type_name: "madeup_thing",
                attribute: "id",
                says: Some("no thing {id}"),
            }],
        };
        let Some(stage) = Stage::new(Provider { missing, ..MADE_UP }, &thing("luna", "")) else {
            return;
        };
        stage.apply();
        let id = stage.values("madeup_thing.x")["id"].as_str().expect("an id").to_owned();
        stage.emulator.delete(&id);
        match expected {
            Some(expected) => {
                let complaint = stage.complaint(&["plan", "-input=false", "-no-color"]);
                assert!(complaint.contains(expected), "{complaint}");
            }
            None => {
                assert_eq!(stage.changes()[0].1, "[\"create\"]");
                stage.apply();
                assert_ne!(stage.values("madeup_thing.x")["id"], id.as_str());
            }
        }
    }
}

#[test]
fn tables_say_what_replaces_what_is_refused_and_what_is_filled_in() {
    let provider = Provider {
        requires_replace: &[RequiresReplace {
            type_name: "*",
            arguments: &["name"],
        }],
        unchangeable: &[Unchangeable {
            type_name: "madeup_thing",
            arguments: &["one", "several"],
            says: "{argument} stays",
        }],
        defaults: &[DefaultValue {
            type_name: "madeup_thing",
            argument: "method",
            text: "POST",
        }],
        ..MADE_UP
    };
    let Some(stage) = Stage::new(provider, &thing("luna", "")) else {
        return;
    };
    stage.apply();
    assert_eq!(stage.values("madeup_thing.x")["method"], "POST");
    stage.write(&thing("terra", ""));
    assert_eq!(stage.changes()[0].1, "[\"delete\",\"create\"]");
    stage.write(&thing("luna", "  several = [{ port = 1 }]"));
    assert_eq!(stage.changes()[0].1, "[\"update\"]");
    assert!(stage.complaint(APPLY).contains("several stays"));
    let updates = stage.emulator.record();
    assert!(updates.iter().all(|applied| applied.action == Action::Create), "{updates:#?}");
}

#[test]
fn a_vault_s_own_address_lets_nobody_in_and_counts_who_asked() {
    let provider = Provider {
        vault: Some(Vault {
            types: &["madeup_thing"],
            summary: "nobody gets in",
            detail: "",
        }),
        ..MADE_UP
    };
    let secret = "  secrets = { a = \"m4rked-s3cret\" }";
    let Some(stage) = Stage::new(provider, &thing("luna", secret)) else {
        return;
    };
    assert!(stage.complaint(APPLY).contains("nobody gets in"));
    assert_eq!(stage.emulator.refused_by_vault(), 1);
    assert!(!stage.emulator.has_stored("m4rked-s3cret"));
}
