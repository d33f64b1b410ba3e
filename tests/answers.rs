//! What answers mean, and that an error sends people to the place where a wrong one was given.

use crate::common::{KEY, MINIMAL, Ran, World, root};

/// Flags of [`MINIMAL`] without some, and more.
fn flags<'a>(without: &[&str], more: &[&'a str]) -> Vec<&'a str> {
    let mut all = Vec::new();
    let mut rest = MINIMAL.iter().copied();
    while let Some(flag) = rest.next() {
        let value = if flag == "--ssh-public-key" { rest.next() } else { None };
        if !without.iter().any(|name| flag.starts_with(name)) {
            all.push(flag);
            all.extend(value);
        }
    }
    all.extend(more);
    all
}

#[test]
fn a_keyless_provider_needs_its_endpoint_and_a_model() {
    let world = World::new();
    for (provider, example) in [
        ("ollama", "`base_url: http://localhost:11434/v1`"),
        (
            "vllm",
            "the address at which the machine reaches it, such as `base_url: http://10.0.0.5:8000/v1`",
        ),
        (
            "sglang",
            "the address at which the machine reaches it, such as `base_url: http://10.0.0.5:8000/v1`",
        ),
    ] {
        let provider = format!("--provider={provider}");
        let with = |more: &[&str]| world.run(&flags(&["--provider"], &[&[provider.as_str()], more].concat()));
        let both = with(&[]).refused();
        assert!(both.stderr.contains("2 answers missing"), "{both:#?}");
        assert!(both.stderr.contains("--base-url") && both.stderr.contains("--model"), "{both:#?}");
        assert!(!both.stderr.contains("or CODEWHALE_\n"), "a variable without a name: {both:#?}");
        with(&["--base-url=http://localhost:11434/v1", "--model=auto"])
            .refused()
            .says("`auto` cannot be used with")
            .says("/v1/models");
        // A bundle of an older version has no endpoint.
        let spec = format!(
            "id: abc123\ncloud: azure\nbridge: telegram\n{}\nmodel: m\nallow_ssh_from: []\nssh_public_key: {KEY}\n",
            provider.trim_start_matches("--").replace('=', ": ")
        );
        let path = world.write("old/deployment.yaml", &spec);
        let old = remote_setup::inputs::spec_file::load(&path).expect("a spec");
        let error = remote_setup::deployment::Deployment::resolve(&old).expect_err("no endpoint");
        assert!(error.message().contains("old/deployment.yaml: `base_url`: "), "{error}");
        assert!(error.message().contains("nothing here installs one"), "{error}");
        assert!(
            error.hints()[0].contains(&format!("old/deployment.yaml: give {example}")),
            "{error:?}"
        );
    }
    assert!(!world.path("bundle").exists());
}

#[test]
fn nobody_is_left_to_believe_that_the_model_server_is_installed() {
    let world = World::new();
    let local = world
        .run(&flags(
            &["--provider"],
            &[
                "--provider=ollama",
                "--model=qwen3:8b",
                "--base-url=http://localhost:11434/v1",
            ],
        ))
        .ok();
    let said = "Ollama is not installed for you: install it on the machine, listening at `http://localhost:11434/v1`, with the model `qwen3:8b`";
    assert!(local.stderr.contains(said), "{local:#?}");
    assert!(local.stderr.contains("Endpoint    http://localhost:11434/v1"), "{local:#?}");
    let runbook = world.read("bundle/RUNBOOK.md");
    assert!(runbook.contains(said));
    assert!(
        runbook.contains("`curl -s http://localhost:11434/v1/models` must list `qwen3:8b`"),
        "{runbook}"
    );
    assert!(!runbook.contains("a wrong key, or a model"), "{runbook}");
    let elsewhere = [
        "--provider=vllm",
        "--model=qwen3",
        "--base-url=http://10.0.0.5:8000/v1",
        "--out=other",
        "--lang=zh-CN",
    ];
    world
        .run(&flags(&["--provider", "--out"], &elsewhere))
        .ok()
        .says("vLLM is not installed for you: run it where the machine can reach it at `http://10.0.0.5:8000/v1`")
        .says("is not encrypted");
    assert!(world.read("other/RUNBOOK.md").contains("vLLM 不会自动安装"));
    assert!(
        world
            .read("other/RUNBOOK.md")
            .contains("`curl -s http://10.0.0.5:8000/v1/models`，结果中必须有 `qwen3`")
    );
}

