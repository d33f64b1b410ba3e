//! `store-secrets.sh` and `load-secrets.sh` as the machine runs them, in folders of the test.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Stdio};

use remote_setup::inputs::Spec;

use crate::common::{Ran, World, file, resolve, spec_on, spec_with, tool, without_vault};

const VALUES: &[(&str, &str)] = &[
    ("OPENROUTER_API_KEY", "MARKED-key"),
    ("FEISHU_APP_ID", "MARKED-app"),
    ("CODEWHALE_RUNTIME_TOKEN", "MARKED-runtime"),
    ("FEISHU_APP_SECRET", "MARKED-app=="),
];

const FILES: [&str; 3] = [
    "etc/broker.secrets.env",
    "etc/feishu.secrets.env",
    "etc/runtime.secrets.env",
];

/// What whoever pushes sends.
fn push(values: &[(&str, &str)]) -> String {
    let mut text = "CODEWHALE-SECRETS 1\n".to_owned();
    for (name, value) in values {
        text.push_str(&format!("{name}={value}\n"));
    }
    text.push_str(&format!("END {}\n", values.len()));
    text
}

fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let changed = VALUES
        .iter()
        .map(|&(known, old)| (known, if known == name { value } else { old }));
    changed.collect()
}

/// A machine with both scripts, recorders in front of the programs they start, and a stand-in for
/// systemd.
fn machine() -> World {
    let world = World::new();
    let deployment = resolve(&Spec {
        bridge: Some("feishu".to_owned()),
        ..spec_on(without_vault().next().expect("a cloud without a vault"))
    });
    for script in ["store-secrets.sh", "load-secrets.sh"] {
        world.write(script, &file(&deployment, script));
    }
    for program in ["cmp", "flock", "grep", "install", "mv", "rm", "stat", "sync", "touch"] {
        let real = tool(program).expect("on every machine");
        recorder(&world, program, &format!("exec '{}' \"$@\"", real.display()));
    }
    recorder(&world, "systemctl", "exit \"${SYSTEMCTL_EXIT:-0}\"");
    recorder(&world, "systemd-run", "exit \"${SYSTEMD_RUN_EXIT:-0}\"");
    world
}

fn recorder(world: &World, program: &str, then: &str) {
    let log = world.path("argv.log");
    let script = format!("#!/bin/sh\necho {program} \"$@\" >>'{}'\n{then}\n", log.display());
    let path = world.write(&format!("recorders/{program}"), &script);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
}

fn command(world: &World, program: &str) -> Command {
    let path = std::env::var("PATH").expect("PATH");
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", format!("{}:{path}", world.path("recorders").display()))
        .env("CODEWHALE_ETC", world.path("etc"))
        .env("CODEWHALE_SETUP", world.path("setup"))
        .env("CODEWHALE_INPUT_PATIENCE", "1")
        .env("RUNTIME_DIRECTORY", world.path("run"))
        .current_dir(world.folder.path());
    command
}

