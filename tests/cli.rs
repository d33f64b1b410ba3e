//! The command line as a person types it.

use remote_setup::agents::AGENTS;
use remote_setup::chats::CHATS;
use remote_setup::clouds::CLOUDS;
use remote_setup::model_providers::PROVIDERS;
use serde_json::Value;

use crate::common::{KEY, MINIMAL, Ran, World};

#[test]
fn help_is_what_we_reviewed() {
    let world = World::new();
    insta::assert_snapshot!("help", world.run(&["--help"]).ok().stdout);
    insta::assert_snapshot!("help-plan", world.run(&["plan", "--help"]).ok().stdout);
    insta::assert_snapshot!("help-apply", world.run(&["apply", "--help"]).ok().stdout);
    insta::assert_snapshot!("help-push", world.run(&["push", "--help"]).ok().stdout);
    insta::assert_snapshot!("help-pin", world.run(&["pin", "--help"]).ok().stdout);
    insta::assert_snapshot!("help-rehearse", world.run(&["rehearse", "--help"]).ok().stdout);
    insta::assert_snapshot!("help-choices", world.run(&["choices", "--help"]).ok().stdout);
}

#[test]
fn everything_missing_is_listed_at_once() {
    let world = World::new();
    let ran = world.run(&["--non-interactive"]).refused();
    for (flag, key, variable) in [
        ("--cloud", "`cloud`", "CODEWHALE_CLOUD"),
        ("--bridge", "`bridge`", "CODEWHALE_BRIDGE"),
        ("--provider", "`provider`", "CODEWHALE_PROVIDER"),
        ("--ssh-public-key", "`ssh_public_key`", "CODEWHALE_SSH_PUBLIC_KEY"),
        ("--allow-ssh-from", "`allow_ssh_from`", "CODEWHALE_ALLOW_SSH_FROM"),
    ] {
        let line = ran.stderr.lines().find(|line| line.contains(flag));
        let line = line.unwrap_or_else(|| panic!("{flag} is not in {ran:#?}"));
        assert!(line.contains(key) && line.contains(variable), "{line}");
    }
    assert_eq!(world.listing(), Vec::<String>::new());
    // Without a terminal the flag makes no difference.
    let silent = world.run(&[]).refused();
    assert_eq!(silent.stderr, ran.stderr);
}

