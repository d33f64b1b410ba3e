//! Marked secrets, searched for in everything the program writes and says.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use remote_setup::chats::CHATS;
use remote_setup::inputs::Secret;
use remote_setup::tables::Install;

use crate::common::{KEY, MINIMAL, Ran, World, deployable_providers, files_under};

const MARK: &str = "MARKED-SECRET";

/// Environment with a marked value for every name a deployment could take a secret from.
fn marked() -> Vec<(String, String)> {
    let keys = deployable_providers()
        .flat_map(|provider| provider.env_keys)
        .map(ToString::to_string);
    let bridges = CHATS
        .iter()
        .flat_map(|bridge| bridge.secrets)
        .map(|secret| secret.env.to_owned());
    keys.chain(bridges)
        .chain(["CODEWHALE_RUNTIME_TOKEN".to_owned()])
        .map(|name| (name.clone(), in_form(&name)))
        .collect()
}

/// A marked value that its service could have given out.
fn in_form(name: &str) -> String {
    match name {
        "TELEGRAM_BOT_TOKEN" => format!("123456789:{MARK}-{name}"),
        "FEISHU_APP_ID" => format!("cli_{MARK}"),
        _ => format!("{MARK}-{name}"),
    }
}

fn assert_unmarked(what: &str, text: &str) {
    assert!(!text.contains(MARK), "a secret is in {what}:\n{text}");
}

#[test]
fn secrets_are_in_secrets_env_and_nowhere_else() {
    for provider in deployable_providers() {
        for bridge in CHATS {
            let world = World::new();
            let install = if provider.slug.len() % 2 == 0 { Install::Native } else { Install::Docker };
            let mut args = vec![
                "--cloud=azure".to_owned(),
                format!("--bridge={}", bridge.slug),
                format!("--provider={}", provider.slug),
                format!("--ssh-public-key={KEY}"),
                "--allow-ssh-from=203.0.113.7/32".to_owned(),
                format!("--install={}", install.slug()),
                "--out=bundle".to_owned(),
                "--json".to_owned(),
            ];
            if provider.key().is_none() {
                args.extend(KEYLESS[1..].iter().map(ToString::to_string));
            }
            let case = format!("{} × {}", provider.slug, bridge.slug);
            let ran = Ran::of(world.command().envs(marked()).args(&args)).ok();
            assert_unmarked(&format!("stdout of {case}"), &ran.stdout);
            assert_unmarked(&format!("stderr of {case}"), &ran.stderr);
            for name in files_under(&world.path("bundle")) {
                let text = world.read(&format!("bundle/{name}"));
                if name == "secrets.env" {
                    let expected = 1 + bridge.secrets.len() + usize::from(provider.key().is_some());
                    assert_eq!(text.matches(MARK).count(), expected, "{case}:\n{text}");
                } else {
                    assert_unmarked(&format!("{name} of {case}"), &text);
                }
            }
        }
    }
}

#[test]
fn no_later_run_says_a_secret() {
    let world = World::new();
    Ran::of(world.command().envs(marked()).args(MINIMAL)).ok();
    world.write("bundle/main.tf", "edited\n");
    for args in [
        &["--spec=bundle/deployment.yaml", "--check"][..],
        &["--spec=bundle/deployment.yaml", "--check", "--json"],
        &["--spec=bundle/deployment.yaml"],
        &["--spec=bundle/deployment.yaml", "--force", "--json"],
        &["--spec=bundle/deployment.yaml", "--port=1"],
        &["choices", "--json"],
    ] {
        let ran = Ran::of(world.command().envs(marked()).args(args));
        assert_unmarked(&format!("{args:?}"), &format!("{ran:?}"));
    }
    for name in world.listing().iter().filter(|name| !name.ends_with("/secrets.env")) {
        assert_unmarked(name, &world.read(name));
    }
}

#[test]
fn a_secret_given_once_is_never_replaced() {
    let world = World::new();
    Ran::of(world.command().envs(marked()).args(MINIMAL)).ok();
    let before = world.read("bundle/secrets.env");
    let mut command = world.command();
    command
        .args(MINIMAL)
        .env("OPENROUTER_API_KEY", "another")
        .env("CODEWHALE_RUNTIME_TOKEN", "another");
    Ran::of(&mut command).ok();
    assert_eq!(world.read("bundle/secrets.env"), before);
    // Nor when the provider changes: the old key stays for the way back.
    let mut args = vec!["--spec=bundle/deployment.yaml"];
    args.extend(KEYLESS);
    world.run(&args).ok();
    assert!(world.read("bundle/secrets.env").contains("OPENROUTER_API_KEY=MARKED"));
}