/// Runs a command with this on its standard input; nothing secret may show.
fn fed(world: &World, command: &mut Command, input: &[u8]) -> Ran {
    fs::write(world.path("input"), input).expect("written");
    let input = fs::File::open(world.path("input")).expect("opened");
    let ran = Ran::of(command.stdin(Stdio::from(input)));
    fs::remove_file(world.path("input")).expect("removed");
    assert!(!ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"), "{ran:#?}");
    let argv = fs::read_to_string(world.path("argv.log")).unwrap_or_default();
    assert!(!argv.contains("MARKED"), "a secret is an argument:\n{argv}");
    ran
}

fn store(world: &World, input: &[u8]) -> Ran {
    fed(world, command(world, "bash").arg("store-secrets.sh"), input)
}

/// Stores them, and has the installer end well.
fn stored(world: &World) {
    assert!(
        store(world, push(VALUES).as_bytes())
            .ok()
            .stdout
            .ends_with("\nstored\n")
    );
    assert_eq!(installations(world), 1);
    fs::remove_file(world.path("setup/pending/codewhale-secrets.service")).expect("marked");
    fs::remove_file(world.path("setup/again")).expect("asked for");
    world.write("setup/result.json", "{\"schema_version\": 1, \"status\": \"ready\"}\n");
}

/// How often one was started, since this was asked last.
fn installations(world: &World) -> usize {
    let argv = world.read("argv.log");
    let bundle = format!(" bash {}/bundle/install.sh", world.path("setup").display());
    let started: Vec<_> = argv.lines().filter(|line| line.starts_with("systemd-run ")).collect();
    assert!(started.iter().all(|line| line.ends_with(&bundle)), "{argv}");
    fs::remove_file(world.path("argv.log")).expect("removed");
    started.len()
}

/// Text, mode and identity of the files, and that nothing lies beside them.
fn secrets(world: &World) -> Vec<(String, u32, u64)> {
    let mut there = crate::common::files_under(&world.path("etc"));
    there.sort();
    assert_eq!(there, ["broker.secrets.env", "feishu.secrets.env", "runtime.secrets.env"]);
    FILES
        .iter()
        .map(|path| {
            let about = fs::metadata(world.path(path)).expect("there");
            (world.read(path), about.mode() & 0o777, about.ino())
        })
        .collect()
}

#[test]
fn each_service_gets_its_own_secrets() {
    let world = machine();
    world.write("setup/result.json", "{\"status\": \"waiting\"}\n");
    let ran = store(&world, push(VALUES).as_bytes()).ok();
    assert!(ran.stdout.ends_with("\nstored\n"), "{ran:#?}");
    let files = secrets(&world);
    assert_eq!(files[0].0, "OPENROUTER_API_KEY=MARKED-key\n");
    assert_eq!(files[2].0, "CODEWHALE_RUNTIME_TOKEN=MARKED-runtime\n");
    assert_eq!(
        files[1].0,
        "CODEWHALE_RUNTIME_TOKEN=MARKED-runtime\nFEISHU_APP_ID=MARKED-app\nFEISHU_APP_SECRET=MARKED-app==\n"
    );
    assert!(files.iter().all(|file| file.1 == 0o600));
    assert_eq!(installations(&world), 1);
    // So that nobody takes the result of before for the one of these.
    assert!(!world.path("setup/result.json").exists());
    assert!(world.path("setup/again").exists());
    assert!(world.path("setup/pending/codewhale-secrets.service").exists());
}

#[test]
fn what_is_there_already_is_left_alone() {
    let world = machine();
    stored(&world);
    let before = secrets(&world);
    let again = || {
        let ran = store(&world, push(VALUES).as_bytes()).ok();
        assert!(ran.stdout.ends_with("\nunchanged\n"), "{ran:#?}");
        assert_eq!(secrets(&world), before);
        installations(&world)
    };
    assert_eq!(again(), 0, "all is well: nothing to do");
    assert!(!world.path("setup/pending/codewhale-secrets.service").exists());
    // A push that was cut after it stored them, and a run that failed, are made up for.
    world.write("setup/pending/codewhale-secrets.service", "");
    assert_eq!(again(), 1, "the services have not got them yet");
    fs::remove_file(world.path("setup/pending/codewhale-secrets.service")).expect("removed");
    world.write("setup/result.json", "{\"status\": \"failed\"}\n");
    assert_eq!(again(), 1, "the last run failed");
    assert_eq!(again(), 1, "there is no result");
}

#[test]
fn a_loose_mode_is_put_right() {
    let world = machine();
    stored(&world);
    fs::set_permissions(world.path(FILES[0]), fs::Permissions::from_mode(0o644)).expect("mode");
    let ran = store(&world, push(VALUES).as_bytes()).ok();
    assert!(ran.stdout.ends_with("\nstored\n"), "{ran:#?}");
    assert_eq!(secrets(&world)[0].1, 0o600);
}

#[test]
fn what_cannot_be_used_changes_nothing() {
    let good = push(VALUES);
    let without = |name: &str| {
        push(
            &VALUES
                .iter()
                .copied()
                .filter(|(known, _)| *known != name)
                .collect::<Vec<_>>(),
        )
    };
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (vec![], "does not begin with"),
        (good.replace("SECRETS 1", "SECRETS 2").into(), "does not begin with"),
        (good.replace('\n', "\r\n").into(), "does not begin with"),
        (good.replace("=MARKED-key", "").into(), "line 2 is not NAME=value"),
        (good.replace("OPENROUTER_", "MARKED_").into(), "line 2 names no secret"),
        (without("FEISHU_APP_ID").into(), "secret `FEISHU_APP_ID` is missing"),
        (push(&[]).into(), "is missing"),
        (good.replace("END 4", "END 3").into(), "names 3 secrets at its end, but holds 4"),
        (good.replace("END 4", "END 4 MARKED").into(), "line 6 is not NAME=value"),
        (format!("{good}MARKED=1\n").into(), "line 7 comes after the end"),
        (
            push(&[VALUES, &[("FEISHU_APP_ID", "MARKED-2")]].concat()).into(),
            "`FEISHU_APP_ID` appears twice",
        ),
        (push(&with("FEISHU_APP_ID", "")).into(), "secret `FEISHU_APP_ID` is empty"),
        (push(&with("FEISHU_APP_ID", "MARKED 2")).into(), "`FEISHU_APP_ID` holds a space"),
        (
            push(&with("FEISHU_APP_ID", "MARKED\"2")).into(),
            "`FEISHU_APP_ID` holds a space, quote",
        ),
        (push(&with("FEISHU_APP_ID", "MARKED\\2")).into(), "holds a space, quote, backslash"),
        (push(&with("FEISHU_APP_ID", "MARKED鲸")).into(), "outside ASCII"),
        (
            push(&with("FEISHU_APP_ID", "remote-setup-placeholder")).into(),
            "still holds a placeholder",
        ),
        (good.replace("-key", "-k\0y").into(), "a zero byte"),
        (format!("{good}{}", "x".repeat(70_000)).into(), "longer than 65536 bytes"),
    ];
    let world = machine();
    stored(&world);
    let before = secrets(&world);
    for (input, said) in cases {
        let ran = store(&world, &input);
        refused(&ran, said);
        assert_eq!(secrets(&world), before, "{said}");
    }
    assert!(world.path("setup/result.json").exists());
    assert_eq!(installations(&world), 0);
}

fn refused(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 1, "{said}: {ran:#?}");
    let last = ran.stderr.lines().last().unwrap_or_default();
    assert!(last.starts_with("Error: ") && last.contains(said), "`{said}`: {ran:#?}");
    assert!(last.ends_with("; the previous secrets are untouched"), "{ran:#?}");
    assert_eq!(ran.stdout, "", "{said}");
}

