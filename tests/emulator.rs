//! Real Terraform against the emulated providers: no account, no network.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use remote_setup::clouds::CLOUDS;
use remote_setup::clouds::Cloud;
use remote_setup::deployment::Deployment;
use remote_setup::rehearse::{Action, Applied, Effect, Emulator, Fault, REATTACH_VARIABLE, Trigger};
use serde_json::Value;
use tempfile::TempDir;

use crate::common::{Ran, examples, files_under, resolve, root, spec, tool};

/// What stands for a secret in a plan; the module refuses to store it.
const PLACEHOLDER: &str = "remote-setup-placeholder";
/// In the text of every secret of these tests, and nowhere else.
const MARK: &str = "m4rked-s3cret";
const FORBIDDEN: &str = "Code=\"Forbidden\" InnerError={\"code\":\"ForbiddenByRbac\"}";

/// What the secret variables hold.
#[derive(Clone, Copy)]
pub(crate) enum Secrets {
    None,
    Placeholders,
    Marked,
}

/// A folder with a configuration, and the emulator that Terraform finds there.
pub(crate) struct Stage {
    terraform: PathBuf,
    pub(crate) folder: TempDir,
    pub(crate) emulator: Emulator,
    /// Names of the variables that hold secrets.
    variables: Vec<String>,
}

impl Stage {
    /// None without Terraform.
    pub(crate) fn new(faults: Vec<Fault>) -> Option<Stage> {
        let providers: Vec<_> = CLOUDS.iter().flat_map(|cloud| cloud.rehearsal).copied().collect();
        Some(Stage {
            terraform: tool("terraform")?,
            folder: tempfile::tempdir().expect("a temporary folder"),
            emulator: Emulator::start(&providers, faults).expect("the emulator starts"),
            variables: Vec::new(),
        })
    }

    /// A bundle after `terraform init`.
    pub(crate) fn bundle(deployment: &Deployment, faults: Vec<Fault>) -> Option<Stage> {
        let mut stage = Stage::new(faults)?;
        if deployment.cloud.vault.is_some() {
            let variables = deployment.secrets.iter().map(|slot| slot.terraform_variable());
            stage.variables = variables.collect();
        }
        stage.render(deployment);
        stage.run(Secrets::None, &["init", "-input=false"]).ok();
        Some(stage)
    }

    pub(crate) fn render(&self, deployment: &Deployment) {
        for file in remote_setup::render::render(deployment).expect("renders") {
            self.write(&file.path, &file.contents);
        }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn command(&self, secrets: Secrets, args: &[&str]) -> Command {
        let mut command = Command::new(&self.terraform);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env(REATTACH_VARIABLE, self.emulator.reattach())
            .args(args)
            .current_dir(self.folder.path());
        for name in &self.variables {
            match secrets {
                Secrets::None => {}
                Secrets::Placeholders => _ = command.env(format!("TF_VAR_{name}"), PLACEHOLDER),
                Secrets::Marked => _ = command.env(format!("TF_VAR_{name}"), marked(name)),
            }
        }
        command
    }

    pub(crate) fn run(&self, secrets: Secrets, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(secrets, args))
    }

    pub(crate) fn apply(&self, secrets: Secrets) -> Ran {
        self.run(secrets, &["apply", "-auto-approve", "-input=false", "-no-color"])
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(Secrets::None, args).ok();
        serde_json::from_str(&ran.stdout).expect("JSON")
    }

    /// What a plan would change: the resource's type and the actions, all no-ops left out.
    pub(crate) fn changes(&self, more: &[&str]) -> Vec<(String, String)> {
        let args = [&["plan", "-out=tfplan", "-input=false"], more].concat();
        self.run(Secrets::Placeholders, &args).ok();
        let plan = self.json(&["show", "-json", "tfplan"]);
        let changes = plan["resource_changes"].as_array().expect("changes");
        let mut found: Vec<_> = changes
            .iter()
            .map(|change| (text(&change["type"]), change["change"]["actions"].to_string()))
            .filter(|(_, actions)| actions != "[\"no-op\"]" && actions != "[\"read\"]")
            .collect();
        found.sort();
        found
    }