/// A bad value of every flag, and what the message must name.
const BAD: &[(&[&str], &str)] = &[
    (&["--cloud=azur"], "did you mean `--cloud azure`?"),
    (&["--cloud=moon"], "allowed: azure"),
    (&["--cloud=nowhere"], "run `remote-setup choices clouds`"),
    (&["--agent=nobody"], "run `remote-setup choices agents`"),
    (&["--agent=codewale"], "did you mean `--agent codewhale`?"),
    (&["--bridge=telegarm"], "did you mean `--bridge telegram`?"),
    (&["--bridge=slack"], "telegram, feishu"),
    (&["--provider=opnai"], "did you mean `--provider openai`?"),
    (&["--provider=openai-codex"], "token expires"),
    (&["--provider=antigravity"], "wire protocol"),
    (&["--provider=custom"], "config.toml"),
    (&["--provider="], "``"),
    (&["--model=two words"], "two words"),
    (&["--model="], "model id"),
    (&["--provider=deepseek", "--model=gpt-5"], "deepseek"),
    (&["--base-url=https://example.com"], "OpenRouter"),
    (&["--provider=ollama", "--model=m", "--base-url=http://10.0.0.5:11434"], "10.0.0.5"),
    (&["--provider=vllm", "--model=m", "--base-url=ftp://example.com"], "http"),
    (&["--allowlist=me too"], "me too"),
    (&["--bridge-setting=FEISHU_DOMAIN=lark"], "FEISHU_DOMAIN"),
    (&["--bridge=feishu", "--bridge-setting=FEISHU_DOMAIN=mars"], "feishu, lark"),
    (&["--bridge-setting=x"], "NAME=VALUE"),
    (&["--name=Two_Words"], "Two_Words"),
    (&["--name=-a"], "`-a`"),
    (&["--region=eastsu"], "did you mean `--region eastus`?"),
    (&["--region=Not A Region"], "Not A Region"),
    (&["--size=Standard_B2als_v3x/"], "Standard_B2als_v3x/"),
    (&["--size=t3.medium"], "t3.medium"),
    (&["--workspace=relative"], "absolute"),
    (&["--workspace=/etc"], "/etc"),
    (&["--workspace=/opt/codewhale/x"], "/opt/codewhale/x"),
    (&["--port=80"], "1024"),
    (&["--port=http"], "http"),
    (&["--port=70000"], "65535"),
    (&["--workers=0"], "1 to 8"),
    (&["--workers=9"], "1 to 8"),
    (&["--tag=novalue"], "NAME=VALUE"),
    (&["--tag=azure-x=1"], "reserved"),
    (&["--tag=managed_by=me"], "managed_by"),
    (&["--tag=Owner=me"], "`owner`"),
    (&["--tag=owner="], "who answers"),
    (&["--ssh-public-key=/no/such/file.pub"], "/no/such/file.pub"),
    (&["--ssh-public-key=ssh-ed25519 AAAA"], "not an SSH public key"),
    (&["--ssh-public-key=-----BEGIN OPENSSH PRIVATE KEY-----"], "private key"),
    (&["--allow-ssh-from=0.0.0.0/0"], "0.0.0.0/0"),
    (&["--allow-ssh-from=::/0"], "::/0"),
    (&["--allow-ssh-from=8.0.0.0/15"], "/16"),
    (&["--allow-ssh-from=2001:db8::/31"], "/32"),
    (&["--allow-ssh-from=192.168.1.0/24"], "a private network (192.168.0.0/16)"),
    (&["--allow-ssh-from=203.0.113.7/24"], "203.0.113.0/24"),
    (&["--allow-ssh-from=203.0.113.7"], "203.0.113.7/32"),
    (&["--allow-ssh-from=any"], "any"),
    (&["--install=vm"], "docker, native"),
    (&["--codewhale-version=latest"], "latest"),
    (&["--codewhale-version=0.9.5"], "0.9.6"),
    (&["--mirror=npm"], "github, cnb"),
    (&["--bootstrap=tat"], "cloud-init"),
    (&["--lang=fr"], "en, zh-CN"),
    (&["--cnb-repository=org/repo"], "no CNB pipeline"),
    (&["--cnb-secrets=org/repo"], "no CNB pipeline"),
    (&["--cnb-deploy=ssh"], "no CNB pipeline"),
    (&["--size=Standard_B2pls_v2", "--install=native", "--mirror=cnb"], "arm64"),
    (&["--spec=/no/such/file.yaml"], "/no/such/file.yaml"),
    (&["--check", "--force"], "--force"),
    (&["--check", "--apply"], "--apply"),
    (&["--engine=terraform"], "--apply"),
    (&["--allow-destroy"], "--apply"),
    (&["--no-wait"], "--apply"),
    (&["--colour"], "--colour"),
    (&["--generate-only=yes"], "--generate-only"),
];

#[test]
fn a_bad_value_of_every_flag_is_refused_and_writes_nothing() {
    for (args, named) in BAD {
        let world = World::new();
        // Later values would be a second one, so a bad value replaces the good one.
        let replaced: Vec<&str> = args
            .iter()
            .filter_map(|arg| arg.split_once('='))
            .map(|(flag, _)| flag)
            .collect();
        let mut all = Vec::new();
        let mut rest = MINIMAL.iter().copied().peekable();
        while let Some(arg) = rest.next() {
            let flag = arg.split('=').next().unwrap_or(arg);
            let value = if flag == "--ssh-public-key" { rest.next() } else { None };
            if !replaced.contains(&flag) {
                all.push(arg);
                all.extend(value);
            }
        }
        all.extend(*args);
        let ran = world.run(&all).refused();
        assert!(ran.stderr.contains(named), "{args:?} does not say `{named}`: {}", ran.stderr);
        assert_eq!(world.listing(), Vec::<String>::new(), "{args:?} wrote something");
    }
}

