//! The commands as data: what would run, without running anything.

use std::path::Path;

use remote_setup::bundle::Bundle;
use remote_setup::clouds::CLOUDS;
use remote_setup::clouds::provisioning::reads_variable;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Cnb, Spec};
use remote_setup::machine::commands::{MachineCommands, Work};
use remote_setup::machine::identity::Identity;
use remote_setup::process::command::Command;
use remote_setup::process::environment::Environment;
use remote_setup::render::render;
use remote_setup::terraform::apply::Run;
use remote_setup::terraform::engine::Engine;
use remote_setup::terraform::failure;
use remote_setup::terraform::operation::Operation;
use remote_setup::terraform::receipt;

use super::{Stage, TELLS_KEY, without_harness};
use crate::common::{Ran, resolve, spec};

fn shown(commands: &[Command]) -> Vec<String> {
    commands.iter().map(Command::shown).collect()
}

/// The engine's and the cloud's own commands, of a bundle in this folder.
fn of_terraform(deployment: &Deployment, folder: &Path, engine: &str, operation: Operation) -> Vec<Command> {
    for file in render(deployment).expect("rendered") {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, file.contents).expect("written");
    }
    let run = Run {
        bundle: Bundle::open(folder).expect("a bundle"),
        engine: Engine {
            program: engine.to_owned(),
            version: String::new(),
        },
        environment: Environment::of(Vec::new(), |_| false),
        secrets: Vec::new(),
        log: folder.join("log"),
        operation,
    };
    run.commands()
}

/// Whoever logs in with no key of their own.
fn identity(deployment: &Deployment) -> Identity {
    Identity::find(&deployment.ssh_public_key, None, &Environment::of(Vec::new(), |_| false)).expect("a key")
}

fn on_machine(deployment: &Deployment, identity: &Identity, operation: Operation, asks: bool) -> MachineCommands {
    MachineCommands::of(Work {
        deployment,
        directory: Path::new("/bundle"),
        operation,
        identity,
        asks,
    })
}

/// How every command on a machine begins.
fn ssh(identity: &Identity) -> String {
    format!(
        "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts -o GlobalKnownHostsFile=/dev/null \
         -o ConnectTimeout=10 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 -o ControlPath=none \
         -o ForwardAgent=no -o IdentitiesOnly=yes -i {} -- {{ssh_target}}",
        identity.path.display()
    )
}

#[test]
fn the_engine_s_commands() {
    let deployment = resolve(&spec());
    let folder = tempfile::tempdir().expect("a folder");
    let apply = of_terraform(&deployment, folder.path(), "terraform", Operation::Apply);
    assert_eq!(
        shown(&apply),
        [
            "az account show --output json",
            "terraform init -input=false -no-color",
            "terraform plan -json -input=false -lock-timeout=60s -out=codewhale.tfplan",
            "terraform apply -json -input=false -lock-timeout=60s codewhale.tfplan",
        ]
    );
    let variables = [
        "TF_VAR_openrouter_api_key",
        "TF_VAR_codewhale_runtime_token",
        "TF_VAR_telegram_bot_token",
    ];
    for (command, expected) in apply.iter().zip([&[][..], &[], &variables, &variables]) {
        assert_eq!(command.secret_variables, expected, "{}", command.shown());
        assert_eq!(command.directory, folder.path());
    }
    let destroy = of_terraform(&deployment, folder.path(), "tofu", Operation::Destroy);
    assert_eq!(
        shown(&destroy)[2],
        "tofu plan -destroy -json -input=false -lock-timeout=60s -out=codewhale.tfplan"
    );
    assert!(destroy.iter().all(|command| command.secret_variables.is_empty()));
    assert_eq!(of_terraform(&deployment, folder.path(), "tofu", Operation::Push).len(), 0);
}

#[test]
fn a_machine_with_a_vault_is_asked_by_the_key_that_the_cloud_tells() {
    let deployment = resolve(&spec());
    let identity = identity(&deployment);
    let commands = on_machine(&deployment, &identity, Operation::Apply, true).all();
    assert_eq!(
        shown(&commands),
        [
            "az vm run-command invoke --ids {vm_id} --command-id RunShellScript --query 'value[0].message' --output tsv \
             --scripts 'cat /etc/ssh/ssh_host_ed25519_key.pub'"
                .to_owned(),
            format!("{} 'cat /var/lib/codewhale-setup/result.json'", ssh(&identity)),
        ]
    );
    for (operation, asks) in [(Operation::Destroy, true), (Operation::Apply, false)] {
        assert_eq!(on_machine(&deployment, &identity, operation, asks).all().len(), 0, "{operation:?}");
    }
}

