//! Nothing is waited for that a person cannot end, and nothing special in the folder is opened.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use remote_setup::inputs::Secret;
use remote_setup::terraform::leak;

use super::{Stage, without_harness};
use crate::common::{Ran, World};
use crate::files::fifo;

/// Runs a command that must end by itself, and soon.
fn ends(command: &mut Command, what: &str) -> Ran {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let process = child.id();
    let (sender, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    match ended.recv_timeout(Duration::from_secs(30)) {
        Ok(output) => without_harness(Ran::from(output.expect("an end"))),
        Err(_) => {
            signal("KILL", process);
            panic!("{what}: it hangs");
        }
    }
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status();
    assert!(status.expect("kill").success());
}

fn is_running(process: &str) -> bool {
    // A zombie has ended; nobody has asked how.
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn the_first_interrupt_ends_a_cloud_s_program_that_hangs_with_all_its_children() {
    for name in ["INT", "TERM"] {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let child = stage.world.path("child");
        // `az` is a script around another program.
        stage.program(
            "az",
            &format!(
                "trap '' INT TERM\nsleep 600 &\necho $! >'{0}.new'; mv '{0}.new' '{0}'\nwait",
                child.display()
            ),
        );
        let mut command = stage.with_variables(&["plan", "bundle"], &[]);
        let mut running = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !child.exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let sleeping = stage.world.read("child");
        signal(name, running.id());
        let asked = Instant::now();
        let status = loop {
            match running.try_wait().expect("its state") {
                Some(status) => break status,
                None if asked.elapsed() > Duration::from_secs(10) => {
                    signal("KILL", running.id());
                    signal("KILL", sleeping.trim().parse().expect("a process"));
                    panic!("SIG{name}: it goes on");
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        assert_eq!(status.code(), Some(130), "SIG{name}");
        let deadline = Instant::now() + Duration::from_secs(5);
        while is_running(sleeping.trim()) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!is_running(sleeping.trim()), "SIG{name}: what az started is still there");
    }
}

#[test]
fn a_fifo_in_the_folder_is_neither_opened_nor_waited_for() {
    for (name, code, said) in [
        ("bundle/anything", 0, "18 resources to create"),
        (
            "bundle/.remote-setup-lock",
            2,
            ".remote-setup-lock`: it is a FIFO, not a regular file",
        ),
        ("bundle/secrets.env", 2, "secrets.env`: it is a FIFO, not a regular file"),
    ] {
        let Some(stage) = Stage::new(Vec::new()) else { return };
        let _ = fs::remove_file(stage.world.path(name));
        fifo(&stage.world.path(name));
        let ran = ends(&mut stage.command(&["plan", "bundle"]), name);
        let text = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code == code && text.contains(said), "{name}: {ran:#?}");
    }
}

#[test]
fn a_link_as_lock_is_not_written_through() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    let target = stage.world.path("bashrc");
    let lock = stage.world.path("bundle/.remote-setup-lock");
    fs::remove_file(&lock).expect("removed");
    symlink(&target, lock).expect("a link");
    let ran = stage.run(&["plan", "bundle"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("it is a symbolic link, not a regular file"),
        "{ran:#?}"
    );
    assert!(ran.stderr.contains("Hint: "), "{ran:#?}");
    assert!(!target.exists(), "it was made through the link");
}

#[test]
fn leaks_are_searched_for_in_regular_files_alone() {
    let world = World::new();
    let secrets = [("TOKEN".to_owned(), Secret::new("TOKEN", "MARKED-SECRET-token").expect("a secret"))];
    world.write("elsewhere/notes", "MARKED-SECRET-token");
    world.write("bundle/main.tf", "nothing");
    symlink(world.path("elsewhere/notes"), world.path("bundle/notes")).expect("a link");
    symlink(world.path("elsewhere"), world.path("bundle/folder")).expect("a link");
    symlink(world.path("bundle"), world.path("bundle/loop")).expect("a link");
    leak::check_folder(&world.path("bundle"), &secrets).expect("nothing of the folder's own leaks");
    world.write("bundle/deep/er", "x MARKED-SECRET-token x");
    let error = leak::check_folder(&world.path("bundle"), &secrets).expect_err("a leak");
    assert!(error.message().contains("deep/er") && !error.message().contains("MARKED"), "{error}");
}