/// Files of older installations may be copied as they are; the new name wins.
#[test]
fn an_old_name_in_the_file_counts() {
    let world = World::new();
    world.write(
        "bundle/secrets.env",
        "DEEPSEEK_RUNTIME_TOKEN=MARKED-old-runtime\nTELEGRAM_BOT_TOKEN=123456:MARKED-bot-0123456789-0123456789\n",
    );
    let mut command = world.command();
    command
        .args(MINIMAL)
        .env("CODEWHALE_RUNTIME_TOKEN", "from-the-environment")
        .env("OPENROUTER_API_KEY", "MARKED-key-of-sixteen");
    Ran::of(&mut command).ok();
    let text = world.read("bundle/secrets.env");
    assert!(text.contains("\nCODEWHALE_RUNTIME_TOKEN=MARKED-old-runtime\n"), "{text}");

    world.write(
        "bundle/secrets.env",
        "DEEPSEEK_RUNTIME_TOKEN=MARKED-old-runtime\nCODEWHALE_RUNTIME_TOKEN=MARKED-new-runtime\n",
    );
    let mut command = world.command();
    command.args(MINIMAL).env("OPENROUTER_API_KEY", "MARKED-key-of-sixteen");
    Ran::of(&mut command).ok();
    let text = world.read("bundle/secrets.env");
    assert!(text.contains("\nCODEWHALE_RUNTIME_TOKEN=MARKED-new-runtime\n"), "{text}");
}

#[test]
fn a_missing_secret_stays_empty_and_is_named() {
    let world = World::new();
    let ran = world.generate(&[]).ok();
    assert!(ran.stderr.contains("missing: OPENROUTER_API_KEY, TELEGRAM_BOT_TOKEN"), "{ran:#?}");
    let text = world.read("bundle/secrets.env");
    assert!(text.lines().any(|line| line == "OPENROUTER_API_KEY="), "{text}");
    assert!(text.lines().any(|line| line == "TELEGRAM_BOT_TOKEN="), "{text}");
    let runbook = world.read("bundle/RUNBOOK.md");
    assert!(runbook.contains("`OPENROUTER_API_KEY`") && runbook.contains("`TELEGRAM_BOT_TOKEN`"));

    let ran = Ran::of(
        world
            .command()
            .args(MINIMAL)
            .env("TELEGRAM_BOT_TOKEN", "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"),
    )
    .ok();
    assert!(ran.stderr.contains("missing: OPENROUTER_API_KEY\n"), "{ran:#?}");
    assert!(
        world
            .read("bundle/secrets.env")
            .contains("TELEGRAM_BOT_TOKEN=123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11\n")
    );
}

/// A provider without a key, and what it needs.
const KEYLESS: [&str; 3] = [
    "--provider=ollama",
    "--model=qwen3:8b",
    "--base-url=http://localhost:11434/v1",
];

#[test]
fn a_keyless_provider_asks_for_no_key() {
    let world = World::new();
    let ran = world
        .run(&[
            "--cloud=azure",
            "--bridge=telegram",
            "--allow-ssh-from=none",
            "--out=bundle",
            "--ssh-public-key",
            KEY,
            KEYLESS[0],
            KEYLESS[1],
            KEYLESS[2],
        ])
        .ok();
    assert!(ran.stderr.contains("missing: TELEGRAM_BOT_TOKEN\n"), "{ran:#?}");
    let text = world.read("bundle/secrets.env");
    let names: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(names, ["CODEWHALE_RUNTIME_TOKEN", "TELEGRAM_BOT_TOKEN"]);
}

