//! `bootstrap.sh`: what it brings, and that damage or hostile text make it do nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use remote_setup::inputs::{Sources, Spec};
use remote_setup::render::{RenderedFile, compacted, render, sha256};

use crate::common::{Ran, World, file, passes, resolve, spec_on, tool, with_cloud_config, without_cloud_config};

const NAME: &str = "bootstrap.sh";
const LAST_LINE: &str = "{ bootstrap \"$@\"; }\n";

fn spec_without_user_data() -> Spec {
    Spec {
        bridge: Some("feishu".to_owned()),
        ..spec_on(without_cloud_config().next().expect("a cloud without user data"))
    }
}

/// What the machine needs, as the bundle has it beside the script, but for the comments.
fn host_files() -> Vec<RenderedFile> {
    let wanted = |path: &str| {
        let other = ["bootstrap.sh", "doctor.sh", "provision.sh"].contains(&path) || path.contains('/');
        !other
            && [".sh", ".service", ".nft", ".conf", ".env", "config.toml", "mcp.json"]
                .iter()
                .any(|ending| path.ends_with(ending))
    };
    let files = render(&resolve(&spec_without_user_data())).expect("renders");
    files
        .into_iter()
        .filter(|file| wanted(&file.path))
        .map(|file| RenderedFile {
            contents: compacted(&file.path, &file.contents),
            ..file
        })
        .collect()
}

fn run(shell: &str, script: &Path, arguments: &[&str], folder: &Path) -> Ran {
    Ran::of(
        Command::new(shell)
            .arg(script)
            .args(arguments)
            .env_clear()
            .current_dir(folder),
    )
}

#[test]
fn extracting_gives_exactly_the_neighbouring_files() {
    let world = World::new();
    let script = world.write(NAME, &file(&resolve(&spec_without_user_data()), NAME));
    let expected = host_files();
    assert!(expected.len() >= 11, "{expected:#?}");
    for shell in ["bash", "dash"] {
        let Some(shell) = tool(shell) else { continue };
        let shell = shell.to_str().expect("UTF-8");
        let folder = world.path("unpacked");
        run(shell, &script, &["--extract", "unpacked"], world.folder.path()).ok();
        let mut found: Vec<_> = crate::common::files_under(&folder);
        found.sort();
        let mut names: Vec<_> = expected.iter().map(|file| file.path.clone()).collect();
        names.sort();
        assert_eq!(found, names);
        let listed = run(shell, &script, &["--list"], world.folder.path()).ok().stdout;
        let hash = |file: &RenderedFile| format!("{}  {}", sha256(file.contents.as_bytes()), file.path);
        let mut hashes: Vec<_> = expected.iter().map(hash).collect();
        hashes.sort_by(|a, b| a[64..].cmp(&b[64..]));
        assert_eq!(listed.lines().collect::<Vec<_>>(), hashes);
        for file in &expected {
            let path = folder.join(&file.path);
            assert_eq!(fs::read_to_string(&path).expect("text"), file.contents, "{}", file.path);
            let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode, if file.executable { 0o755 } else { 0o644 }, "{}", file.path);
        }
        fs::remove_dir_all(&folder).expect("removed");
    }
}

/// Root runs these files next, so nobody else may replace one, whatever the caller's umask.
#[test]
fn what_it_writes_is_open_to_its_owner_alone() {
    let world = World::new();
    let script = world.write(NAME, &file(&resolve(&spec_without_user_data()), NAME));
    let folder = world.path("unpacked");
    passes(
        Command::new("sh")
            .args(["-c", "umask 0; sh \"$1\" --extract \"$2\"", "sh"])
            .arg(script)
            .arg(&folder),
    );
    let files = crate::common::files_under(&folder)
        .into_iter()
        .map(|path| folder.join(path));
    for path in files.chain([folder.clone()]) {
        let mode = fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o022, 0, "{}: {mode:o}", path.display());
    }
}