#[test]
fn every_flag_has_a_bad_value_in_the_list() {
    let help = World::new().run(&["--help"]).ok().stdout;
    let switches = [
        "--json",
        "--yes",
        "--non-interactive",
        "--help",
        "--version",
        "--out",
        "--force",
    ];
    for flag in help
        .split_whitespace()
        .filter(|word| word.starts_with("--") && word.len() > 2)
    {
        let flag = flag.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let covered = BAD
            .iter()
            .flat_map(|(args, _)| *args)
            .any(|arg| arg.split('=').next() == Some(flag));
        assert!(covered || switches.contains(&flag), "{flag} has no row in BAD");
    }
}

#[test]
fn an_out_that_is_a_file_is_refused() {
    let world = World::new();
    world.write("bundle", "mine");
    world.generate(&[]).refused().says("bundle");
    assert_eq!(world.read("bundle"), "mine");
}

#[test]
fn a_private_key_file_is_refused_by_name() {
    let world = World::new();
    world.write(
        "wrong.pub",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nMARKED-PRIVATE\n-----END OPENSSH PRIVATE KEY-----\n",
    );
    let args = [
        "--cloud=azure",
        "--bridge=telegram",
        "--provider=openai",
        "--allow-ssh-from=none",
    ];
    let ran = world
        .run(&[&args[..], &["--ssh-public-key=wrong.pub"]].concat())
        .refused();
    assert!(ran.stderr.contains("`wrong.pub` is a private key"), "{ran:#?}");
    assert!(!ran.stderr.contains("MARKED-PRIVATE"), "{ran:#?}");
}

/// A spec may come from a stranger, so whatever file it names, nobody sees what is in it.
#[test]
fn only_a_public_key_file_is_read_and_none_is_quoted() {
    let world = World::new();
    let fifo = world.path("fifo.pub");
    crate::files::fifo(&fifo);
    world.write("home-secret", "MARKED-SECRET\n");
    world.write("secret.pub", "ssh-MARKED-SECRET AAAA MARKED\n");
    world.write("lines.pub", "MARKED-SECRET\nMARKED-SECRET\n");
    world.write("big.pub", &format!("{KEY} {}", "x".repeat(1 << 16)));
    world.write("key.pub", &format!("{KEY}\n"));
    std::os::unix::fs::symlink(world.path("home-secret"), world.path("link.pub")).expect("a link");
    std::os::unix::fs::symlink(world.path("key.pub"), world.path("good-link.pub")).expect("a link");
    let asked = |name: &str| {
        let spec =
            format!("cloud: azure\nbridge: telegram\nprovider: openai\nallow_ssh_from: []\nssh_public_key: {name}\n");
        world.write("answers.yaml", &spec);
        let by_spec = world.run(&["--spec=answers.yaml", "--out=by-spec"]);
        let mut args = vec![
            "--cloud=azure",
            "--bridge=telegram",
            "--provider=openai",
            "--allow-ssh-from=none",
        ];
        args.extend(["--out=by-flag", "--ssh-public-key", name]);
        [by_spec, world.run(&args)]
    };
    for (name, said) in [
        (
            "home-secret",
            "`home-secret` is neither an SSH public key nor the name of a `.pub` file",
        ),
        ("~/home-secret", "is neither an SSH public key nor the name of a `.pub` file"),
        ("/etc/passwd", "is neither an SSH public key nor the name of a `.pub` file"),
        ("secret.pub", "`secret.pub` is not an SSH public key"),
        ("~/secret.pub", "`~/secret.pub` is not an SSH public key"),
        ("lines.pub", "is not a single line"),
        ("link.pub", "it leads to a file that does not end in `.pub`"),
        ("fifo.pub", "it is a FIFO, not a regular file"),
        ("big.pub", "it is larger than"),
    ] {
        for ran in asked(name) {
            let ran = ran.refused().says(said);
            assert!(!ran.stderr.contains("MARKED") && !ran.stderr.contains("root:"), "{name}: {ran:#?}");
        }
    }
    for name in ["key.pub", "good-link.pub", "~/key.pub"] {
        for ran in asked(name) {
            ran.ok();
        }
    }
}