#[test]
fn a_secret_that_some_reader_would_change_is_refused_without_showing_it() {
    for value in [
        "two MARKED-SECRET words",
        "MARKED-SECRET\"",
        "MARKED-SECRET'",
        "MARKED-SECRET\\x",
        "MARKED-SECRETé",
        "#MARKED-SECRET",
        "MARKED-SECRET-changeme",
    ] {
        let world = World::new();
        let ran = Ran::of(world.command().args(MINIMAL).env("OPENROUTER_API_KEY", value)).refused();
        assert!(ran.stderr.contains("OPENROUTER_API_KEY"), "{ran:#?}");
        assert_unmarked("the error", &ran.stderr);
        assert_eq!(world.listing(), Vec::<String>::new());
    }
}

#[test]
fn a_damaged_secrets_file_is_named_by_line_only() {
    let world = World::new();
    world.generate(&[]).ok();
    world.write("bundle/secrets.env", "OPENROUTER_API_KEY=fine\nMARKED-SECRET\n");
    let ran = world.generate(&[]).refused().says("line 2");
    assert_unmarked("the error", &ran.stderr);
}

#[test]
fn a_secrets_file_others_could_read_is_closed() {
    let world = World::new();
    Ran::of(world.command().envs(marked()).args(MINIMAL)).ok();
    let path = world.path("bundle/secrets.env");
    let before = fs::read_to_string(&path).expect("secrets");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("mode");
    let ran = world.generate(&[]).ok();
    assert!(
        ran.stderr.contains("bundle/secrets.env had mode 0644") && ran.stderr.contains("it is 0600 now"),
        "{ran:#?}"
    );
    assert_eq!(fs::metadata(&path).expect("secrets").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&path).expect("secrets"), before);
}

/// A new secret gets its line; what a person wrote around the others stays.
#[test]
fn a_secret_that_is_new_gets_a_line() {
    let world = World::new();
    world.generate(&[]).ok();
    world.write(
        "bundle/secrets.env",
        "# from the safe\nOPENROUTER_API_KEY=MARKED-of-sixteen-characters\n\nCODEWHALE_RUNTIME_TOKEN=MARKED-runtime-token\nOTHER=mine\n",
    );
    fs::set_permissions(world.path("bundle/secrets.env"), fs::Permissions::from_mode(0o600)).expect("mode");
    world
        .run(&["--spec=bundle/deployment.yaml", "--provider=anthropic"])
        .ok();
    assert_eq!(
        world.read("bundle/secrets.env"),
        "# from the safe\nOPENROUTER_API_KEY=MARKED-of-sixteen-characters\n\nCODEWHALE_RUNTIME_TOKEN=MARKED-runtime-token\nOTHER=mine\n\
         ANTHROPIC_API_KEY=\nTELEGRAM_BOT_TOKEN=\n"
    );
}

#[test]
fn what_no_service_gives_out_is_refused() {
    let telegram = "--bridge=telegram";
    let feishu = "--bridge=feishu";
    for (bridge, name, value, form) in [
        (telegram, "TELEGRAM_BOT_TOKEN", "later", "a Telegram bot token"),
        (
            telegram,
            "TELEGRAM_BOT_TOKEN",
            "MARKED-SECRET-of-something-else-1234",
            "a Telegram bot token",
        ),
        (telegram, "OPENROUTER_API_KEY", "later", "an API key"),
        (
            telegram,
            "OPENROUTER_API_KEY",
            "123456:MARKED-SECRET-0123456789-0123456789",
            "an API key",
        ),
        (telegram, "CODEWHALE_RUNTIME_TOKEN", "short", "a runtime token"),
        (feishu, "FEISHU_APP_ID", "MARKED-SECRET-id", "a Feishu or Lark App ID"),
        (feishu, "FEISHU_APP_SECRET", "cli_MARKED-SECRET-id", "a Feishu or Lark App Secret"),
    ] {
        let refused = |ran: Ran, place: &str| {
            let said = format!("{place}: `{name}` is not {form} (");
            assert!(ran.code == 2 && ran.stderr.contains(&said), "{said}\n{ran:#?}");
            assert!(!ran.stderr.contains(value), "the value is shown: {ran:#?}");
        };
        let args: Vec<&str> = MINIMAL
            .iter()
            .map(|arg| if arg.starts_with("--bridge") { bridge } else { arg })
            .collect();
        let world = World::new();
        refused(Ran::of(world.command().args(&args).env(name, value)), "the environment");
        assert_eq!(world.listing(), Vec::<String>::new());
        world.write("bundle/secrets.env", &format!("{name}={value}\n"));
        refused(Ran::of(world.command().args(&args)), "bundle/secrets.env");
    }
}

