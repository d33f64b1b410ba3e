//! Files that somebody else may have put there.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use remote_setup::files::{open_private_append, open_regular, read_regular, read_text};

use crate::common::{World, passes};

/// Makes a FIFO that nobody writes to: opening it the plain way waits for ever.
pub fn fifo(path: &Path) {
    passes(Command::new("mkfifo").arg(path));
}

#[test]
fn only_a_regular_file_is_opened_and_nothing_hangs() {
    let world = World::new();
    let target = world.write("target", "hers");
    symlink(&target, world.path("link")).expect("a link");
    symlink(world.path("nowhere"), world.path("dangling")).expect("a link");
    fifo(&world.path("fifo"));
    let _socket = UnixListener::bind(world.path("socket")).expect("a socket");
    for (name, what) in [
        ("link", "it is a symbolic link, not a regular file"),
        ("dangling", "it is a symbolic link, not a regular file"),
        ("fifo", "it is a FIFO, not a regular file"),
        ("socket", "it is a socket, not a regular file"),
        (".", "it is a folder, not a regular file"),
        ("/dev/null", "it is a device, not a regular file"),
    ] {
        let path = world.path(name);
        for error in [
            open_regular(&path).expect_err(name),
            read_regular(&path).expect_err(name),
            read_text(&path, 10).expect_err(name),
            open_private_append(&path).expect_err(name),
        ] {
            assert_eq!(error.to_string(), what, "{name}");
        }
    }
    assert_eq!(world.read("target"), "hers");
    assert!(!world.path("nowhere").exists(), "it was made through a link");
}

#[test]
fn a_regular_file_is_read_and_a_missing_one_is_missing() {
    let world = World::new();
    let path = world.write("text", "ten bytes.");
    assert_eq!(read_regular(&path).expect("bytes"), b"ten bytes.");
    assert_eq!(read_text(&path, 10).expect("text"), "ten bytes.");
    let error = read_text(&path, 9).expect_err("too long");
    assert_eq!(error.to_string(), "it is larger than 9 bytes");
    let error = read_regular(&world.path("nowhere")).expect_err("missing");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_new_file_is_its_owner_s_alone_and_an_old_one_grows() {
    use std::io::Write;

    let world = World::new();
    let path = world.path("log");
    for word in ["one ", "two"] {
        let mut file = open_private_append(&path).expect("a file");
        file.write_all(word.as_bytes()).expect("written");
    }
    assert_eq!(world.read("log"), "one two");
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
}