#[test]
fn what_auto_stands_for_is_said() {
    let world = World::new();
    let ran = world.run(&flags(&["--provider"], &["--provider=openai"])).ok();
    assert!(ran.stderr.contains("OpenAI-compatible, auto: deepseek-v4-pro"), "{ran:#?}");
    let runbook = world.read("bundle/RUNBOOK.md");
    assert!(runbook.contains("(model `auto`, which means `deepseek-v4-pro`)"), "{runbook}");
    let named = world
        .run(&flags(
            &["--provider", "--out"],
            &["--provider=openai", "--model=gpt-5", "--out=named"],
        ))
        .ok();
    assert!(named.stderr.contains("OpenAI-compatible, gpt-5\n"), "{named:#?}");
    assert!(!world.read("named/RUNBOOK.md").contains("gpt-5`, which is"));
}

/// Networks, and why nobody comes from there.
const CLOSED: &[(&str, &str)] = &[
    ("10.0.0.0/24", "a private network (10.0.0.0/8)"),
    ("10.0.0.0/8", "a private network (10.0.0.0/8)"),
    ("172.20.3.4/32", "a private network (172.16.0.0/12)"),
    ("192.168.1.7/32", "a private network (192.168.0.0/16)"),
    ("192.168.1.7", "a private network (192.168.0.0/16)"),
    ("192.168.1.7/24", "a private network (192.168.0.0/16)"),
    ("100.64.0.0/16", "carrier-grade NAT (100.64.0.0/10)"),
    ("100.127.255.255/32", "carrier-grade NAT (100.64.0.0/10)"),
    ("127.0.0.1/32", "loopback (127.0.0.0/8)"),
    ("169.254.1.0/24", "link-local (169.254.0.0/16)"),
    ("0.1.0.0/16", "reserved (0.0.0.0/8)"),
    ("224.0.0.0/24", "multicast (224.0.0.0/4)"),
    ("255.255.255.255/32", "reserved (240.0.0.0/4)"),
    ("fd00:1::/48", "a private network (fc00::/7)"),
    ("fe80::/64", "link-local (fe80::/10)"),
    ("::1/128", "loopback (::1/128)"),
    ("::ffff:10.0.0.1/128", "IPv4 written as IPv6"),
    ("ff02::/32", "multicast (ff00::/8)"),
    ("64:ff9b::/96", "public IPv6 is 2000::/3"),
];

#[test]
fn a_network_that_reaches_nothing_is_refused_wherever_it_is_given() {
    for (network, why) in CLOSED {
        let world = World::new();
        let flag = format!("--allow-ssh-from={network}");
        let by_flag = world.run(&flags(&["--allow-ssh-from"], &[&flag]));
        world.write("answers.yaml", &format!("# mine\nallow_ssh_from:\n- 8.8.8.8/32\n- '{network}'\n"));
        let by_file = world.run(&flags(&["--allow-ssh-from"], &["--spec=answers.yaml"]));
        let mut command = world.command();
        command
            .args(flags(&["--allow-ssh-from"], &[]))
            .env("CODEWHALE_ALLOW_SSH_FROM", network);
        let by_variable = Ran::of(&mut command);
        for (ran, place) in [
            (by_flag, "Error: `--allow-ssh-from`: "),
            (by_file, "Error: answers.yaml, line 4: `allow_ssh_from`: "),
            (by_variable, "Error: `CODEWHALE_ALLOW_SSH_FROM`: "),
        ] {
            let ran = ran.refused().says(network).says(why).says("reaches a public address");
            assert!(
                ran.stderr.replace("`--", "--").contains(&place.replace("`--", "--")) || place.contains("--"),
                "{ran:#?}"
            );
            assert!(ran.stderr.contains("give the public address you come from"), "{ran:#?}");
        }
        assert!(!world.path("bundle").exists());
    }
}