#[test]
fn a_cut_connection_changes_nothing() {
    let world = machine();
    stored(&world);
    let before = secrets(&world);
    let changed = push(&with("FEISHU_APP_SECRET", "MARKED-other"));
    // The number at the end counts, not the line break behind it.
    for length in (0..changed.len() - 1).rev().step_by(5).chain([changed.len() - 2]) {
        let ran = store(&world, &changed.as_bytes()[..length]);
        assert_eq!(ran.code, 1, "cut at {length}: {ran:#?}");
        assert_eq!(secrets(&world), before, "cut at {length}");
    }
    assert_eq!(installations(&world), 0);
    assert!(store(&world, changed.as_bytes()).ok().stdout.ends_with("stored\n"));
    assert_ne!(secrets(&world)[1], before[1]);
}

#[test]
fn an_input_that_stalls_is_not_waited_for() {
    let world = machine();
    stored(&world);
    let before = secrets(&world);
    let script = "{ printf 'CODEWHALE-SECRETS 1\\nFEISHU'; sleep 5; } | bash store-secrets.sh";
    let ran = Ran::of(command(&world, "bash").args(["-c", script]));
    refused(&ran, "the input did not end within 1 s");
    assert_eq!(secrets(&world), before);
}

/// A limit on the size of files stands for a disk that has this much left.
#[test]
fn a_full_disk_changes_nothing() {
    let world = machine();
    stored(&world);
    // No recorders: they write as well.
    fs::remove_dir_all(world.path("recorders")).expect("removed");
    let before = secrets(&world);
    let long: &'static str = "x".repeat(5000).leak();
    // In blocks of 1024 bytes. The other values would fit behind the one that does not.
    for (blocks, values) in [
        (0, with("FEISHU_APP_SECRET", "MARKED-2")),
        (1, with("OPENROUTER_API_KEY", long)),
    ] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec bash store-secrets.sh");
        let ran = fed(&world, command(&world, "bash").args(["-c", &script]), push(&values).as_bytes());
        refused(&ran, "is the disk full?");
        assert_eq!(secrets(&world), before, "{blocks}");
    }
}