/// Made for these tests by ssh-keygen; the private halves were thrown away.
const RSA_1024: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCwndAPU1lrzfA51VfrgAGPYaVjcoRFAOytJafetoFb7SmyxZZcfeUK45+XREQDislwS7f8x3ymBW4LJCD/cKPa8mqGvaWdp2zs9eql+/ZzzFaPZvrBr/XWtG6mZtqIlSDT6XajsiXcOPJqO75U7qXF6Qbz0UwwYlwxT91BSukoBw== weak";
const RSA_2048: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC6i1WGHKJLudpdPivVWiP1oUtKMeBIWst7toiN35HZkbd1Jw/B4b323X2PYe/UcfcQFeYVHt8lJctX0ARvuiIoLZ5iIzF9G+wifbQzHiymmct1eRD2SAK6Jbkf7wr8dapd3LSw+IXzoAZp6LVKDvhQMwf5buPaOoOBKg9DW1Hg4k6Yi/hRRSgy6/4kAdiiOrRN5puHLspeu1rQSCabeUL4jB82/4V5ppsIm8KHm2E223TzDdU8FfFEfr5xYkLNmajQQuGzFrb7VD78YzZCMXfAPItJyzDByhXVruAjK02KTvPKKhMAI/eEjW+JuYj7DoQVmxqhIHjdkkzFVoFMg89Z good";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLC0UQPBQZdWiEr6Qw6OLzvNYDy65vAJjaI42Xt2dMj/rqINPtcpeg4l/eh56+oOGZ44cqB3bWImDeXZhOTsXXw= e";

#[test]
fn only_strong_keys_of_two_kinds_are_taken() {
    let args = [
        "--cloud=azure",
        "--bridge=telegram",
        "--provider=openai",
        "--allow-ssh-from=none",
        "--ssh-public-key",
    ];
    let with = |key| World::new().run(&[&args[..], &[key]].concat());
    with(RSA_1024).refused().says("1024 bits");
    with(ECDSA)
        .refused()
        .says("`ecdsa-sha2-nistp256` keys are not accepted");
    with(RSA_2048).ok();
    with(KEY).ok();
}

#[test]
fn the_newest_key_at_home_is_taken_and_shown() {
    let world = World::new();
    let args = [
        "--cloud=azure",
        "--bridge=telegram",
        "--provider=openai",
        "--allow-ssh-from=none",
    ];
    world.run(&args).refused().says("--ssh-public-key");
    world.write(".ssh/id_ed25519.pub", &format!("{KEY}\n"));
    world.write(".ssh/id_broken.pub", "nonsense\n");
    world.run(&args).ok().says(".ssh/id_ed25519.pub");
    assert!(world.read("codewhale-deploy/azure-telegram/main.tf").contains(KEY));
}

#[test]
fn aliases_mean_their_row() {
    let world = World::new();
    let ran = world
        .run(&[
            "--cloud=az",
            "--bridge=lark",
            "--provider=nim",
            "--ssh-public-key",
            KEY,
            "--allow-ssh-from=none",
            "--json",
        ])
        .ok();
    let object: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(object["cloud"], "azure");
    assert_eq!(object["bridge"], "feishu");
    assert_eq!(object["provider"], "nvidia-nim");
    assert_eq!(object["schema_version"], 1);
    assert_eq!(object["out"], "./codewhale-deploy/azure-feishu");
}

