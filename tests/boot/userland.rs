//! What machines boot from and what the outside serves: made by `make.sh`, kept until the recipe changes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use crate::common::{passes, root, skip, tool};

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
    let made = passes(Command::new("bash").arg(root().join("tests/boot/make.sh")));
    let mut folders = made.lines().map(PathBuf::from);
    let (roots, world) = folders.next().zip(folders.next()).expect("two folders");
    Some(Userland { roots, world })
}

pub fn is_root() -> bool {
    // The owner of a process's folder is its effective user.
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").expect("/proc")) == 0
}

impl Userland {
    pub fn root(&self, image: Image) -> PathBuf {
        self.roots.join(match image {
            Image::Stock => "stock",
            Image::Ready => "ready",
        })
    }
}