#[test]
fn an_installation_that_does_not_start_is_said() {
    let world = machine();
    let ran = fed(
        &world,
        command(&world, "bash")
            .arg("store-secrets.sh")
            .env("SYSTEMD_RUN_EXIT", "1"),
        push(VALUES).as_bytes(),
    );
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("Error: the secrets are stored, but"), "{ran:#?}");
    // The next push makes up for it.
    assert!(
        store(&world, push(VALUES).as_bytes())
            .ok()
            .stdout
            .ends_with("unchanged\n")
    );
    assert_eq!(installations(&world), 2);
}

fn load(world: &World, arguments: &[&str]) -> Ran {
    fed(world, command(world, "bash").arg("load-secrets.sh").args(arguments), b"")
}

#[test]
fn the_services_get_what_was_stored() {
    let world = machine();
    stored(&world);
    load(&world, &["--check"]).ok();
    assert!(!world.path("run").exists(), "a look changes nothing");
    let ran = load(&world, &[]).ok();
    assert!(ran.stdout.contains("secret FEISHU_APP_SECRET: loaded\n"), "{ran:#?}");
    for path in FILES {
        let loaded = path.replace("etc/", "run/");
        assert_eq!(world.read(&loaded), world.read(path));
        let mode = fs::metadata(world.path(&loaded)).expect("there").mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
    assert_eq!(world.read("run/runtime.legacy.env"), "");
}

/// A new key cuts nobody off: only the broker takes it, by a reload.
#[test]
fn only_who_has_an_older_value_is_told() {
    let told = |world: &World, values: &[(&str, &str)]| {
        store(world, push(values).as_bytes()).ok();
        let _ = fs::remove_file(world.path("argv.log"));
        load(world, &[]).ok();
        let argv = world.read("argv.log");
        let told: Vec<String> = argv
            .lines()
            .filter_map(|line| line.strip_prefix("systemctl --no-block ").map(str::to_owned))
            .collect();
        told
    };
    let reload = "try-reload-or-restart codewhale-broker.service";
    let runtime = "try-restart codewhale-runtime.service";
    let bridge = "try-restart codewhale-feishu-bridge.service";
    let world = machine();
    assert_eq!(told(&world, VALUES), [reload, runtime, bridge]);
    assert_eq!(told(&world, VALUES), [""; 0]);
    assert_eq!(told(&world, &with("OPENROUTER_API_KEY", "MARKED-2")), [reload]);
    assert_eq!(told(&world, VALUES), [reload]);
    assert_eq!(told(&world, &with("FEISHU_APP_SECRET", "MARKED-2")), [bridge]);
    assert_eq!(told(&world, VALUES), [bridge]);
    assert_eq!(told(&world, &with("CODEWHALE_RUNTIME_TOKEN", "MARKED-2")), [runtime, bridge]);
}

/// Whoever could not be told is told the next time, although nothing has changed since.
#[test]
fn a_service_that_was_not_told_is_told_later() {
    let world = machine();
    stored(&world);
    load(&world, &[]).ok();
    store(&world, push(&with("OPENROUTER_API_KEY", "MARKED-2")).as_bytes()).ok();
    let ran = fed(
        &world,
        command(&world, "bash")
            .arg("load-secrets.sh")
            .env("SYSTEMCTL_EXIT", "1"),
        b"",
    );
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("Error: the broker still has an older secret"), "{ran:#?}");
    fs::remove_file(world.path("argv.log")).expect("removed");
    load(&world, &[]).ok();
    let argv = world.read("argv.log");
    assert!(argv.contains("try-reload-or-restart codewhale-broker.service\n"), "{argv}");
    assert!(!argv.contains("try-restart"), "{argv}");
}