#[test]
fn json_is_one_object_and_stdout_holds_nothing_else() {
    let world = World::new();
    let ran = world.generate(&["--json"]).ok();
    let object: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(object["status"], "generated");
    assert_eq!(
        object["missing_secrets"],
        serde_json::json!(["OPENROUTER_API_KEY", "TELEGRAM_BOT_TOKEN"])
    );
    let files = object["files"].as_array().expect("a list");
    assert!(files.contains(&Value::from("main.tf")) && !files.contains(&Value::from("secrets.env")));
    let plain = world.generate(&[]).ok();
    assert_eq!(plain.stdout, "bundle\n", "stdout carries the result only");
}

#[test]
fn colour_is_for_terminals_only() {
    let world = World::new();
    let ran = world.generate(&[]).ok();
    assert!(!ran.stderr.contains('\u{1b}'), "{ran:#?}");
    assert!(!world.run(&["choices"]).ok().stdout.contains('\u{1b}'));
}

#[test]
fn choices_show_every_row() {
    let world = World::new();
    let all = world.run(&["choices"]).ok().stdout;
    let slugs = (CLOUDS.iter().map(|row| row.slug))
        .chain(CHATS.iter().map(|row| row.slug))
        .chain(PROVIDERS.iter().map(|row| row.slug))
        .chain(AGENTS.iter().map(|row| row.slug));
    for slug in slugs {
        assert!(all.split_whitespace().any(|word| word == slug), "`{slug}` is not listed:\n{all}");
    }
    let chats = world.run(&["choices", "chats"]).ok().stdout;
    assert!(chats.contains("feishu") && !chats.contains("openrouter"), "{chats}");
    world
        .run(&["choices", "chat"])
        .refused()
        .says("did you mean `remote-setup choices chats`?");
    // As it was called before.
    for former in [&["list", "bridges"], &["choices", "bridges"], &["list", "chats"]] {
        assert_eq!(world.run(former).ok().stdout, chats, "{former:?}");
    }
    assert!(!world.run(&["--help"]).ok().stdout.contains("  list "));
}

#[test]
fn choices_json_has_every_row() {
    let world = World::new();
    let ran = world.run(&["choices", "--json"]).ok();
    let object: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(object["schema_version"], 1);
    assert_eq!(object["providers"].as_array().map(Vec::len), Some(PROVIDERS.len()));
    let ollama = object["providers"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["slug"] == "ollama");
    assert_eq!(ollama.expect("ollama")["key"], Value::Null);
    let only: Value = serde_json::from_str(&world.run(&["choices", "clouds", "--json"]).ok().stdout).expect("JSON");
    assert!(only.get("providers").is_none());
    let agents: Value = serde_json::from_str(&world.run(&["choices", "agents", "--json"]).ok().stdout).expect("JSON");
    let bridges: Vec<_> = AGENTS[0].bridges.iter().map(|bridge| bridge.slug).collect();
    assert_eq!(agents["agents"][0]["bridges"], serde_json::json!(bridges));
    assert!(agents.get("clouds").is_none());
}

#[test]
fn completions_are_scripts_of_their_shell() {
    let world = World::new();
    for (shell, marker) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef remote-setup"),
        ("fish", "complete -c remote-setup"),
    ] {
        let script = world.run(&["completions", shell]).ok().stdout;
        assert!(script.contains(marker) && script.contains("allow-ssh-from"), "{shell}");
    }
    world.run(&["completions", "tcl"]).refused().says("tcl");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let world = World::new();
    let mut command = world.command();
    command.arg("choices").stdout(closed_pipe());
    let ran = Ran::of(&mut command);
    assert_eq!(ran.stderr, "");
}

fn closed_pipe() -> std::process::Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}
