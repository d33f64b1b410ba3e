//! A folder that somebody else prepared: no verb acts on it, and nothing outside of it is read, written or run.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use super::Stage;
use crate::common::{Ran, World, files_under, passes};

/// What was done to a folder, how, and what every verb says about it.
type Case = (&'static str, fn(&World), &'static str);

const EXEC: &str = "resource \"terraform_data\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"touch ../executed\"\n  }\n}\n";

/// What Terraform would download and start a program for.
const STATE: &str = r#"{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": [
  {"mode": "managed", "type": "evil_thing", "name": "x", "provider": "module.agent.provider[\"registry.terraform.io/example/evil\"]", "instances": []}
]}"#;

fn edit(world: &World, name: &str, from: &str, to: &str) {
    let text = world.read(&format!("bundle/{name}"));
    assert!(text.contains(from), "`{from}` is not in {name}");
    world.write(&format!("bundle/{name}"), &text.replace(from, to));
}

fn append(world: &World, name: &str, more: &str) {
    let text = world.read(&format!("bundle/{name}"));
    world.write(&format!("bundle/{name}"), &format!("{text}{more}"));
}

fn remove(world: &World, name: &str) {
    fs::remove_file(world.path(&format!("bundle/{name}"))).expect("removed");
}

fn plant(world: &World, name: &str, text: &str) {
    world.write(&format!("bundle/{name}"), text);
}

/// A file that the spec names, with the bundle made to match.
fn named(world: &World, name: &str, text: &str) {
    plant(world, name, text);
    append(world, "deployment.yaml", &format!("extra_files: [{name}]\n"));
    world.run(&["--spec=bundle/deployment.yaml"]).ok();
}

fn link(world: &World, name: &str, to: &str) {
    let path = world.path(&format!("bundle/{name}"));
    if path.is_dir() {
        fs::rename(&path, world.path(to)).expect("moved");
    } else {
        let _ = fs::remove_file(&path);
    }
    symlink(world.path(to), path).expect("a link");
}