#[test]
fn addresses_of_documentation_get_a_warning_and_public_ones_none() {
    let asked = |network: &str| {
        let world = World::new();
        let flag = format!("--allow-ssh-from={network}");
        world.run(&flags(&["--allow-ssh-from"], &[&flag])).ok().stderr
    };
    for network in [
        "192.0.2.0/24",
        "198.51.100.7/32",
        "203.0.113.0/28",
        "2001:db8:1::/48",
        "3fff:fff::/32",
    ] {
        let said = format!("`{network}` is reserved for documentation");
        let stderr = asked(network);
        assert!(stderr.contains(&said), "{said}: {stderr}");
    }
    // The last ones merely hold such a block.
    for network in [
        "8.8.8.8/32",
        "100.128.0.0/16",
        "172.32.0.0/16",
        "2606:4700::/32",
        "203.0.0.0/16",
        "192.0.0.0/16",
    ] {
        let stderr = asked(network);
        assert!(!stderr.contains("is reserved for documentation"), "{network}: {stderr}");
    }
}

/// A wrong value of an answer: its key, the value, and a better one that the hint names.
const WRONG: &[(&str, &str, Option<&str>)] = &[
    ("cloud", "azur", Some("azure")),
    ("bridge", "telegarm", Some("telegram")),
    ("provider", "opnai", Some("openai")),
    ("provider", "antigravity", None),
    ("region", "eastsu", Some("eastus")),
    ("region", "Not A Region", Some("eastus")),
    ("size", "Standard_B2als_v3x/", None),
    ("model", "two words", None),
    ("name", "Two_Words", None),
    ("workspace", "/etc", None),
    ("install", "vm", Some("docker")),
    ("codewhale_version", "0.9.5", Some("0.9.9")),
    ("codewhale_version", "latest", None),
    ("mirror", "npm", None),
    ("bootstrap", "tat", None),
    ("lang", "fr", None),
    ("port", "80", None),
    ("workers", "9", None),
    ("ssh_public_key", "/no/such/file.pub", None),
];

/// The variable of a key.
fn variable(key: &str) -> String {
    let name = match key {
        "port" => "RUNTIME_PORT",
        "workers" => "RUNTIME_WORKERS",
        "codewhale_version" => "VERSION",
        other => &other.to_uppercase(),
    };
    format!("CODEWHALE_{name}")
}

fn hints(ran: &Ran) -> Vec<&str> {
    ran.stderr.lines().filter(|line| line.starts_with("Hint: ")).collect()
}

#[test]
fn a_hint_names_the_place_of_the_wrong_answer() {
    for (key, value, better) in WRONG {
        let own = format!("--{}", key.replace('_', "-"));
        let world = World::new();
        world.write("answers.yaml", &format!("# answers of a team\ntags: {{team: x}}\n{key}: {value}\n"));
        let ran = world.run(&flags(&[&own], &["--spec=answers.yaml"])).refused();
        let line = "answers.yaml, line 3";
        assert!(ran.stderr.contains(&format!("Error: {line}: `{key}`: ")), "{key}: {ran:#?}");
        for hint in hints(&ran) {
            assert!(hint.starts_with("Hint: correct line 3 of answers.yaml: "), "{key}: {hint}");
            assert!(!hint.contains("--"), "{key}: the hint speaks of a flag: {hint}");
            assert!(
                better.is_none_or(|better| hint.contains(&format!("`{key}: {better}`"))),
                "{key}: {hint}"
            );
        }

        let name = variable(key);
        let mut command = world.command();
        command.args(flags(&[&own], &[])).env(&name, value);
        let ran = Ran::of(&mut command).refused();
        assert!(ran.stderr.contains(&format!("Error: `{name}`: ")), "{key}: {ran:#?}");
        for hint in hints(&ran) {
            assert!(hint.starts_with(&format!("Hint: correct `{name}`: ")), "{key}: {hint}");
            assert!(!hint.contains("--"), "{key}: the hint speaks of a flag: {hint}");
            assert!(better.is_none_or(|better| hint.contains(&format!("`{better}`"))), "{key}: {hint}");
        }
    }
}

