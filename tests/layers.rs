//! Flags > spec file > environment > preferences > defaults, and what a YAML file may say.

use remote_setup::inputs::Spec;

use crate::common::{KEY, MINIMAL, Ran, World};

fn spec_of(world: &World) -> Spec {
    serde_yaml::from_str(&world.read("bundle/deployment.yaml")).expect("a spec")
}

fn model_of(world: &World) -> Option<String> {
    spec_of(world).model
}

#[test]
fn the_model_comes_from_the_highest_layer_that_names_one() {
    let with = |flag: bool, file: bool, new: bool, old: bool, preference: bool| {
        let world = World::new();
        if preference {
            world.write(".config/codewhale/remote-setup.yaml", "models:\n  openrouter: from/preferences\n");
        }
        let mut command = world.command();
        command.args(MINIMAL);
        if file {
            world.write("answers.yaml", "model: from/file\n");
            command.arg("--spec=answers.yaml");
        }
        if new {
            command.env("CODEWHALE_MODEL", "from/environment");
        }
        if old {
            command.env("DEEPSEEK_MODEL", "from/old-environment");
        }
        if flag {
            command.arg("--model=from/flag");
        }
        Ran::of(&mut command).ok();
        model_of(&world).expect("a model")
    };
    assert_eq!(with(true, true, true, true, true), "from/flag");
    assert_eq!(with(false, true, true, true, true), "from/file");
    assert_eq!(with(false, false, true, true, true), "from/environment");
    assert_eq!(with(false, false, false, true, true), "from/old-environment");
    assert_eq!(with(false, false, false, false, true), "from/preferences");
    assert_eq!(with(false, false, false, false, false), "auto");
}

#[test]
fn preferences_of_another_provider_do_not_count() {
    let world = World::new();
    world.write(".config/codewhale/remote-setup.yaml", "models: {deepseek: deepseek-v4-pro}\n");
    world.generate(&[]).ok();
    assert_eq!(model_of(&world).as_deref(), Some("auto"));
}

#[test]
fn preferences_answer_what_is_always_the_same() {
    let world = World::new();
    world.write(
        "elsewhere/codewhale/remote-setup.yaml",
        &format!("cloud: azure\nbridge: feishu\nregion: westeurope\nssh_public_key: {KEY}\n"),
    );
    let mut command = world.command();
    command.env("XDG_CONFIG_HOME", world.path("elsewhere")).args([
        "--provider=openai",
        "--allow-ssh-from=none",
        "--out=bundle",
    ]);
    Ran::of(&mut command).ok();
    let spec = spec_of(&world);
    assert_eq!(spec.bridge.as_deref(), Some("feishu"));
    assert_eq!(spec.region.as_deref(), Some("westeurope"));
    assert_eq!(spec.ssh_public_key.as_deref(), Some(KEY));
}

#[test]
fn the_environment_can_answer_everything() {
    let world = World::new();
    let mut command = world.command();
    command
        .envs([
            ("CODEWHALE_CLOUD", "azure"),
            ("DEEPSEEK_BRIDGE", "telegram"),
            ("CODEWHALE_PROVIDER", "moonshot"),
            ("CODEWHALE_SSH_PUBLIC_KEY", KEY),
            ("CODEWHALE_ALLOW_SSH_FROM", "203.0.113.7/32,198.51.100.0/24"),
            ("CODEWHALE_RUNTIME_PORT", "9000"),
            ("CODEWHALE_CHAT_ALLOWLIST", "1, 2"),
        ])
        .arg("--out=bundle");
    Ran::of(&mut command).ok();
    let spec = spec_of(&world);
    assert_eq!(spec.provider.as_deref(), Some("moonshot"));
    assert_eq!(spec.port, Some(9000));
    assert_eq!(spec.allowlist, Some(vec!["1".to_owned(), "2".to_owned()]));
    assert_eq!(spec.allow_ssh_from.map(|list| list.len()), Some(2));
}

#[test]
fn a_bad_environment_value_is_named_by_its_variable() {
    let world = World::new();
    let mut command = world.command();
    command.args(MINIMAL).env("DEEPSEEK_RUNTIME_PORT", "eighty");
    Ran::of(&mut command).refused().says("`DEEPSEEK_RUNTIME_PORT`");
}

#[test]
fn regenerating_does_not_depend_on_the_environment() {
    let world = World::new();
    world.generate(&[]).ok();
    let before = world.read("bundle/bundle.lock.json");
    let mut command = world.command();
    command
        .env("CODEWHALE_MODEL", "other/model")
        .env("CODEWHALE_BASE_URL", "http://127.0.0.1:1")
        .env("CODEWHALE_REGION", "westus")
        .env("USER", "somebody")
        .args(["--spec=bundle/deployment.yaml"]);
    Ran::of(&mut command).ok();
    assert_eq!(world.read("bundle/bundle.lock.json"), before);
}

#[test]
fn unknown_keys_name_line_key_and_neighbour() {
    let world = World::new();
    world.write("answers.yaml", "cloud: azure\nbrigde: telegram\n");
    world
        .run(&["--spec=answers.yaml"])
        .refused()
        .says("answers.yaml, line 2: unknown key `brigde`")
        .says("did you mean `bridge`?");
    world.write("nested.yaml", "cloud: azure\nsources:\n  git_ulr: x\n");
    world
        .run(&["--spec=nested.yaml"])
        .refused()
        .says("line 3")
        .says("`git_url`");
    world.write(".config/codewhale/remote-setup.yaml", "# mine\n\nmodel: {}\n");
    world
        .generate(&[])
        .refused()
        .says("line 3: unknown key `model`")
        .says("did you mean `models`?");
}

#[test]
fn broken_yaml_is_refused_with_its_line() {
    let world = World::new();
    for (text, line) in [
        ("cloud: azure\nport: many\n", "line 2"),
        ("cloud: [azure\n", "line"),
        ("cloud: azure\ncloud: azure\n", "line 2"),
        ("- azure\n", "line 1"),
        ("allowlist: 5\n", "line 1"),
    ] {
        world.write("answers.yaml", text);
        let ran = world.run(&["--spec=answers.yaml"]).refused();
        assert!(ran.stderr.contains(line), "{text:?}: {}", ran.stderr);
    }
}

#[test]
fn a_newer_spec_is_refused() {
    let world = World::new();
    world.write("answers.yaml", "version: 2\n");
    world
        .generate(&["--spec=answers.yaml"])
        .refused()
        .says("answers.yaml, line 1: `version`: `2` is a format that this program does not read; allowed: 1");
}

#[test]
fn tags_are_merged_name_by_name() {
    let world = World::new();
    world.write("answers.yaml", "tags: {team: research, owner: platform}\n");
    world
        .generate(&["--spec=answers.yaml", "--tag=team=platform", "--tag=cost=42"])
        .ok();
    let tags = spec_of(&world).tags.expect("tags");
    assert_eq!(tags["team"], "platform");
    assert_eq!(tags["owner"], "platform");
    assert_eq!(tags["cost"], "42");
}
