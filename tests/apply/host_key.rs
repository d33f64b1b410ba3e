//! A machine whose key the cloud tells: a real `sshd`, which gets nothing when it has another key.

use std::fs;

use super::machine::scanned;
use super::{SECRETS, Stage};
use crate::common::{KEY, MINIMAL, World, tool};
use crate::sshd::Sshd;

struct Bed {
    stage: Stage,
    sshd: Sshd,
}

/// Azure's command service, with a key to tell.
fn tells(key: &str) -> String {
    format!(
        "case \"$*\" in *'run-command invoke --ids /subscriptions/'*' --scripts cat /etc/ssh/ssh_host_ed25519_key.pub')\n\
         printf 'Enable succeeded: \\n[stdout]\\n%s\\n\\n[stderr]\\n' '{key}'\nexit ;;\nesac\nexit 1"
    )
}

const LOGGED_OUT: &str = "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1";

impl Bed {
    /// `None`, said aloud, where something for it is missing.
    fn new() -> Option<Bed> {
        let (_, keyscan) = (tool("terraform")?, tool("ssh-keyscan")?);
        let sshd = Sshd::start()?;
        let world = World::new();
        let key = fs::read_to_string(sshd.identity().with_extension("pub")).expect("a key");
        let flags = MINIMAL
            .iter()
            .map(|arg| if arg.starts_with("ssh-") { key.trim() } else { arg });
        world.run(&flags.collect::<Vec<_>>()).ok();
        let stage = Stage::of(world, "azure", "ARM_CLIENT_ID", SECRETS, Vec::new())?;
        stage.program("ssh", &format!("exec '{}' \"$@\"", sshd.client().join("ssh").display()));
        stage.program("ssh-keyscan", &scanned(&keyscan, &sshd));
        let answer = stage.answer().replace("\ncat ", "\n/bin/cat ");
        let log = sshd.machine().join("cat.log");
        sshd.program("cat", &format!("#!/bin/bash\necho \"$*\" >>'{}'\n{answer}\n", log.display()));
        let bed = Bed { stage, sshd };
        bed.stage.program("az", &tells(&bed.key()));
        Some(bed)
    }

    fn key(&self) -> String {
        self.sshd.known_host("").trim().to_owned()
    }

    /// What ran on the machine.
    fn commands(&self) -> Option<String> {
        self.sshd.get("/cat.log")
    }

    fn run(&self, more: &[&str]) -> crate::common::Ran {
        let key = self.sshd.identity().display().to_string();
        self.stage
            .run(&[&["apply", "bundle", "--ssh-key", &key], more].concat())
    }

    fn known_hosts(&self) -> String {
        fs::read_to_string(self.stage.world.path("bundle/known_hosts")).unwrap_or_default()
    }
}

#[test]
fn the_key_that_the_cloud_tells_is_pinned_without_a_question() {
    let Some(bed) = Bed::new() else { return };
    let ran = bed.run(&["--yes"]).ok();
    assert!(ran.stderr.contains("ready: it answers"), "{ran:#?}");
    assert_eq!(bed.known_hosts(), bed.sshd.known_host(&bed.stage.address()));
    let calls = bed.stage.calls();
    assert!(!calls.contains("ssh-keyscan") && !calls.contains("accept-new"), "{calls}");
    let called = bed.sshd.called();
    assert!(called.lines().all(|line| line.contains("<StrictHostKeyChecking=yes>")), "{called}");
    // It is asked once.
    bed.stage.forget_calls();
    bed.run(&[]).ok();
    assert!(!bed.stage.calls().contains("az "), "{}", bed.stage.calls());
}

#[test]
fn a_machine_with_another_host_key_gets_nothing_and_is_said_so() {
    let Some(mut bed) = Bed::new() else { return };
    // Somebody else answers at the address from the start.
    bed.stage.program("az", &tells(KEY));
    let ran = bed.run(&["--yes"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("host key is not the one in `known_hosts`"),
        "{ran:#?}"
    );
    assert!(ran.stderr.contains("--host-key SHA256:…`"), "{ran:#?}");
    assert_eq!(bed.commands(), None);
    // And later.
    bed.run(&["--host-key", &bed.sshd.fingerprint()]).ok();
    let before = bed.commands();
    bed.sshd.rekey();
    let ran = bed.run(&[]);
    assert!(
        ran.code == 1 && ran.stderr.contains("host key is not the one in `known_hosts`"),
        "{ran:#?}"
    );
    assert_eq!(bed.commands(), before, "something ran on it");
}

#[test]
fn where_the_cloud_cannot_be_asked_a_person_compares() {
    let Some(bed) = Bed::new() else { return };
    bed.stage.program("az", LOGGED_OUT);
    let ran = bed.run(&["--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for said in [
        "`az` could not read the machine's host key: ERROR: Please run 'az login'",
        "not a terminal, so the host key of `203.0.113.",
        "--host-key SHA256:…`",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    assert_eq!((bed.commands(), bed.known_hosts()), (None, String::new()));

    let key = bed.sshd.identity().display().to_string();
    let apply = ["apply", "bundle", "--ssh-key", &key];
    let ran = bed.stage.answered(&apply, Some("n"), "");
    assert!(ran.code == 1 && ran.stderr.contains("was not confirmed"), "{ran:#?}");
    assert_eq!(bed.commands(), None);
    let ran = bed.stage.answered(&apply, Some("y"), "").ok();
    assert!(ran.stderr.contains(&bed.sshd.fingerprint()), "{ran:#?}");
    assert_eq!(bed.known_hosts(), bed.sshd.known_host(&bed.stage.address()));
}
