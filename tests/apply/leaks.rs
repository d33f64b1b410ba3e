//! Marked secrets reach the vault, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{SECRETS, Stage, without_harness};
use crate::common::{Ran, files_under};

pub fn nothing_leaked(stage: &Stage, what: &str, ran: &Ran) {
    assert!(!ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"), "{what}: {ran:#?}");
    assert!(!stage.calls().contains("MARKED"), "{what}: an argument:\n{}", stage.calls());
    for name in files_under(stage.world.folder.path()) {
        if name == "bundle/secrets.env" {
            continue;
        }
        let bytes = fs::read(stage.world.path(&name)).expect("a file");
        let found = bytes.windows(6).any(|window| window == b"MARKED");
        assert!(!found, "{what}: a secret is in {name}");
    }
}

#[test]
fn every_secret_is_in_the_vault_and_nowhere_else() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let ran = stage.run(&["apply", "bundle", "--yes", "--json"]).ok();
    for (name, value) in SECRETS {
        assert!(stage.emulator.has_stored(value), "{name} did not reach the vault");
    }
    assert!(!stage.emulator.has_stored("remote-setup-placeholder"));
    nothing_leaked(&stage, "apply", &ran);
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    nothing_leaked(&stage, "a second apply", &ran);
    let ran = stage.run(&["destroy", "bundle", "--yes", "--allow-destroy"]).ok();
    nothing_leaked(&stage, "destroy", &ran);
}

#[test]
fn the_engine_s_debug_log_and_arguments_of_the_user_are_shut_out() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let trace = stage.world.path("trace.log");
    let mut command = stage.command(&["apply", "bundle", "--yes"]);
    command
        .env("TF_LOG", "TRACE")
        .env("TF_LOG_PATH", &trace)
        .env("TF_CLI_ARGS", "-lock=false")
        .env("TF_CLI_ARGS_plan", "-destroy")
        .env("TF_VAR_vm_revision", "9")
        .env("ARM_PROVIDER_ENHANCED_VALIDATION", "1");
    let ran = without_harness(Ran::of(&mut command)).ok();
    assert!(!trace.exists(), "Terraform wrote its debug log");
    assert!(ran.stderr.contains("18 resources to create"), "{ran:#?}");
    nothing_leaked(&stage, "apply with TF_LOG", &ran);
}

#[test]
fn a_secret_in_the_configuration_stops_the_run() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let main = stage
        .world
        .read("bundle/main.tf")
        .replace("\"tester\"", &format!("\"{}\"", SECRETS[0].1));
    stage.terraform_reads("main.tf", &main, &["plan"]);
    let ran = stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.stderr
            .contains("the value of `OPENROUTER_API_KEY` leaked into the saved plan"),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("MARKED"), "{ran:#?}");
    assert!(
        !stage.world.path("bundle/codewhale.tfplan").exists(),
        "the plan with the secret is still there"
    );
    assert_eq!(stage.emulator.record(), []);
}

#[test]
fn what_a_migration_keeps_is_private_ignored_by_git_and_no_leak() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let old = stage
        .world
        .read("bundle/secrets.env")
        .replace("CODEWHALE_", "DEEPSEEK_");
    stage.world.write("bundle/secrets.env", &old);
    stage.world.run(&["migrate", "--write", "bundle/secrets.env"]).ok();
    let names = stage.world.listing();
    let backup = names
        .iter()
        .find(|name| name.contains(".bak-"))
        .expect("a backup")
        .clone();
    assert_eq!(stage.world.read(&backup), old);
    let path = stage.world.path(&backup);
    let mode = fs::metadata(&path).expect("a backup").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let bundle = stage.world.path("bundle");
    let git = |args: &[&str]| {
        std::process::Command::new("git")
            .current_dir(&bundle)
            .args(args)
            .status()
    };
    assert!(git(&["init", "-q"]).expect("git").success());
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(git(&["check-ignore", "-q", name]).expect("git").success(), "git would take {name}");

    stage.run(&["plan", "bundle"]).ok();
    stage.run(&["apply", "bundle", "--yes", "--no-wait"]).ok();
    // One that others can read is a leak, and so is any other name.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("mode");
    let ran = stage.run(&["apply", "bundle", "--yes", "--no-wait"]);
    assert!(ran.code == 1 && ran.stderr.contains(".bak-"), "{ran:#?}");
    fs::rename(&path, bundle.join("secrets.env.bak-mine")).expect("moved");
    fs::set_permissions(bundle.join("secrets.env.bak-mine"), fs::Permissions::from_mode(0o600)).expect("mode");
    let ran = stage.run(&["apply", "bundle", "--yes", "--no-wait"]);
    assert!(ran.code == 1 && ran.stderr.contains("secrets.env.bak-mine"), "{ran:#?}");
}

#[test]
fn missing_secrets_are_named_at_once_and_nothing_runs() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.world.write(
        "bundle/secrets.env",
        "CODEWHALE_RUNTIME_TOKEN=sixteen-characters\nTELEGRAM_BOT_TOKEN=\n",
    );
    let ran = stage.run(&["apply", "bundle", "--yes"]).refused();
    assert!(ran.stderr.contains("OPENROUTER_API_KEY, TELEGRAM_BOT_TOKEN"), "{ran:#?}");
    assert!(!stage.calls().contains("terraform init"));
    // Looking needs none of them.
    let ran = stage.run(&["plan", "bundle"]).ok();
    assert!(ran.stdout.contains("18 resources to create"), "{ran:#?}");
}