#[test]
fn without_ssh_the_cloud_is_asked_for_the_result() {
    let deployment = resolve(&Spec {
        allow_ssh_from: Some(Vec::new()),
        ..spec()
    });
    let commands = on_machine(&deployment, &identity(&deployment), Operation::Apply, true).all();
    assert_eq!(commands.len(), 1);
    assert!(
        commands[0]
            .shown()
            .starts_with("az vm run-command invoke --ids {vm_id}"),
        "{}",
        commands[0].shown()
    );
}

#[test]
fn children_get_a_list_of_variables_and_no_more() {
    let all = [
        ("PATH", "/bin"),
        ("HOME", "/home/x"),
        ("LC_ALL", "C"),
        ("ARM_TENANT_ID", "t"),
        ("TENCENTCLOUD_REGION", "r"),
        ("TF_TOKEN_example_com", "t"),
        ("TF_LOG", "TRACE"),
        ("TF_LOG_PATH", "x"),
        ("TF_CLI_ARGS_apply", "x"),
        ("TF_VAR_x", "x"),
        ("TF_REATTACH_PROVIDERS", "x"),
        ("TF_WORKSPACE", "x"),
        ("ARM_PROVIDER_ENHANCED_VALIDATION", "x"),
        ("OPENROUTER_API_KEY", "x"),
        ("LD_PRELOAD", "x"),
    ];
    let environment = Environment::of(all.map(|(name, value)| (name.to_owned(), value.to_owned())), reads_variable);
    let names: Vec<_> = environment.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ARM_TENANT_ID",
            "CHECKPOINT_DISABLE",
            "HOME",
            "LC_ALL",
            "PATH",
            "TENCENTCLOUD_REGION",
            "TF_INPUT",
            "TF_IN_AUTOMATION",
            "TF_TOKEN_example_com"
        ]
    );
}

const ACCOUNT: &str = "echo '{\"id\": \"11111111-2222-3333-4444-555555555555\", \"name\": \"Research\"}'";

#[test]
fn the_account_is_shown_and_pinned() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.program("az", &format!("{TELLS_KEY}{ACCOUNT}"));
    let real = stage.world.read("bin/terraform");
    stage.world.write(
        "bin/terraform",
        &real.replace(
            "exec ",
            &format!("echo \"$1 $ARM_SUBSCRIPTION_ID\" >> '{}'\nexec ", stage.world.path("pins").display()),
        ),
    );
    let ran = without_harness(Ran::of(&mut stage.with_variables(&["apply", "bundle", "--yes"], &[]))).ok();
    assert!(ran.stderr.contains("Research (11111111-2222-3333-4444-555555555555)"), "{ran:#?}");
    let pins = stage.world.read("pins");
    for verb in ["init", "plan", "apply"] {
        assert!(
            pins.lines()
                .any(|line| line == format!("{verb} 11111111-2222-3333-4444-555555555555")),
            "{pins}"
        );
    }
    stage.forget_calls();
    let mut command = stage.with_variables(&["plan", "bundle"], &[("ARM_SUBSCRIPTION_ID", "mine")]);
    let _ = Ran::of(&mut command);
    assert!(
        stage
            .calls()
            .contains("az account show --output json --subscription mine"),
        "{}",
        stage.calls()
    );
}

#[test]
fn nobody_logged_in_is_said_before_anything_runs() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.program("az", "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    let ran = without_harness(Ran::of(&mut stage.with_variables(&["apply", "bundle", "--yes"], &[])));
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("az login"), "{ran:#?}");
    assert!(!stage.calls().contains("terraform init"), "{}", stage.calls());
    for variable in ["ARM_USE_OIDC", "ARM_USE_MSI", "ARM_CLIENT_ID"] {
        stage.forget_calls();
        let ran = without_harness(Ran::of(&mut stage.with_variables(&["plan", "bundle"], &[(variable, "true")]))).ok();
        assert!(!stage.calls().contains("az "), "{variable}: {ran:#?}");
    }
}

#[test]
fn an_engine_that_is_missing_old_or_unknown_is_said() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage
        .run(&["plan", "bundle", "--engine", "pulumi"])
        .refused()
        .says("terraform, tofu");
    stage.program("tofu", "echo '{\"terraform_version\": \"1.10.7\"}'");
    stage
        .run(&["plan", "bundle", "--engine", "tofu"])
        .refused()
        .says("1.10.7");
    stage.program("tofu", "exit 3");
    let ran = stage.run(&["plan", "bundle", "--engine", "tofu"]);
    assert!(ran.code == 1 && ran.stderr.contains("printed no version"), "{ran:#?}");
}

