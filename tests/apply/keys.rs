//! The private half of the deployment's key, as it is named with `--ssh-key`.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{SECRETS, Stage};
use crate::common::{MINIMAL, World, passes, tool};

/// A pair of this kind; gives the private half.
fn pair(folder: &Path, name: &str, options: &[&str]) -> Option<PathBuf> {
    let path = folder.join(name);
    passes(
        Command::new(tool("ssh-keygen")?)
            .args(["-q", "-f"])
            .arg(&path)
            .args(options),
    );
    Some(path)
}

/// An applied machine on Azure whose key is a file that `ssh` does not try by itself.
fn stage(options: &[&str]) -> Option<(Stage, String)> {
    let world = World::new();
    let key = pair(world.folder.path(), "work key", options)?;
    let public = std::fs::read_to_string(key.with_extension("pub")).expect("a key");
    let flags: Vec<&str> = MINIMAL
        .iter()
        .map(|arg| if arg.starts_with("ssh-") { public.trim() } else { arg })
        .collect();
    world.run(&flags).ok();
    let stage = Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new())?;
    Some((stage, key.to_str().expect("UTF-8").to_owned()))
}

#[test]
fn the_machine_is_asked_with_the_key_that_was_named() {
    let Some((stage, key)) = stage(&["-t", "ed25519", "-N", "a passphrase"]) else {
        return;
    };
    let ran = stage.run(&["apply", "bundle", "--yes", "--ssh-key", "work key"]).ok();
    let log_in = format!("-o IdentitiesOnly=yes -i {key} -- azureuser@");
    assert!(stage.calls().contains(&log_in), "{}", stage.calls());
    // What is shown is what happens.
    assert!(ran.stderr.contains(&format!("-i '{key}' -- ")), "{ran:#?}");
    let ran = stage.run(&["output", "bundle", "--ssh-key", "work key"]).ok();
    assert!(ran.stdout.contains(&format!("ssh -i '{key}' azureuser@")), "{ran:#?}");
    assert!(ran.stdout.contains(&format!("ssh -i '{key}' -N -L 7878:")), "{ran:#?}");
    let ran = stage.run(&["output", "bundle"]).ok();
    assert!(ran.stdout.contains(" ssh azureuser@") && !ran.stdout.contains("ssh -i"), "{ran:#?}");
}

/// Nobody has to name it where its public half lies beside it in `~/.ssh`.
#[test]
fn the_key_is_found_beside_its_public_half() {
    let Some((stage, key)) = stage(&["-t", "ed25519", "-N", ""]) else {
        return;
    };
    std::fs::create_dir(stage.world.path(".ssh")).expect("a folder");
    for name in ["work", "work.pub"] {
        let from = key.clone() + name.trim_start_matches("work");
        std::fs::copy(from, stage.world.path(&format!(".ssh/{name}"))).expect("copied");
    }
    let found = stage.world.path(".ssh/work");
    stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(
        stage.calls().contains(&format!("-i {} -- azureuser@", found.display())),
        "{}",
        stage.calls()
    );
    let ran = stage.run(&["output", "bundle", "--json"]).ok();
    assert!(ran.stdout.contains(&format!("\"ssh -i {} azureuser@", found.display())), "{ran:#?}");
}

#[test]
fn a_key_that_is_not_the_deployments_is_refused() {
    let Some((stage, _)) = stage(&["-t", "ed25519", "-N", ""]) else {
        return;
    };
    pair(stage.world.folder.path(), "other", &["-t", "ed25519", "-N", ""]);
    stage.world.write("text", "no key\n");
    for (named, wrong) in [
        ("nowhere", "`nowhere` is not a readable file"),
        ("other", "`other` is not the deployment's key"),
        ("work key.pub", "`work key.pub` is the public half of a key"),
        ("text", "`text` is not an OpenSSH private key, and has no `.pub` file next to it"),
    ] {
        for verb in [
            &["apply", "bundle", "--yes"][..],
            &["plan", "bundle"],
            &["output", "bundle"],
        ] {
            let ran = stage.run(&[verb, &["--ssh-key", named]].concat()).refused();
            assert!(ran.stderr.contains(&format!("--ssh-key: {wrong}")), "{ran:#?}");
            assert!(!stage.calls().contains("terraform plan"), "{}", stage.calls());
        }
    }
}

/// Such a file tells nothing without its passphrase, so the public half beside it counts.
#[test]
fn a_key_of_an_older_format_is_taken() {
    let Some((stage, _)) = stage(&["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "a passphrase"]) else {
        return;
    };
    stage.run(&["plan", "bundle", "--ssh-key", "work key"]).ok();
    std::fs::remove_file(stage.world.path("work key.pub")).expect("removed");
    let ran = stage.run(&["plan", "bundle", "--ssh-key", "work key"]).refused();
    assert!(
        ran.stderr
            .contains("is not an OpenSSH private key, and has no `.pub` file next to it"),
        "{ran:#?}"
    );
}
