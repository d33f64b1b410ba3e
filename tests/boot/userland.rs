//! What machines boot from and what the outside serves: made by two scripts, kept until their recipe changes.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use remote_setup::render::sha256;

use crate::common::{files_under, passes, root, skip, tool};

pub struct Userland {
    pub roots: PathBuf,
    pub world: PathBuf,
}

/// What a machine has before `install.sh` runs.
#[derive(Clone, Copy)]
pub enum Image {
    /// What a cloud's stock image has; the rest is installed from the outside.
    Stock,
    /// Everything that would be installed is there, which saves a test about something else that time.
    Ready,
}

static MADE: LazyLock<Option<Userland>> = LazyLock::new(make);

/// Nothing where machines cannot be booted, after saying so.
pub fn userland() -> Option<&'static Userland> {
    MADE.as_ref()
}

fn make() -> Option<Userland> {
    if !is_root() {
        skip("boot: machines are booted by root only; `sudo bash tests/run.sh` boots them");
        return None;
    }
    let needed = [
        "systemd-nspawn",
        "mmdebstrap",
        "dpkg-scanpackages",
        "openssl",
        "unshare",
        "nsenter",
        "setpriv",
        "git",
        "npm",
        "node",
    ];
    // All of them are named, not only the first that is missing.
    if needed.map(|name| tool(name).is_some()).contains(&false) {
        return None;
    }
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !system.lines().any(|line| line == "ID=debian") && std::env::var_os("DEBIAN_MIRROR").is_none() {
        skip("boot: machines are made from Debian packages; set DEBIAN_MIRROR to a mirror of them");
        return None;
    }
    let folder = root().join("tests/boot");
    let kept = root().join("target/boot");
    fs::create_dir_all(&kept).expect("a folder");
    let recipe = fs::read(folder.join("userland.sh")).expect("userland.sh");
    let roots = kept.join(format!("userland-{}", short(&recipe)));
    made(&roots, &folder.join("userland.sh"), &[]);

    let mut parts = files_under(&folder.join("world/integrations"));
    parts.sort();
    let mut recipe = recipe;
    for part in parts.iter().map(|part| format!("world/integrations/{part}")) {
        recipe.extend(fs::read(folder.join(part)).expect("a part"));
    }
    for part in ["world/runtime.py", "world/look-around.sh", "world.sh"] {
        recipe.extend(fs::read(folder.join(part)).expect("a part"));
    }
    let world = kept.join(format!("world-{}", short(&recipe)));
    made(&world, &folder.join("world.sh"), &[roots.as_os_str()]);
    remove_others(&kept, &[&roots, &world]);
    Some(Userland { roots, world })
}

pub fn is_root() -> bool {
    // The owner of a process's folder is its effective user.
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").expect("/proc")) == 0
}

fn short(recipe: &[u8]) -> String {
    sha256(recipe)[..12].to_owned()
}

fn made(folder: &Path, script: &Path, arguments: &[&OsStr]) {
    if !folder.is_dir() {
        // In a mount namespace of its own, so that nothing stays mounted when it is interrupted.
        passes(
            Command::new("unshare")
                .args(["--mount", "--propagation", "private", "bash"])
                .arg(script)
                .arg(folder)
                .args(arguments),
        );
    }
}

fn remove_others(kept: &Path, wanted: &[&Path]) {
    for entry in fs::read_dir(kept).expect("a folder").flatten() {
        if !wanted.contains(&entry.path().as_path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Userland {
    pub fn root(&self, image: Image) -> PathBuf {
        self.roots.join(match image {
            Image::Stock => "stock",
            Image::Ready => "ready",
        })
    }
}