#[test]
fn the_bundle_is_found_or_asked_for() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage.run(&["plan"]).refused().says("no bundle here");
    stage
        .run(&["plan", "nowhere"])
        .refused()
        .says("`nowhere` holds no bundle");
    let mut command = stage.command(&["plan"]);
    command.current_dir(stage.world.path("bundle"));
    without_harness(Ran::of(&mut command)).ok();
    for name in ["one", "two"] {
        let target = stage.world.path(&format!("codewhale-deploy/{name}"));
        std::fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        std::process::Command::new("cp")
            .arg("-a")
            .arg(stage.world.path("bundle"))
            .arg(target)
            .status()
            .expect("cp");
        if name == "one" {
            stage.run(&["plan"]).ok();
        }
    }
    stage
        .run(&["plan"])
        .refused()
        .says("codewhale-deploy/one, codewhale-deploy/two");
}

#[test]
fn lighthouse_s_commands_follow_from_how_the_machine_is_filled() {
    let lighthouse = |change: &dyn Fn(&mut Spec)| {
        let mut asked = Spec {
            cloud: Some("lighthouse".to_owned()),
            ..spec()
        };
        change(&mut asked);
        resolve(&asked)
    };
    let phases = |deployment: &Deployment, operation| {
        let commands = on_machine(deployment, &identity(deployment), operation, true);
        let all = [
            ("host key", commands.host_key),
            ("wait", commands.wait),
            ("files", commands.files),
            ("secrets", commands.secrets),
            ("ready", commands.ready),
        ];
        let there = all.into_iter().filter(|(_, command)| command.is_some());
        there.map(|(phase, _)| phase).collect::<Vec<_>>()
    };
    let reached = ["host key", "wait", "secrets", "ready"];
    let filled = ["host key", "wait", "files", "secrets", "ready"];
    let by_cnb = |asked: &mut Spec| {
        asked.bootstrap = Some("cnb".to_owned());
        asked.cnb = Some(Cnb {
            repository: Some("acme/agent".to_owned()),
            secrets: Some("acme/secrets".to_owned()),
            deploy: None,
        });
    };
    for (what, change, after_apply, push) in [
        ("tat", &(|_: &mut Spec| {}) as &dyn Fn(&mut Spec), &reached[..], &reached[..]),
        ("ssh", &|asked| asked.bootstrap = Some("ssh".to_owned()), &filled, &filled),
        ("cnb", &by_cnb, &[], &reached),
        ("no ssh", &|asked| asked.allow_ssh_from = Some(Vec::new()), &[], &[]),
    ] {
        let deployment = lighthouse(change);
        assert_eq!(phases(&deployment, Operation::Apply), after_apply, "{what}");
        assert_eq!(phases(&deployment, Operation::Destroy), [""; 0], "{what}");
        assert_eq!(phases(&deployment, Operation::Push), push, "{what}");
    }
    let deployment = lighthouse(&|_| {});
    let identity = identity(&deployment);
    let all = on_machine(&deployment, &identity, Operation::Push, true).all();
    assert_eq!(
        shown(&all),
        [
            "ssh-keyscan -T 10 -t ed25519 -- {host}".to_owned(),
            format!("{} true", ssh(&identity)),
            format!("{} 'sudo bash /var/lib/codewhale-setup/bundle/store-secrets.sh'", ssh(&identity)),
            format!("{} 'cat /var/lib/codewhale-setup/result.json'", ssh(&identity)),
        ]
    );
    assert!(all.iter().all(|command| command.secret_variables.is_empty()));
    // Nobody is asked what nobody waits for; the secrets still go.
    let quiet = on_machine(&deployment, &identity, Operation::Push, false);
    assert!(quiet.ready.is_none() && quiet.secrets.is_some());
}

#[test]
fn every_failure_of_a_cloud_is_found_by_its_own_words() {
    for cloud in CLOUDS {
        // Where the state has to forget something, it may know nothing of it, and then the next one counts.
        for forgetful in [true, false] {
            let rows = || {
                cloud
                    .failures
                    .iter()
                    .filter(|failure| failure.forget.is_empty() != forgetful)
            };
            for (failure, needle) in rows().flat_map(|row| row.needles.iter().map(move |needle| (row, needle))) {
                let said = [format!("Error: [TencentCloudSDKError] Code={needle}, RequestId=1")];
                let mut known = failure::known(cloud.failures, &[], &said);
                let known = known.find(|known| known.forget.is_empty() != forgetful);
                let cause = known.map(|known| known.cause.en);
                assert_eq!(cause, Some(failure.cause.en), "{}: `{needle}` is found by another row", cloud.slug);
            }
        }
    }
}

#[test]
fn two_runs_in_one_second_have_a_receipt_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut names = Vec::new();
    for _ in 0..3 {
        let name = receipt::name(folder.path(), "20260102T030405Z");
        std::fs::write(folder.path().join(format!("{name}.json")), "{}").expect("written");
        names.push(name);
    }
    assert_eq!(
        names,
        ["20260102T030405Z", "20260102T030405Z_2", "20260102T030405Z_3"],
        "in the order of their making"
    );
}