#[test]
fn a_command_says_which_secrets_are_there() {
    let world = World::new();
    world.generate(&[]).ok();
    let ran = world.run(&["secrets", "bundle"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:#?}");
    assert!(
        lines[0].starts_with("OPENROUTER_API_KEY       missing  Create one at https://openrouter.ai/"),
        "{ran:#?}"
    );
    assert_eq!(lines[1], "CODEWHALE_RUNTIME_TOKEN  given    secrets.env");
    assert!(
        lines[2].starts_with("TELEGRAM_BOT_TOKEN       missing  In Telegram, send /newbot to @BotFather"),
        "{ran:#?}"
    );
    assert!(
        ran.stderr
            .contains("no value for OPENROUTER_API_KEY, TELEGRAM_BOT_TOKEN"),
        "{ran:#?}"
    );

    let token = world.read("bundle/secrets.env");
    let token = token
        .lines()
        .find_map(|line| line.strip_prefix("CODEWHALE_RUNTIME_TOKEN="))
        .expect("made");
    world.write(
        "bundle/secrets.env",
        &format!("CODEWHALE_RUNTIME_TOKEN={token}\nTELEGRAM_BOT_TOKEN=later\nDEEPSEEK_API_KEY={MARK}-of-another\n"),
    );
    fs::set_permissions(world.path("bundle/secrets.env"), fs::Permissions::from_mode(0o640)).expect("mode");
    let mut command = world.command();
    command
        .args(["secrets", "bundle", "--json"])
        .env("OPENROUTER_API_KEY", format!("{MARK}-of-the-environment"));
    let ran = Ran::of(&mut command);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(ran.stderr.contains("had mode 0640"), "{ran:#?}");
    let mode = fs::metadata(world.path("bundle/secrets.env"))
        .expect("secrets")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_unmarked("the listing", &format!("{ran:?}"));
    assert!(!ran.stdout.contains(token) && !ran.stdout.contains("later\""), "{ran:#?}");
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let states: Vec<_> = said["secrets"]
        .as_array()
        .expect("secrets")
        .iter()
        .map(|secret| format!("{} {} {}", secret["name"], secret["state"], secret["from"]).replace('"', ""))
        .collect();
    assert_eq!(
        states,
        [
            "OPENROUTER_API_KEY given OPENROUTER_API_KEY",
            "CODEWHALE_RUNTIME_TOKEN given file",
            "TELEGRAM_BOT_TOKEN refused null",
        ]
    );
    assert_eq!(said["unused"], serde_json::json!(["DEEPSEEK_API_KEY"]));

    let mut command = world.command();
    command.args(["secrets", "bundle"]);
    for (name, value) in marked() {
        command.env(name, value);
    }
    world.write("bundle/secrets.env", "");
    let ran = Ran::of(&mut command).ok();
    assert!(
        ran.stdout
            .contains("TELEGRAM_BOT_TOKEN       given    TELEGRAM_BOT_TOKEN in the environment"),
        "{ran:#?}"
    );
}

#[test]
fn the_bundle_ignores_what_must_not_be_committed() {
    let world = World::new();
    world.generate(&[]).ok();
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git")
            .args(args)
            .current_dir(world.path("bundle"))
            .output()
            .expect("git");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for name in [
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "codewhale.tfplan",
        ".terraform/x",
        "main.tf.bak-20260101T000000Z",
    ] {
        world.write(&format!("bundle/{name}"), "x");
    }
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    let added = git(&["ls-files"]);
    assert!(added.contains("main.tf") && added.contains("deployment.yaml"), "{added}");
    for name in ["secrets.env", "tfstate", "tfplan", ".terraform/", ".bak-"] {
        assert!(!added.contains(name), "{name} would be committed:\n{added}");
    }
}

#[test]
fn a_secret_prints_as_nothing() {
    let secret = Secret::new("X", MARK).expect("accepted");
    assert_unmarked("Debug", &format!("{secret:?} {secret:#?} {:?}", Some(&secret)));
    assert_unmarked("Display", &secret.to_string());
    assert_eq!(secret.expose(), MARK);
}