#[test]
fn a_wrong_preference_is_named_by_its_file() {
    for (text, line, flag) in [
        ("cloud: azur\n", "line 1: `cloud`: ", "--cloud"),
        ("cloud: azure\n\nbridge: telegarm\n", "line 3: `bridge`: ", "--bridge"),
        ("region: eastsu\n", "line 1: `region`: ", "--region"),
        ("models:\n  openai: gpt-5\n  openrouter: two words\n", "line 3: `model`: ", "--model"),
        (
            "ssh_public_key: /no/such/file.pub\n",
            "line 1: `ssh_public_key`: ",
            "--ssh-public-key",
        ),
    ] {
        let world = World::new();
        world.write(".config/codewhale/remote-setup.yaml", text);
        let ran = world
            .run(&flags(&[flag], &[]))
            .refused()
            .says(".config/codewhale/remote-setup.yaml")
            .says(line);
        for hint in hints(&ran) {
            assert!(
                hint.starts_with("Hint: correct line ") && hint.contains("remote-setup.yaml: ") && !hint.contains("--"),
                "{hint}"
            );
        }
    }
}

#[test]
fn the_lower_layer_is_named_only_for_what_it_said() {
    let world = World::new();
    world.write("answers.yaml", "region: eastsu\n\ntags:\n  azure-x: '1'\n");
    // A flag wins, so the file's line is not to blame.
    let ran = world
        .run(&flags(&[], &["--spec=answers.yaml", "--region=westeurop"]))
        .refused();
    assert!(ran.stderr.contains("did you mean `--region westeurope`?"), "{ran:#?}");
    assert!(!ran.stderr.contains("answers.yaml"), "{ran:#?}");
    // Tags are merged by name: this one is the file's.
    world
        .run(&flags(&[], &["--spec=answers.yaml", "--region=eastus", "--tag=team=x"]))
        .refused()
        .says("answers.yaml, line 4: `tags`: ");
    world.write("answers.yaml", "region: eastsu\nbridge_settings:\n  FEISHU_DOMAIN: mars\n");
    let feishu = [
        "--spec=answers.yaml",
        "--region=eastus",
        "--bridge=feishu",
        "--tag=azure-x=1",
    ];
    let ran = world.run(&flags(&["--bridge"], &feishu)).refused();
    assert!(ran.stderr.contains("FEISHU_DOMAIN"), "{ran:#?}");
    assert!(
        ran.stderr
            .contains("correct line 3 of answers.yaml: use `FEISHU_DOMAIN: feishu`"),
        "{ran:#?}"
    );
}

#[test]
fn an_item_of_a_list_is_found_on_its_own_line() {
    let world = World::new();
    let list = "allow_ssh_from:\n- 110.0.0.1/32\n# 10.0.0.1/32 was at home\n- \"10.0.0.1/32\"\n";
    world.write("answers.yaml", list);
    world
        .run(&flags(&["--allow-ssh-from"], &["--spec=answers.yaml"]))
        .refused()
        .says("answers.yaml, line 4: `allow_ssh_from`: `10.0.0.1/32`")
        .says("Hint: correct line 4 of answers.yaml: give the public address");
    world.write("answers.yaml", "cloud: azure\nallow_ssh_from: [8.8.8.8/32, 10.0.0.1/32]\n");
    world
        .run(&flags(&["--allow-ssh-from"], &["--spec=answers.yaml"]))
        .refused()
        .says("answers.yaml, line 2: ");
}