#[test]
fn a_secrets_file_others_could_read_is_closed_and_said() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let path = stage.world.path("bundle/secrets.env");
    let before = fs::read_to_string(&path).expect("secrets");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("mode");
    let ran = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("bundle/secrets.env had mode 0644"), "{ran:#?}");
    assert_eq!(fs::metadata(&path).expect("secrets").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&path).expect("secrets"), before);
    assert!(!stage.run(&["plan", "bundle"]).ok().stderr.contains("had mode"));
}

/// A token of another form would only fail on the machine.
#[test]
fn a_token_of_another_form_stops_before_anything_runs() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let text = stage
        .world
        .read("bundle/secrets.env")
        .replace("123456789:MARKED-SECRET-bot", "later");
    stage.world.write("bundle/secrets.env", &text);
    let ran = stage.run(&["apply", "bundle", "--yes"]).refused();
    assert!(
        ran.stderr
            .contains("bundle/secrets.env: `TELEGRAM_BOT_TOKEN` is not a Telegram bot token"),
        "{ran:#?}"
    );
    let mut command = stage.command(&["apply", "bundle", "--yes", "--rotate", "TELEGRAM_BOT_TOKEN"]);
    let ran = without_harness(Ran::of(command.env("TELEGRAM_BOT_TOKEN", "later"))).refused();
    assert!(
        ran.stderr
            .contains("the environment: `TELEGRAM_BOT_TOKEN` is not a Telegram bot token"),
        "{ran:#?}"
    );
    assert!(!stage.calls().contains("terraform init"), "{}", stage.calls());
}

#[test]
fn rotating_stores_the_new_value_and_nothing_else() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    let before = stage.emulator.record().len();
    let mut command = stage.command(&["apply", "bundle", "--yes", "--rotate", "TELEGRAM_BOT_TOKEN"]);
    command.env("TELEGRAM_BOT_TOKEN", "123456789:MARKED-SECRET-new-token-0123456789");
    let ran = without_harness(Ran::of(&mut command)).ok();
    assert!(
        ran.stderr.contains("1 resource to change") && ran.stderr.contains("systemctl restart codewhale-secrets"),
        "{ran:#?}"
    );
    assert!(
        stage
            .emulator
            .has_stored("123456789:MARKED-SECRET-new-token-0123456789")
    );
    assert_eq!(stage.emulator.record().len(), before + 1);
    assert!(
        stage
            .world
            .read("bundle/secrets.env")
            .contains("TELEGRAM_BOT_TOKEN=123456789:MARKED-SECRET-new-token-0123456789")
    );
    assert!(
        stage
            .world
            .read("bundle/secret_versions.auto.tfvars.json")
            .contains("\"telegram-bot-token\": 2")
    );
    nothing_leaked(&stage, "rotation", &ran);
    let again = stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(again.stderr.contains("Nothing to do"), "{again:#?}");
}

#[test]
fn a_declined_rotation_leaves_everything_as_it_was() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["apply", "bundle", "--yes"]).ok();
    let before = stage.world.read("bundle/secrets.env");
    let ran = stage
        .run(&["plan", "bundle", "--rotate", "codewhale-runtime-token"])
        .ok();
    assert!(ran.stdout.contains("1 resource to change"), "{ran:#?}");
    assert_eq!(stage.world.read("bundle/secrets.env"), before);
    let ran = stage.answered(&["apply", "bundle", "--rotate", "codewhale-runtime-token"], Some("n"), "");
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert_eq!(stage.world.read("bundle/secrets.env"), before);
    assert!(!stage.world.path("bundle/secret_versions.auto.tfvars.json").exists());
    stage
        .run(&["apply", "bundle", "--rotate", "SOMETHING"])
        .refused()
        .says("TELEGRAM_BOT_TOKEN");
}

#[test]
fn a_rotation_that_never_began_is_taken_back_with_its_modes() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let versions = stage.world.write(
        "bundle/secret_versions.auto.tfvars.json",
        "{\"secret_versions\":{\"telegram-bot-token\":4}}",
    );
    fs::set_permissions(&versions, fs::Permissions::from_mode(0o664)).expect("mode");
    let held = || {
        ["bundle/secret_versions.auto.tfvars.json", "bundle/secrets.env"].map(|name| {
            let mode = fs::metadata(stage.world.path(name)).expect(name).permissions().mode() & 0o777;
            (stage.world.read(name), mode)
        })
    };
    let before = held();
    // Nobody is logged in: `az` fails.
    let args = ["apply", "bundle", "--yes", "--rotate", "CODEWHALE_RUNTIME_TOKEN"];
    let ran = without_harness(Ran::of(&mut stage.with_variables(&args, &[])));
    assert!(ran.code == 1 && ran.stderr.contains("az login"), "{ran:#?}");
    assert_eq!(held(), before);
    let left = stage
        .world
        .listing()
        .into_iter()
        .find(|name| name.contains("/.remote-setup-"));
    assert_eq!(left.as_deref(), Some("bundle/.remote-setup-lock"));
}
