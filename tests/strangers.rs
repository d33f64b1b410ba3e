//! Generating in a folder that somebody else prepared: nothing outside of it is touched.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::common::{MINIMAL, World};

/// Without the folder.
const FLAGS: &[&str] = MINIMAL.split_at(MINIMAL.len() - 1).0;

#[test]
fn a_stage_that_nobody_here_made_is_not_finished() {
    let world = World::new();
    world.generate(&[]).ok();
    world.write("victim/kept", "hers\n");
    world.write("bundle/.remote-setup-ready/main.tf", "# theirs\n");
    world.write("bundle/.remote-setup-ready/.remote-setup-removals", "../victim/kept\n");
    world.write("bundle/.remote-setup-removals", "../victim/kept\n");
    world.generate(&["--workers=5"]).ok();
    assert_eq!(world.read("victim/kept"), "hers\n");
    assert!(!world.read("bundle/main.tf").contains("theirs"));
}

#[test]
fn a_list_of_hashes_removes_only_what_this_program_writes() {
    let world = World::new();
    world.generate(&[]).ok();
    let hash = remote_setup::render::sha256(b"hers\n");
    world.write("victim/kept", "hers\n");
    world.write("bundle/notes.txt", "hers\n");
    world.write("bundle/terraform.tfstate", "hers\n");
    let outside = world.path("victim/kept");
    let names = [
        "../victim/kept",
        outside.to_str().expect("UTF-8"),
        "notes.txt",
        "terraform.tfstate",
        "secrets.env",
    ];
    let entries: String = names
        .iter()
        .map(|name| format!("\n    \"{name}\": \"{hash}\","))
        .collect();
    let list = world.read("bundle/bundle.lock.json");
    world.write(
        "bundle/bundle.lock.json",
        &list.replace("\"files\": {", &format!("\"files\": {{{entries}")),
    );
    let ran = world.generate(&["--workers=5"]).ok();
    assert!(!ran.stderr.contains("removed"), "{ran:#?}");
    for name in ["victim/kept", "bundle/notes.txt", "bundle/terraform.tfstate"] {
        assert_eq!(world.read(name), "hers\n", "{name}");
    }
    assert!(world.path("bundle/secrets.env").exists());
}

#[test]
fn nothing_is_written_through_a_link() {
    for (link, out) in [
        ("bundle/modules", "--out=bundle"),
        ("bundle/main.tf", "--out=bundle"),
        ("bundle/secrets.env", "--out=bundle"),
        ("bundle/.remote-setup-lock", "--out=bundle"),
        ("codewhale-deploy", ""),
        ("codewhale-deploy/azure-telegram", ""),
    ] {
        for force in [false, true] {
            let world = World::new();
            world.write("victim/kept", "hers\n");
            let path = world.path(link);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            let target = if link.ends_with("modules") || link.starts_with("codewhale") {
                "victim"
            } else {
                "victim/kept"
            };
            symlink(world.path(target), &path).expect("a link");
            let mut args = FLAGS.to_vec();
            args.extend(
                [out, if force { "--force" } else { "" }]
                    .iter()
                    .filter(|arg| !arg.is_empty()),
            );
            let ran = world.run(&args);
            assert!(ran.code == 1 || ran.code == 2, "{link}: {ran:#?}");
            assert!(ran.stderr.contains("symbolic link"), "{link}: {ran:#?}");
            assert_eq!(fs::read_dir(world.path("victim")).expect("a folder").count(), 1, "{link}");
            assert_eq!(world.read("victim/kept"), "hers\n", "{link}");
        }
    }
}

#[test]
fn a_folder_that_holds_another_deployment_is_refused_with_both_ways_out() {
    let world = World::new();
    world.run(FLAGS).ok();
    let first = "codewhale-deploy/azure-telegram";
    let before = world.read(&format!("{first}/deployment.yaml"));
    // A name of its own has a folder of its own.
    let named: Vec<&str> = FLAGS.iter().copied().chain(["--name=second"]).collect();
    world.run(&named).ok();
    let second = world.read("codewhale-deploy/second/deployment.yaml");
    let id = |spec: &str| spec.lines().find(|line| line.starts_with("id:")).map(str::to_owned);
    assert_ne!(id(&before), id(&second), "both have one id");

    for more in [
        &["--name=second", "--out=codewhale-deploy/azure-telegram"][..],
        &["--cloud=lighthouse", "--out=codewhale-deploy/azure-telegram"],
        &["--name=third", "--out=codewhale-deploy/second"],
    ] {
        let flags: Vec<&str> = FLAGS
            .iter()
            .copied()
            .filter(|flag| !(more[0].starts_with("--cloud") && flag.starts_with("--cloud")))
            .chain(more.iter().copied())
            .collect();
        let ran = world.run(&flags).refused();
        assert!(ran.stderr.contains("holds another deployment"), "{ran:#?}");
        assert!(ran.stderr.contains("--out ./codewhale-deploy/"), "{ran:#?}");
        assert!(ran.stderr.contains("--spec codewhale-deploy/"), "{ran:#?}");
    }
    assert_eq!(world.read(&format!("{first}/deployment.yaml")), before);
}

#[test]
fn generating_again_keeps_who_may_talk_to_it() {
    let world = World::new();
    world.generate(&["--allowlist=12345"]).ok();
    world.generate(&["--workers=5"]).ok();
    assert!(world.read("bundle/deployment.yaml").contains("12345"));
    world.generate(&["--allowlist="]).ok();
    assert!(!world.read("bundle/deployment.yaml").contains("12345"));
}

#[test]
fn inside_a_bundle_that_bundle_is_meant() {
    let world = World::new();
    world.generate(&["--allowlist=12345", "--name=mine"]).ok();
    let mut command = world.command();
    command
        .current_dir(world.path("bundle"))
        .args(["--workers=5", "--non-interactive"]);
    crate::common::Ran::of(&mut command).ok();
    let spec = world.read("bundle/deployment.yaml");
    for line in ["workers: 5", "name: mine", "12345"] {
        assert!(spec.contains(line), "`{line}`: {spec}");
    }
    assert!(!world.path("bundle/codewhale-deploy").exists(), "a bundle inside a bundle");
}

#[test]
fn runs_at_once_leave_one_whole_bundle() {
    for _ in 0..8 {
        let world = World::new();
        let children: Vec<_> = ["--workers=1", "--workers=4", "--workers=8"]
            .iter()
            .map(|workers| {
                world
                    .command()
                    .args(MINIMAL)
                    .arg(workers)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("the program starts")
            })
            .collect();
        let codes: Vec<_> = children
            .into_iter()
            .map(|mut child| child.wait().expect("an end").code())
            .collect();
        assert!(codes.contains(&Some(0)), "{codes:?}");
        // One that came late was refused, and changed nothing.
        assert!(codes.iter().all(|code| [Some(0), Some(1), Some(2)].contains(code)), "{codes:?}");
        world.run(&["--spec=bundle/deployment.yaml", "--check"]).ok();
    }
}