#[test]
fn a_bundle_that_is_opened_names_the_line_of_its_spec() {
    let world = World::new();
    world.generate(&[]).ok();
    let spec = world.read("bundle/deployment.yaml");
    let at = 1 + spec
        .lines()
        .position(|line| line.starts_with("region:"))
        .expect("a region");
    world.write("bundle/deployment.yaml", &spec.replace("region: eastus", "region: eastsu"));
    for verb in ["plan", "apply", "destroy", "output", "rehearse"] {
        let ran = world.run(&[verb, "bundle"]).refused();
        let line = format!("bundle/deployment.yaml, line {at}");
        assert!(ran.stderr.contains(&format!("{line}: `region`: `eastsu`")), "{verb}: {ran:#?}");
        assert!(
            ran.stderr
                .contains("bundle/deployment.yaml: did you mean `region: eastus`?"),
            "{verb}: {ran:#?}"
        );
    }
}

#[test]
fn help_explains_every_verb() {
    let world = World::new();
    let top = world.run(&["help"]).ok().stdout;
    assert_eq!(top, world.run(&["--help"]).ok().stdout);
    let verbs = top
        .split("Commands:\n")
        .nth(1)
        .expect("a list")
        .split("\n\n")
        .next()
        .expect("its end");
    let verbs: Vec<&str> = verbs
        .lines()
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.len() >= 10 && verbs.contains(&"help"), "{verbs:?}");
    for verb in &verbs {
        let helped = world.run(&["help", verb]).ok();
        assert_eq!(helped.stdout, world.run(&[verb, "--help"]).ok().stdout, "{verb}");
        assert_eq!(helped.stderr, "", "{verb}");
    }
    world
        .run(&["help", "aply"])
        .refused()
        .says("`aply` is not a verb; allowed: choices, plan, apply")
        .says("did you mean `remote-setup help apply`?");
    world
        .run(&["help", "nonsense"])
        .refused()
        .says("see the verbs with `remote-setup help`");
}

#[test]
fn one_is_not_many() {
    let world = World::new();
    world.generate(&[]).ok();
    std::fs::remove_file(world.path("bundle/doctor.sh")).expect("removed");
    let ran = world.generate(&[]).ok();
    assert!(ran.stderr.contains("(1 file new or changed)"), "{ran:#?}");
    assert_eq!(remote_setup::report::count(1, "file"), "1 file");
    assert_eq!(remote_setup::report::count(0, "file"), "0 files");
}

/// Every counted noun goes through `count`, so that no text says "1 files".
#[test]
fn no_text_puts_a_plural_behind_a_number_by_itself() {
    const NOUNS: &[&str] = &[
        "answers",
        "attempts",
        "changes",
        "characters",
        "days",
        "differences",
        "files",
        "hours",
        "ids",
        "keys",
        "lines",
        "machines",
        "minutes",
        "names",
        "networks",
        "resources",
        "rules",
        "seconds",
        "secrets",
        "steps",
        "tags",
        "times",
    ];
    // Bounds that are never one.
    let bounds = ["{most}", "{LIMIT}", "CONTENT_LIMIT"];
    let mut looked = 0;
    for folder in ["src", "templates"] {
        for path in crate::common::files_under(&root().join(folder)) {
            let text = std::fs::read_to_string(root().join(folder).join(&path)).expect("text");
            for (number, line) in text.lines().enumerate() {
                looked += 1;
                let at = NOUNS.iter().find(|noun| line.contains(&format!("}} {noun}")));
                let allowed = line.trim_start().starts_with("//")
                    || line.contains("count(")
                    || line.contains("to {} characters long")
                    || line.contains("more than {} characters")
                    || bounds.iter().any(|bound| line.contains(bound));
                assert!(at.is_none() || allowed, "{folder}/{path}, line {}: {line}", number + 1);
            }
        }
    }
    assert!(looked > 10_000, "only {looked} lines");
}