fn fifo(world: &World, name: &str) {
    let path = world.path(&format!("bundle/{name}"));
    let _ = fs::remove_file(&path);
    passes(Command::new("mkfifo").arg(path));
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("a region nobody generated for", |w| edit(w, "deployment.yaml", "region: eastus", "region: westus"), "does not match its deployment.yaml"),
    ("a size nobody generated for", |w| edit(w, "deployment.yaml", "size: Standard_B2als_v2", "size: Standard_B2as_v2"), "main.tf"),
    ("a name nobody generated for", |w| edit(w, "deployment.yaml", "name: codewhale", "name: other"), "does not match its deployment.yaml"),
    ("a missing spec", |w| remove(w, "deployment.yaml"), "deployment.yaml` is missing"),
    ("an edited script", |w| append(w, "install.sh", "# more\n"), "install.sh"),
    ("a missing file", |w| remove(w, "modules/azure/network.tf"), "modules/azure/network.tf  missing"),
    ("a list of another version", |w| edit(w, "bundle.lock.json", env!("CARGO_PKG_VERSION"), "0.0.1"), "was written by remote-setup 0.0.1"),
    ("a list with paths that lead out", |w| edit(w, "bundle.lock.json", "\"files\": {", "\"files\": {\n    \"../victim/kept\": \"0\",\n    \"/dev/null\": \"0\","), "bundle.lock.json"),
    ("a program in our configuration", |w| append(w, "main.tf", EXEC), "main.tf"),
    ("a program beside it", |w| plant(w, "more.tf", EXEC), "more.tf"),
    ("a program in the module", |w| plant(w, "modules/azure/more.tf", EXEC), "modules/azure/more.tf"),
    ("a program as JSON", |w| plant(w, "more.tf.json", "{}"), "more.tf.json"),
    ("a program for the other engine", |w| plant(w, "main.tofu", EXEC), "main.tofu"),
    ("an override", |w| plant(w, "main_override.tf", EXEC), "main_override.tf"),
    ("values", |w| plant(w, "terraform.tfvars", "vm_revision = 2\n"), "terraform.tfvars"),
    ("values as JSON", |w| plant(w, "x.auto.tfvars.json", "{}"), "x.auto.tfvars.json"),
    ("settings of the command line", |w| plant(w, ".terraformrc", "provider_installation {}\n"), ".terraformrc"),
    ("versions that are something else", |w| plant(w, "secret_versions.auto.tfvars.json", "{\"vm_revision\": 2}"), "secret_versions.auto.tfvars.json"),
    ("a lifted guard with more in it", |w| plant(w, "modules/azure/destroy_override.tf", EXEC), "modules/azure/destroy_override.tf"),
    ("a named file that leads out", |w| append(w, "deployment.yaml", "extra_files: [../more.tf]\n"), "is not the name of an extra file"),
    ("a named file that is missing", |w| { named(w, "more.tf", ""); remove(w, "more.tf"); }, "it is not in the folder"),
    ("a named file that is a link", |w| { named(w, "more.tf", ""); link(w, "more.tf", "victim/kept"); }, "symbolic link"),
    ("a named program", |w| named(w, "more.tf", EXEC), "provisioner"),
    ("a named program in a removed block", |w| named(w, "more.tf", "removed {\n  from = terraform_data.x\n  provisioner \"local-exec\" {\n    command = \"touch ../executed\"\n  }\n}\n"), "provisioner"),
    ("a named external source", |w| named(w, "more.tf", "data \"external\" \"x\" {\n  program = [\"touch\", \"../executed\"]\n}\n"), "data \"external\""),
    ("a source inside a check", |w| named(w, "more.tf", "check \"x\" {\n  data \"external\" \"x\" {\n    program = [\"touch\", \"../executed\"]\n  }\n  assert {\n    condition     = true\n    error_message = \"x\"\n  }\n}\n"), "`check` block"),
    ("another provider by an argument", |w| named(w, "more.tf", "resource \"azurerm_resource_group\" \"x\" {\n  provider = http\n  name     = \"x\"\n  location = \"eastus\"\n}\n"), "`provider`"),
    ("another provider by an import", |w| named(w, "more.tf", "import {\n  to = http_thing.x\n  id = \"x\"\n}\n"), "`import` block"),
    ("a named module from elsewhere", |w| named(w, "more.tf", "module \"x\" {\n  source = \"git::https://example.com/x.git\"\n}\n"), "`module` block"),
    ("a named provider", |w| named(w, "more.tf", "provider \"azurerm\" {\n  alias = \"x\"\n  metadata_host = \"example.com\"\n  features {}\n}\n"), "`provider` block"),
    ("a named requirement", |w| named(w, "more.tf", "terraform {\n  required_providers {\n    x = { source = \"example/x\" }\n  }\n}\n"), "required_providers"),
    ("a resource of another provider", |w| named(w, "more.tf", "resource \"null_resource\" \"x\" {}\n"), "null_resource"),
    ("a request to the cloud", |w| named(w, "more.tf", "resource \"azapi_resource_action\" \"x\" {\n  type        = \"Microsoft.KeyVault/vaults/secrets@2024-11-01\"\n  resource_id = \"x\"\n}\n"), "azapi_resource_action"),
    ("an action", |w| named(w, "more.tf", "action \"local_command\" \"x\" {\n  config {\n    command = \"touch\"\n  }\n}\n"), "`action` block"),
    ("a backend elsewhere", |w| named(w, "more.tf", "terraform {\n  backend \"http\" {\n    address = \"https://example.com\"\n  }\n}\n"), "backend \"http\""),
    ("a backend with another host", |w| named(w, "more.tf", "terraform {\n  backend \"azurerm\" {\n    metadata_host = \"example.com\"\n  }\n}\n"), "metadata_host"),
    ("a secret among the values", |w| named(w, "terraform.tfvars", "telegram_bot_token = \"x\"\n"), "telegram_bot_token"),
    ("text that shows something else", |w| named(w, "more.tf", "# \u{202e}\n"), "plain text"),
    ("a state that names another provider", |w| plant(w, "terraform.tfstate", STATE), "names the provider `registry.terraform.io/example/evil`"),
    ("a state that names one elsewhere", |w| plant(w, "terraform.tfstate", &STATE.replace("registry.terraform.io/example/evil", "example.com/hashicorp/azurerm")), "names the provider `example.com/hashicorp/azurerm`"),
    ("a state of an older shape", |w| plant(w, "terraform.tfstate", "{\"version\": 3, \"modules\": [{\"path\": [\"root\"], \"resources\": {\"evil_thing.x\": {\"type\": \"evil_thing\", \"provider\": \"provider.evil\"}}}]}"), "is not a Terraform state"),
    ("a linked place for a state that could not be sent", |w| link(w, "errored.tfstate", "victim/kept"), "errored.tfstate"),
    ("something else as state", |w| plant(w, "terraform.tfstate", "theirs"), "is not a Terraform state"),
    ("a linked file", |w| link(w, "main.tf", "victim/kept"), "main.tf"),
    ("a linked folder", |w| link(w, "modules", "victim/modules"), "modules"),
    ("linked receipts", |w| link(w, "receipts", "victim"), "receipts"),
    ("a linked state", |w| link(w, "terraform.tfstate", "victim/kept"), "terraform.tfstate"),
    ("a linked plan", |w| link(w, "codewhale.tfplan", "victim/kept"), "codewhale.tfplan"),
    ("linked secrets", |w| link(w, "secrets.env", "victim/kept"), "secrets.env"),
    ("a linked spec", |w| link(w, "deployment.yaml", "victim/kept"), "deployment.yaml"),
    ("a linked lock", |w| link(w, ".remote-setup-lock", "victim/kept"), ".remote-setup-lock"),
    ("a FIFO for a file", |w| fifo(w, "install.sh"), "install.sh"),
    ("a FIFO for the spec", |w| fifo(w, "deployment.yaml"), "deployment.yaml"),
    ("a FIFO for the secrets", |w| fifo(w, "secrets.env"), "secrets.env"),
    ("a FIFO for the lock", |w| fifo(w, ".remote-setup-lock"), ".remote-setup-lock"),
    ("a FIFO for the host keys", |w| fifo(w, "known_hosts"), "known_hosts"),
];

