//! The contents that a machine says it got, and what it takes when they are pinned.

use std::fs;
use std::process::Command;

use remote_setup::agents::Download;
use remote_setup::inputs::{Pins, Spec};
use remote_setup::render::sha256;
use remote_setup::tables::Architecture;
use serde_json::{Value, json};

use crate::bed::{Bed, Plan, mirrored};
use crate::checks::services;
use crate::common::{passes, resolve};
use crate::userland::userland;

/// Nothing in the world has these.
pub const OTHER_COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub const OTHER_HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Of the machines that are booted here.
fn binary() -> Download {
    Download::Binary(resolve(&mirrored()).architecture)
}

/// What the world serves as version 0.9.9, for a native installation.
pub fn released() -> Pins {
    let Some(userland) = userland() else {
        return Pins::default();
    };
    let mut pins = Pins {
        version: Some("0.9.9".to_owned()),
        ..Pins::default()
    };
    let asset = match binary() {
        Download::Binary(Architecture::Arm64) => "codewhale-linux-arm64",
        _ => "codewhale-linux-x64",
    };
    let asset = fs::read(userland.world.join("files/releases/v0.9.9").join(asset)).expect("a release");
    pins.set(binary(), sha256(&asset));
    let commit = passes(
        Command::new("git")
            .args(["-c", "safe.directory=*", "-C"])
            .arg(userland.world.join("git/codewhale.git"))
            .args(["rev-parse", "v0.9.9^{commit}"]),
    );
    pins.set(Download::Git, commit.trim().to_owned());
    pins
}

/// As the machine tells it.
pub fn told(pins: &Pins) -> Value {
    let known = Download::ALL
        .iter()
        .filter_map(|download| Some((download.key().to_owned(), json!(pins.get(*download)?))));
    Value::Object(known.collect())
}

pub fn pinned(spec: &Spec, pins: &Pins, change: Option<(Download, &str)>) -> Spec {
    let mut pins = pins.clone();
    if let Some((download, pin)) = change {
        pins.set(download, pin.to_owned());
    }
    Spec {
        pins: Some(pins),
        ..spec.clone()
    }
}

#[test]
fn what_a_machine_got_is_told_and_then_held() {
    let spec = mirrored();
    let Some(bed) = Bed::boot(Plan::new("telegram, native, pins", &spec)) else {
        return;
    };
    let released = released();
    assert_eq!(bed.ready()["got"], told(&released));
    bed.run("cloud-init status --wait");
    let (ran, result) = bed.install_again();
    assert_eq!(result["got"], told(&released), "what was there already counts too: {ran:#?}");

    let up = services(&bed);
    for (download, other, step) in [
        (binary(), OTHER_HASH, "runtime"),
        (Download::Git, OTHER_COMMIT, "bridge"),
    ] {
        bed.copy_over(&resolve(&pinned(&spec, &released, Some((download, other)))));
        let (ran, result) = bed.install_again();
        assert_eq!((ran.code, &result["status"]), (1, &"failed".into()), "{ran:#?}");
        assert_eq!(result["step"], step, "{result:#}");
        let message = result["message"].as_str().expect("a message");
        let got = released.get(download).expect("a pin");
        for said in [got, other, "pins", "nothing was installed"] {
            assert!(message.contains(said), "`{said}` is not in: {message}");
        }
        assert_eq!(services(&bed), up, "what ran goes on");
        let bridges = bed.run("ls /opt/codewhale/versions/*.partial/bridges/*").stdout;
        assert_eq!(bridges, "", "no file of what was refused is there");
    }

    // With the right ones nothing has to be fetched, or started anew.
    let fetched = bed.world.records("mirror").len();
    bed.copy_over(&resolve(&pinned(&spec, &released, None)));
    let (ran, result) = bed.install_again();
    assert_eq!((&result["status"], &result["got"]), (&"ready".into(), &told(&released)), "{ran:#?}");
    assert_eq!(services(&bed), up);
    assert_eq!(bed.world.records("mirror").len(), fetched);
}