/// Another provider, which needs no key: what the broker had is gone.
#[test]
fn a_key_that_is_not_needed_any_more_does_not_stay() {
    let world = machine();
    let values = &VALUES[1..];
    let deployment = resolve(&Spec {
        cloud: without_vault().next().map(|cloud| cloud.slug.to_owned()),
        bridge: Some("feishu".to_owned()),
        ..spec_with("ollama")
    });
    for script in ["store-secrets.sh", "load-secrets.sh"] {
        world.write(script, &file(&deployment, script));
    }
    world.write("run/broker.secrets.env", "OPENROUTER_API_KEY=MARKED-key\n");
    store(&world, push(values).as_bytes()).ok();
    load(&world, &[]).ok();
    assert!(!world.path("run/broker.secrets.env").exists());
    assert!(!world.path("etc/broker.secrets.env").exists());
}

/// The agent reads what its runtime was started with; only settings may come from an older installation.
#[test]
fn settings_of_an_older_installation_come_without_its_secrets() {
    let world = machine();
    stored(&world);
    world.write(
        "legacy/runtime.env",
        "DEEPSEEK_API_KEY=MARKED-old\nA=1\nDEEPSEEK_RUNTIME_TOKEN=\"MARKED-old\"\nB=\"x y\"\n",
    );
    let mut command = command(&world, "bash");
    command
        .arg("load-secrets.sh")
        .env("CODEWHALE_LEGACY_DIR", world.path("legacy"));
    fed(&world, &mut command, b"").ok();
    assert_eq!(world.read("run/runtime.legacy.env"), "A=1\nB=x y\n");
}

/// Somebody may write these files by hand.
#[test]
fn what_is_not_complete_is_not_loaded() {
    let edit = |path: &'static str, from: &'static str, to: &'static str| {
        move |world: &World| {
            let text = world.read(path);
            assert!(text.contains(from), "{text}");
            world.write(path, &text.replace(from, to));
        }
    };
    type Change<'a> = &'a dyn Fn(&World);
    let cases: [(Change, &str); 7] = [
        (
            &|world: &World| fs::remove_file(world.path(FILES[1])).expect("removed"),
            "the secrets have not arrived: there is no ",
        ),
        (&edit(FILES[1], "FEISHU_APP_ID=", "#"), "secret `FEISHU_APP_ID` has not arrived"),
        (&edit(FILES[1], "=MARKED-app==", "="), "secret `FEISHU_APP_SECRET` is empty"),
        (&edit(FILES[1], "=MARKED-app==", "=\"MARKED\""), "holds a space, quote"),
        (
            &edit(FILES[1], "MARKED-runtime", "MARKED-other"),
            "secret `CODEWHALE_RUNTIME_TOKEN` has two values",
        ),
        (&edit(FILES[0], "OPENROUTER", "export OPENROUTER"), "a line that is not NAME=value"),
        (
            &|world: &World| fs::remove_file(world.path(FILES[0])).expect("removed"),
            "the secrets have not arrived: there is no ",
        ),
    ];
    for (change, said) in cases {
        let world = machine();
        stored(&world);
        world.write("run/runtime.secrets.env", "OLD=1\n");
        change(&world);
        for arguments in [["--check"].as_slice(), &[]] {
            let ran = load(&world, arguments);
            assert_eq!(ran.code, 1, "{said}: {ran:#?}");
            assert!(ran.stderr.starts_with("Error: ") && ran.stderr.contains(said), "`{said}`: {ran:#?}");
        }
        // For install.sh, and whoever looks.
        assert!(world.read("run/fetch-error").contains(said));
        assert_eq!(world.read("run/runtime.secrets.env"), "OLD=1\n");
    }
    // What the deployment has no use for does no harm, nor does a remark.
    let world = machine();
    stored(&world);
    edit(FILES[0], "OPENROUTER", "# by hand\nOLD_KEY=MARKED\n\nOPENROUTER")(&world);
    load(&world, &[]).ok();
    assert!(!world.read("run/broker.secrets.env").contains("OLD_KEY"));
}