/// The way of `ssh … sudo bash -s`.
#[test]
fn it_can_come_by_standard_input() {
    let world = World::new();
    let script = world.write(NAME, &file(&resolve(&spec_without_user_data()), NAME));
    let ran = Ran::of(
        Command::new("bash")
            .args(["-s", "--", "--list"])
            .stdin(Stdio::from(fs::File::open(script).expect("opened"))),
    );
    assert!(ran.ok().stdout.contains("  install.sh\n"));
}

#[test]
fn half_of_it_does_nothing() {
    let world = World::new();
    let text = file(&resolve(&spec_without_user_data()), NAME);
    let last = text.len() - LAST_LINE.len();
    assert_eq!(&text[last..], LAST_LINE);
    // Around each of the first lines, within the archive, and everywhere in the last line.
    let mut cuts: Vec<usize> = text
        .match_indices('\n')
        .map(|(at, _)| at)
        .filter(|at| *at < last)
        .collect();
    cuts.extend((0..last).step_by(997));
    cuts.extend(last..text.len() - 1);
    assert!(cuts.len() > 90, "{}", cuts.len());
    let shells: Vec<_> = ["bash", "dash"].into_iter().filter_map(tool).collect();
    for (number, cut) in cuts.into_iter().enumerate() {
        let script = world.write("half.sh", &text[..cut]);
        let shell = shells[number % shells.len()].to_str().expect("UTF-8");
        let ran = run(shell, &script, &["--extract", "unpacked"], world.folder.path());
        assert!(!world.path("unpacked").exists(), "cut at {cut}: {ran:#?}");
        assert_eq!(ran.stdout, "", "cut at {cut}");
    }
    let script = world.write("whole.sh", &text);
    run("bash", &script, &["--extract", "unpacked"], world.folder.path()).ok();
    assert!(world.path("unpacked").exists());
}

/// Whatever a deployment says is packed; around it every script is the same.
#[test]
fn no_value_of_a_deployment_is_shell() {
    let around = |spec: &Spec| {
        let text = file(&resolve(spec), NAME);
        let (before, rest) = text.split_once("<<'PACKED.'\n").expect("packed files");
        let (packed, after) = rest.split_once("\nPACKED.\n").expect("an end");
        assert!(
            packed
                .chars()
                .all(|c| c == '\n' || (c.is_ascii_graphic() && !"\"',./:[\\]".contains(c))),
            "only base 85"
        );
        let before: Vec<_> = before
            .lines()
            .filter(|line| !line.contains(".hexdigest() != \""))
            .map(str::to_owned)
            .collect();
        (before, after.to_owned())
    };
    let hostile = Spec {
        tags: Some([("PACKED.".to_owned(), "PACKED.".to_owned())].into()),
        ssh_public_key: Some(format!("{} $(id) `id` ' \" \\ PACKED.", crate::common::KEY)),
        model: Some("PACKED.".to_owned()),
        workspace: Some("/srv/PACKED.".to_owned()),
        ..spec_without_user_data()
    };
    let plain = around(&spec_without_user_data());
    assert_eq!(around(&hostile), plain);
}

#[test]
fn the_same_deployment_gives_the_same_bytes() {
    let one = file(&resolve(&spec_without_user_data()), NAME);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(one, file(&resolve(&spec_without_user_data()), NAME));
}

/// The longest answers there are come on top of what every deployment has.
#[test]
fn the_largest_answers_fit() {
    let id = |number: usize| format!("ou_{}", &sha256(number.to_string().as_bytes())[..61]);
    let url = |path: &str| Some(format!("https://example.com/{}", path.repeat(270)));
    let length = |spec: &Spec| file(&resolve(spec), NAME).len();
    let largest = length(&Spec {
        allowlist: Some((0..100).map(id).collect()),
        model: Some("m".repeat(200)),
        workspace: Some(format!("/srv/{}", "w".repeat(190))),
        sources: Some(Sources {
            release_base_url: url("r"),
            git_url: url("g"),
            image: Some("i".repeat(200)),
            npm_registry: url("n"),
            apt_mirror: url("a"),
        }),
        ..spec_without_user_data()
    });
    assert!(largest > length(&spec_without_user_data()) + 4000, "{largest}");
    assert!(largest < 48 * 1024, "{largest}");
}