    /// The identity that the machine's role is assigned to.
    fn principal(&self) -> String {
        let state = self.json(&["show", "-json"]).to_string();
        let (_, after) = state.split_once("\"principal_id\":\"").expect("an identity");
        after.split('"').next().expect("an end").to_owned()
    }

    pub(crate) fn assert_nothing_to_do(&self) {
        let ran = self.run(Secrets::None, &["plan", "-detailed-exitcode", "-input=false", "-no-color"]);
        assert_eq!(ran.code, 0, "{ran:#?}");
    }

    /// Lets the machine go, where its module guards it.
    pub(crate) fn lift_guard(&self, cloud: &Cloud) {
        let module = cloud.module().expect("a module");
        let guarded = module
            .files
            .iter()
            .find(|(_, text)| text.contains("prevent_destroy = true"));
        let Some((_, text)) = guarded else { return };
        let resource = text
            .lines()
            .find(|line| line.starts_with("resource \""))
            .expect("a resource");
        let lifted = format!("{resource}\n  lifecycle {{\n    prevent_destroy = false\n  }}\n}}\n");
        self.write(&format!("modules/{}/destroy_override.tf", cloud.slug), &lifted);
    }

    fn assert_no_mark(&self) {
        for name in files_under(self.folder.path()) {
            let bytes = std::fs::read(self.folder.path().join(&name)).expect("a file");
            let found = bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes());
            assert!(!found, "{name} holds a secret");
        }
    }
}