const VERBS: &[&[&str]] = &[
    &["plan", "bundle"],
    &["apply", "bundle", "--yes", "--allow-destroy"],
    &["push", "bundle", "--non-interactive"],
    &["destroy", "bundle", "--yes", "--allow-destroy"],
    &["output", "bundle"],
    &["rehearse", "bundle"],
    &["pin", "bundle", "--yes"],
];

fn victim(world: &World) -> Vec<(String, String)> {
    let names = files_under(&world.path("victim"));
    let kept = names.into_iter().filter(|name| !name.starts_with("modules/"));
    kept.map(|name| (name.clone(), world.read(&format!("victim/{name}"))))
        .collect()
}

#[test]
fn no_verb_acts_on_a_folder_that_is_not_what_its_spec_says() {
    for (what, prepare, said) in CASES {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let world = &stage.world;
        world.write("victim/kept", "hers\n");
        prepare(world);
        stage.forget_calls();
        for verb in VERBS {
            let began = Instant::now();
            let ran = match verb[0] {
                // In this process's stead: it starts an emulator of its own.
                "rehearse" => world.run(verb),
                _ => stage.run(verb),
            };
            assert_eq!(ran.code, 2, "{what}, {verb:?}: {ran:#?}");
            assert!(
                ran.stderr.contains(said) && ran.stderr.contains("Hint: "),
                "{what}, {verb:?}: `{said}`: {}",
                ran.stderr
            );
            assert!(!ran.stderr.contains('\u{202e}'), "{what}: {}", ran.stderr);
            assert!(began.elapsed() < Duration::from_secs(30), "{what}, {verb:?} hung");
        }
        assert_eq!(victim(world), [("kept".to_owned(), "hers\n".to_owned())], "{what}");
        assert!(!world.path("executed").exists(), "{what}: a program of the folder ran");
        assert_eq!(stage.calls(), "", "{what}: something was started");
        assert_eq!(stage.emulator.record(), [], "{what}");
    }
}

#[test]
fn what_terraform_remembers_in_a_folder_is_not_believed() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    // Another workspace, whose state would be elsewhere, and a module that lies outside.
    plant(&stage.world, ".terraform/environment", "theirs");
    plant(
        &stage.world,
        ".terraform/modules/modules.json",
        "{\"Modules\":[{\"Key\":\"\",\"Source\":\"\",\"Dir\":\".\"},{\"Key\":\"agent\",\"Source\":\"./modules/azure\",\"Dir\":\"../victim\"}]}",
    );
    plant(
        &stage.world,
        ".terraform/terraform.tfstate",
        "{\"version\":3,\"backend\":{\"type\":\"http\",\"config\":{\"address\":\"http://127.0.0.1:9\"},\"hash\":1}}",
    );
    stage.world.write("victim/main.tf", EXEC);
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    assert_eq!(stage.state().len(), super::RESOURCES);
    assert!(!stage.world.path("bundle/terraform.tfstate.d").exists());
    assert!(!stage.world.path("executed").exists());
}

#[test]
fn a_file_of_ones_own_is_shown_whole_with_its_digest_and_bound_to_the_yes() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let text = "# One group more.\nresource \"azurerm_resource_group\" \"more\" {\n  name     = \"more\"\n  location = \"eastus\"\n}\n";
    stage.extra("more.tf", text);
    let ran = stage.answered(&["apply", "bundle", "--no-wait"], Some("y"), "echo '# x' >> bundle/more.tf");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("changed after it was shown"), "{ran:#?}");
    for line in text.lines() {
        assert!(ran.stderr.contains(line), "`{line}` is not shown: {}", ran.stderr);
    }
    let digest = remote_setup::render::sha256(text.as_bytes());
    assert!(ran.stderr.contains(&digest), "{ran:#?}");
    assert_eq!(stage.emulator.record(), []);
}

#[test]
fn special_files_that_nobody_reads_hold_nothing_up() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    fifo(&stage.world, "pipe");
    symlink("/", stage.world.path("bundle/everything")).expect("a link");
    let began = Instant::now();
    stage.run(&["plan", "bundle"]).ok();
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_digest_of_the_same_plan_is_the_same() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let digest = || {
        let ran = stage.run(&["plan", "bundle", "--json"]).ok();
        let planned: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        planned["digest"].as_str().expect("a digest").to_owned()
    };
    let first = digest();
    assert_eq!(first, digest());
    let mut command = stage.world.command();
    command.args(["--spec=bundle/deployment.yaml", "--allow-ssh-from=203.0.113.8/32"]);
    Ran::of(&mut command).ok();
    assert_ne!(first, digest());
}