/// Installing is what cloud-init waits for, so that its status tells how that ended.
#[test]
fn user_data_brings_the_files_in_one_script_and_waits_for_it() {
    for cloud in with_cloud_config() {
        user_data_is_one_script_that_is_waited_for(&file(&resolve(&spec_on(cloud)), "cloud-init.yaml"));
    }
}

fn user_data_is_one_script_that_is_waited_for(text: &str) {
    assert_eq!(text.matches("\n- path: ").count(), 1, "{text}");
    assert!(
        text.contains("bootstrap.sh\n  - --foreground\n") || text.contains("- --foreground"),
        "{text}"
    );
    let mut packed: Vec<_> = crate::common::packed(text).into_iter().map(|(path, ..)| path).collect();
    packed.sort();
    for name in ["deliver.sh", "fetch-secrets.sh", "install.sh", "runtime.env"] {
        assert!(packed.iter().any(|path| path == name), "{name}: {packed:?}");
    }
}

/// Of a run that failed, the machine tells: whoever waits for the result would else wait for nothing.
#[test]
fn a_failure_is_left_as_the_result() {
    let world = World::new();
    let text = file(&resolve(&spec_without_user_data()), NAME);
    world.write(NAME, &crate::payload::damaged(&text));
    let setup = world.path("setup");
    let started = |shell: &Path| {
        let mut command = Command::new(shell);
        command
            .arg(NAME)
            .env("CODEWHALE_SETUP", &setup)
            .current_dir(world.folder.path());
        command
    };
    for shell in ["bash", "dash"].into_iter().filter_map(tool) {
        // What an earlier run left must not be taken for this one's.
        world.write("setup/result.json", "{\"schema_version\": 1, \"status\": \"ready\"}\n");
        let ran = Ran::of(&mut started(&shell));
        assert!(ran.code == 1 && ran.stderr.contains("damaged in transit"), "{ran:#?}");
        let told: serde_json::Value = serde_json::from_str(&world.read("setup/result.json")).expect("JSON");
        assert_eq!((&told["status"], &told["step"]), (&"failed".into(), &"bootstrap".into()), "{told}");
        assert_eq!(told["message"], "the host files did not arrive; the output of bootstrap.sh says why");
        assert!(
            world
                .read("setup/result.json")
                .starts_with("{\"schema_version\": 1, \"status\": \"failed\", \"step\": ")
        );

        // Ended from outside, while it waits for another run.
        world.write("setup/result.json", "{\"schema_version\": 1, \"status\": \"ready\"}\n");
        world.write(NAME, &text);
        let held = Command::new("flock")
            .args(["setup/bootstrap.lock", "sleep", "30"])
            .current_dir(world.folder.path())
            .process_group(0)
            .spawn();
        let mut held = held.expect("flock");
        std::thread::sleep(Duration::from_millis(300));
        let mut waiting = Command::new("timeout");
        waiting.args(["1", "env"]).arg(&shell).arg(NAME);
        waiting.env("CODEWHALE_SETUP", &setup).current_dir(world.folder.path());
        let ran = Ran::of(&mut waiting);
        passes(Command::new("kill").args(["--", &format!("-{}", held.id())]));
        let _ = held.wait();
        assert_eq!(ran.code, 124, "{ran:#?}");
        assert!(!setup.join("result.json").exists());
        world.write(NAME, &crate::payload::damaged(&text));
    }
    // Where nothing can be written, there is no result at all.
    fs::remove_dir_all(&setup).expect("removed");
    world.write("setup", "a file");
    let ran = Ran::of(&mut started(&tool("dash").expect("dash")));
    assert!(ran.code == 1 && ran.stderr.contains("File exists"), "{ran:#?}");
}