fn marked(variable: &str) -> String {
    format!("{MARK}-{variable}")
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

pub(crate) fn made(record: &[Applied], action: Action) -> Vec<(String, String)> {
    let mut made: Vec<_> = record
        .iter()
        .filter(|applied| applied.action == action)
        .map(|applied| (applied.type_name.clone(), applied.id.clone()))
        .collect();
    made.sort();
    made
}

fn assert_nothing_twice(made: &[(String, String)]) {
    assert!(made.windows(2).all(|pair| pair[0] != pair[1]), "{made:#?}");
}

fn fails(when: Trigger, detail: &str) -> Vec<Fault> {
    vec![Fault {
        when,
        then: Effect::Fail {
            summary: "the cloud says no".to_owned(),
            detail: detail.to_owned(),
        },
    }]
}

fn soon(what: &str, mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What went wrong, in one line; Terraform breaks lines and draws a frame around them.
pub(crate) fn complaint(ran: &Ran) -> String {
    assert_eq!(ran.code, 1, "{ran:#?}");
    let words: Vec<_> = ran.stderr.split_whitespace().filter(|word| *word != "│").collect();
    words.join(" ")
}

/// Planned with placeholders, applied with secrets, planned again, destroyed without them.
fn live_a_life(deployment: &Deployment) {
    let Some(stage) = Stage::bundle(deployment, Vec::new()) else {
        return;
    };
    stage.run(Secrets::None, &["validate"]).ok();
    stage
        .run(Secrets::Placeholders, &["plan", "-out=tfplan", "-input=false"])
        .ok();
    let plan = stage.json(&["show", "-json", "tfplan"]).to_string();
    let applied = stage.run(Secrets::Marked, &["apply", "-input=false", "tfplan"]).ok();
    for name in &stage.variables {
        assert!(stage.emulator.has_stored(&marked(name)), "{name} did not arrive");
    }
    assert!(!stage.emulator.has_stored(PLACEHOLDER));
    assert!(!plan.contains(MARK) && !applied.stdout.contains(MARK) && !applied.stderr.contains(MARK));
    stage.assert_no_mark();
    stage.assert_nothing_to_do();
    assert_eq!(stage.emulator.refused_by_vault(), 0, "somebody asked the vault itself");

    let outputs = stage.json(&["output", "-json"]);
    let address = text(&outputs["public_ip"]["value"]);
    assert!(address.starts_with("203.0.113."), "{address}");
    let created = made(&stage.emulator.record(), Action::Create);
    assert_nothing_twice(&created);
    let machine = deployment.cloud.module().expect("a module").machine;
    let (_, id) = created.iter().find(|(kind, _)| kind == machine).expect("a machine");
    let told = ["vm_id", "instance_id"]
        .iter()
        .find_map(|name| outputs[name]["value"].as_str());
    assert!(told.is_none_or(|told| told == id), "{told:?}: {created:#?}");

    stage.lift_guard(deployment.cloud);
    stage
        .run(Secrets::None, &["destroy", "-auto-approve", "-input=false"])
        .ok();
    assert_eq!(made(&stage.emulator.record(), Action::Delete), created);
    assert_eq!(stage.emulator.refused_by_vault(), 0, "somebody asked the vault itself");
    stage.assert_no_mark();
}

#[test]
fn every_example_is_applied_as_planned_and_destroyed() {
    std::thread::scope(|threads| {
        for (_, _, deployment) in examples() {
            threads.spawn(move || live_a_life(&deployment));
        }
    });
}

#[test]
fn a_placeholder_is_never_stored() {
    let Some(stage) = Stage::bundle(&resolve(&spec()), Vec::new()) else {
        return;
    };
    for secrets in [Secrets::None, Secrets::Placeholders] {
        let complaint = complaint(&stage.apply(secrets));
        assert!(complaint.contains("telegram-bot-token cannot be stored"), "{complaint}");
    }
    assert!(!stage.emulator.has_stored(PLACEHOLDER) && !stage.emulator.has_stored(""));
    stage.apply(Secrets::Marked).ok();
    stage.assert_nothing_to_do();
}

#[test]
fn a_change_is_all_that_a_plan_shows() {
    let Some(stage) = Stage::bundle(&resolve(&spec()), Vec::new()) else {
        return;
    };
    stage.apply(Secrets::Marked).ok();
    let machine = "azurerm_linux_virtual_machine";
    let (update, replace) = ("[\"update\"]", "[\"delete\",\"create\"]");
    let change = |kind: &str, actions: &str| (kind.to_owned(), actions.to_owned());

    // Another size is the same machine.
    let ids = stage.json(&["output", "-json"]);
    let mut other = spec();
    other.size = Some("Standard_B2as_v2".to_owned());
    stage.render(&resolve(&other));
    assert_eq!(stage.changes(&[]), [change(machine, update)]);
    // What was given to the plan must be given again; no secret changes, so a placeholder will do.
    stage
        .run(Secrets::Placeholders, &["apply", "-input=false", "tfplan"])
        .ok();
    stage.assert_nothing_to_do();
    assert_eq!(stage.json(&["output", "-json"]), ids);
    assert_eq!(made(&stage.emulator.record(), Action::Update).len(), 1);

    // Tags are changed in place, on whatever bears them.
    other.tags = Some([("owner".to_owned(), "someone-else".to_owned())].into());
    stage.render(&resolve(&other));
    let changes = stage.changes(&[]);
    assert!(changes.len() >= 7, "{changes:#?}");
    assert!(changes.iter().all(|(_, actions)| actions == update), "{changes:#?}");

    // A new machine has a new identity, and so a new role.
    let changes = stage.changes(&["-var=vm_revision=2"]);
    assert!(changes.contains(&change(machine, replace)), "{changes:#?}");
    assert!(changes.contains(&change("azurerm_role_assignment", replace)), "{changes:#?}");
    let before = stage.principal();
    // No secret is stored anew for its tags, so a placeholder will do.
    stage
        .run(Secrets::Placeholders, &["apply", "-input=false", "tfplan"])
        .ok();
    assert_ne!(stage.principal(), before);

    // Nothing moves to another region.
    other.region = Some("westeurope".to_owned());
    stage.render(&resolve(&other));
    let changes = stage.changes(&[]);
    assert!(changes.contains(&change("azurerm_resource_group", replace)), "{changes:#?}");
}

#[test]
fn a_failed_apply_is_finished_by_the_next() {
    let Some(stage) = Stage::bundle(&resolve(&spec()), fails(Trigger::NthApply(9), FORBIDDEN)) else {
        return;
    };
    let complaint = complaint(&stage.apply(Secrets::Marked));
    assert!(complaint.contains("ForbiddenByRbac"), "{complaint}");
    let before = made(&stage.emulator.record(), Action::Create);
    stage.apply(Secrets::Marked).ok();
    stage.assert_nothing_to_do();
    let record = stage.emulator.record();
    let created = made(&record, Action::Create);
    assert!(before.len() >= 8 && created.len() > before.len(), "{before:#?} {created:#?}");
    assert_nothing_twice(&created);
    assert_eq!(record.len(), created.len(), "{record:#?}");
}

#[test]
fn one_resource_type_can_be_refused() {
    let kind = "azapi_resource_action";
    let faults = fails(Trigger::ResourceType(kind.to_owned()), FORBIDDEN);
    let Some(stage) = Stage::bundle(&resolve(&spec()), faults) else {
        return;
    };
    complaint(&stage.apply(Secrets::Marked));
    let record = stage.emulator.record();
    assert!(record.iter().any(|applied| applied.type_name == "azurerm_key_vault"));
    assert!(record.iter().all(|applied| applied.type_name != kind));
    stage.assert_no_mark();
}

/// As the real provider's source has it, so that the module cannot rest on something milder.
#[test]
fn a_request_that_azure_would_refuse_is_refused() {
    let Some(stage) = Stage::new(Vec::new()) else {
        return;
    };
    let vault = "/subscriptions/x/resourceGroups/x/providers/Microsoft.KeyVault/vaults/kv";
    let secret = |kind: &str, subject: &str, more: &str| {
        format!(
            r#"
            terraform {{
              required_providers {{
                azapi = {{ source = "azure/azapi" }}
              }}
            }}
            resource "azapi_resource_action" "x" {{
              type        = "{kind}"
              resource_id = "{vault}/{subject}"
              {more}
            }}
            "#
        )
    };
    let (kind, subject) = ("Microsoft.KeyVault/vaults/secrets@2024-11-01", "secrets/x");
    let body = format!("sensitive_body = {{ properties = {{ value = \"{MARK}\" }} }}");
    let versions = |version: &str| format!("sensitive_body_version = {{ \"properties.value\" = \"{version}\" }}");
    let put = |version: &str| format!("method = \"PUT\"\n{body}\n{}", versions(version));
    stage.write("main.tf", &secret(kind, subject, &put("1")));
    stage.run(Secrets::None, &["init", "-input=false"]).ok();
    let refuses = |kind: &str, subject: &str, more: &str, expected: &str| {
        stage.write("main.tf", &secret(kind, subject, more));
        let complaint = complaint(&stage.apply(Secrets::None));
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    };
    refuses(
        "Microsoft.KeyVault/vaults/secrets@2026-02-01",
        subject,
        &put("1"),
        "NoRegisteredProviderFound",
    );
    refuses(
        "Microsoft.KeyVault/vaults/keys@2024-11-01",
        "keys/x",
        &put("1"),
        "InvalidResourceType",
    );
    refuses(kind, "keys/x", &put("1"), "are not matched");
    refuses(kind, subject, &put("1").replace("PUT", "DELETE"), "DisallowedResourceOperation");
    assert!(!stage.emulator.has_stored(MARK));

    stage.write("main.tf", &secret(kind, subject, &put("1")));
    stage.apply(Secrets::None).ok();
    assert!(stage.emulator.has_stored(MARK));
    stage.assert_nothing_to_do();
    // Only what has another version is sent, so another change sends a secret without a value.
    let also = |version: &str| format!("{}\nbody = {{ tags = {{ a = \"b\" }} }}", put(version));
    refuses(kind, subject, &also("1"), "BadParameter: properties.value");
    stage.write("main.tf", &secret(kind, subject, &also("2")));
    stage.apply(Secrets::None).ok();
    let private = || stage.json(&["state", "pull"])["resources"][0]["instances"][0]["private"].clone();
    assert_eq!(private(), Value::Null);
    // Without versions, a hash of the body stays in the state.
    stage.write("main.tf", &secret(kind, subject, &format!("method = \"PUT\"\n{body}")));
    stage.apply(Secrets::None).ok();
    assert!(private().is_string(), "{}", private());
}

/// The vault's own address lets nobody in, so whatever asks there fails and is counted.
#[test]
fn an_emulated_vault_refuses_its_data_plane() {
    let Some(stage) = Stage::new(Vec::new()) else {
        return;
    };
    let text = r#"
        terraform {
          required_providers {
            azurerm = { source = "hashicorp/azurerm" }
          }
        }
        provider "azurerm" {
          features {}
        }
        resource "azurerm_key_vault_secret" "x" {
          name             = "x"
          key_vault_id     = "x"
          value_wo         = "m4rked-s3cret"
          value_wo_version = 1
        }
    "#;
    stage.write("main.tf", text);
    stage.run(Secrets::None, &["init", "-input=false"]).ok();
    let complaint = complaint(&stage.apply(Secrets::None));
    assert!(complaint.contains("ForbiddenByFirewall"), "{complaint}");
    assert_eq!(stage.emulator.refused_by_vault(), 1);
    assert!(!stage.emulator.has_stored(MARK));
}

#[test]
fn an_interrupt_ends_a_change_that_hangs() {
    let faults = vec![Fault {
        when: Trigger::NthApply(3),
        then: Effect::Hang,
    }];
    let Some(stage) = Stage::bundle(&resolve(&spec()), faults) else {
        return;
    };
    let args = ["apply", "-auto-approve", "-input=false", "-no-color"];
    let mut child = stage
        .command(Secrets::Marked, &args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("terraform starts");
    soon("the third change", || stage.emulator.is_hanging());
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("kill starts").success());
    soon("the end of terraform", || child.try_wait().expect("a status").is_some());
    assert_eq!(child.wait().expect("a status").code(), Some(1));
    assert!(!stage.emulator.is_hanging());

    stage.apply(Secrets::Marked).ok();
    stage.assert_nothing_to_do();
    assert_nothing_twice(&made(&stage.emulator.record(), Action::Create));
}

#[test]
fn the_modules_own_tests_pass() {
    let Some(stage) = Stage::new(Vec::new()) else {
        return;
    };
    let mut all = 0;
    for cloud in CLOUDS {
        let module = root().join("modules").join(cloud.slug);
        let folder = format!("-chdir={}", cloud.slug);
        let mut runs = 0;
        for name in files_under(&module) {
            let text = std::fs::read_to_string(module.join(&name)).expect("a file");
            runs += text.lines().filter(|line| line.starts_with("run \"")).count();
            stage.write(&format!("{}/{name}", cloud.slug), &text);
        }
        stage.run(Secrets::None, &[&folder, "init", "-input=false"]).ok();
        let ran = stage.run(Secrets::None, &[&folder, "test", "-no-color"]).ok();
        assert!(
            runs > 0 && ran.stdout.contains(&format!("{runs} passed, 0 failed")),
            "{}, {runs}: {}",
            cloud.slug,
            ran.stdout
        );
        all += runs;
    }
    assert!(all > 80, "only {all} runs");
}

#[test]
fn every_provider_that_a_cloud_needs_is_played() {
    for cloud in CLOUDS {
        let emulator = Emulator::start(cloud.rehearsal, Vec::new()).expect("the emulator starts");
        let reattach: Value = serde_json::from_str(&emulator.reattach()).expect("JSON");
        let played: Vec<_> = reattach.as_object().expect("an object").keys().collect();
        let mut needed = cloud.providers();
        needed.sort_unstable();
        assert_eq!(played, needed, "{}", cloud.slug);
    }
}
