//! What stands between the operator and the machine. Whatever it is, the machine keeps the secrets that it has.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::machine::{Machine, at_terminal};
use super::without_harness;
use crate::common::{Ran, passes, skip, tool};

const NEW: &str = "123456789:MARKED-SECRET-other-token-0123456789";

/// Pushes a new secret, which fails; it says that the old ones are untouched, and how it goes on.
fn fails(machine: &Machine, more: &[&str]) -> Ran {
    let before = machine.secrets();
    let args = [&["push", "bundle", "--yes", "--rotate", "TELEGRAM_BOT_TOKEN"], more].concat();
    let mut command = machine.stage.command(&args);
    command.env("TELEGRAM_BOT_TOKEN", NEW);
    let ran = without_harness(Ran::of(&mut command));
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("untouched"), "{ran:#?}");
    assert!(ran.stderr.contains("previous"), "{ran:#?}");
    let folder = machine.stage.world.path("bundle");
    let way_on = format!("`remote-setup push {} --rotate TELEGRAM_BOT_TOKEN", folder.display());
    assert!(ran.stderr.contains(&way_on), "{ran:#?}");
    assert!(!ran.stderr.contains("MARKED"), "{ran:#?}");
    assert_eq!(machine.secrets(), before);
    assert!(
        !machine.stage.world.read("bundle/secrets.env").contains(NEW),
        "the rotation was not taken back"
    );
    assert_eq!(machine.receipt()["status"], "failed");
    ran
}

/// After the trouble is gone, the very command that was named brings the secret.
fn goes_on(machine: &Machine, more: &[&str]) {
    let args = [&["push", "bundle", "--yes", "--rotate", "TELEGRAM_BOT_TOKEN"], more].concat();
    let mut command = machine.stage.command(&args);
    command.env("TELEGRAM_BOT_TOKEN", NEW);
    let ran = without_harness(Ran::of(&mut command)).ok();
    assert!(ran.stderr.contains("secrets: stored on the machine"), "{ran:#?}");
    assert!(machine.secrets()[2].as_ref().is_some_and(|text| text.contains(NEW)));
    assert!(machine.stage.world.read("bundle/secrets.env").contains(NEW));
    assert!(
        !machine
            .stage
            .world
            .path("bundle/secret_versions.auto.tfvars.json")
            .exists()
    );
}

#[test]
fn nobody_to_compare_the_host_key_leaves_a_way_on() {
    let Some(machine) = Machine::new(&[]) else { return };
    let ran = machine.stage.run(&["apply", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for said in [
        "not a terminal, so the host key of",
        "no secret was pushed",
        "TencentCloud Automation Tools",
        "--host-key SHA256:…`",
        "11 resources exist now",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    assert!(!machine.stage.calls().contains("ssh"), "{}", machine.stage.calls());
    let receipt = machine.receipt();
    assert_eq!(
        (&receipt["status"], receipt["exists"].as_array().map(Vec::len)),
        (&"failed".into(), Some(11))
    );

    // Another key than the one that was read off the machine.
    let other = format!("SHA256:{}", "A".repeat(43));
    let ran = machine.stage.run(&["push", "bundle", "--host-key", &other]);
    assert!(ran.code == 1 && ran.stderr.contains("presents the host key"), "{ran:#?}");
    assert!(!machine.stage.world.path("bundle/known_hosts").exists());
    for nonsense in ["SHA256:x", "MD5:00:11", "AAAA"] {
        machine
            .stage
            .run(&["push", "bundle", "--host-key", nonsense])
            .refused()
            .says("--host-key");
    }
    // A person who sees that it is not the same.
    let ran = machine.stage.answered(&["push", "bundle"], Some("n"), "");
    assert!(ran.code == 1 && ran.stderr.contains("was not confirmed"), "{ran:#?}");
    assert_eq!(machine.secrets(), [None, None, None]);

    let known = machine.sshd.known_host(&machine.address());
    let (_, key) = known.trim().split_once(' ').expect("a key");
    machine.stage.run(&["push", "bundle", "--yes", "--host-key", key]).ok();
    assert_eq!(machine.stage.world.read("bundle/known_hosts"), known);
    assert_eq!(machine.secrets(), Machine::expected());
}

#[test]
fn a_changed_host_key_stops_at_once() {
    let Some(mut machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let commands = machine.sshd.get("/sudo.log");
    machine.sshd.rekey();
    let began = Instant::now();
    let ran = fails(&machine, &[]);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(ran.stderr.contains("host key is not the one in `known_hosts`"), "{ran:#?}");
    assert!(ran.stderr.contains("--host-key SHA256:…"), "{ran:#?}");
    assert_eq!(machine.sshd.get("/sudo.log"), commands, "something ran on it");
    goes_on(&machine, &["--host-key", &machine.sshd.fingerprint()]);
}

#[test]
fn a_dead_host_is_waited_for_and_given_up() {
    let Some(mut machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.sshd.stop();
    let ran = fails(&machine, &[]);
    assert!(ran.stderr.contains("waiting for SSH, 0 s so far (ssh: connect to host"), "{ran:#?}");
    assert!(ran.stderr.contains("does not answer SSH"), "{ran:#?}");
    machine.sshd.listen();
    goes_on(&machine, &[]);
}

#[test]
fn a_connection_cut_in_the_middle_changes_nothing() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let flag = machine.sshd.machine().join("in-the-middle");
    // Half of it has arrived, and the script waits for the rest.
    machine.runs(&format!(
        "( head -c 60; touch '{}'; sleep 10; /bin/cat ) | bash \"$MACHINE$2\"",
        flag.display()
    ));
    let ran = std::thread::scope(|scope| {
        scope.spawn(|| {
            let deadline = Instant::now() + Duration::from_secs(20);
            while !flag.exists() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
            machine.sshd.cut();
        });
        fails(&machine, &[])
    });
    assert!(flag.exists(), "it was not cut in the middle: {ran:#?}");
    assert!(
        ran.stderr
            .contains("the connection broke while the secrets were being sent"),
        "{ran:#?}"
    );
    machine.runs(r#"exec bash "$MACHINE$2""#);
    goes_on(&machine, &[]);
}

#[test]
fn half_of_the_secrets_are_refused_in_the_machine_s_own_words() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.runs("head -c 60 | bash \"$MACHINE$2\"");
    let ran = fails(&machine, &[]);
    assert!(ran.stderr.contains("the input ends before its END line"), "{ran:#?}");
}

#[test]
fn a_full_disk_leaves_the_previous_secrets() {
    if !rustix::process::geteuid().is_root() {
        skip("a full disk: mounting one takes root");
        return;
    }
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    // A disk of the machine's own, seen by nobody else, with its files on it and no room left.
    machine.runs(
        r#"exec unshare --mount bash -c '
set -e
cp -a "$CODEWHALE_ETC" "$MACHINE/kept"
mount -t tmpfs -o size=32k tmpfs "$CODEWHALE_ETC"
cp -a "$MACHINE/kept/." "$CODEWHALE_ETC"
head -c 1M /dev/zero >"$CODEWHALE_ETC/full" 2>/dev/null || true
code=0
bash "$MACHINE$1" || code=$?
rm "$CODEWHALE_ETC/full"
cp -a "$CODEWHALE_ETC" "$MACHINE/after"
exit $code' - "$2""#,
    );
    let ran = fails(&machine, &[]);
    assert!(ran.stderr.contains("is the disk full?"), "{ran:#?}");
    passes(
        std::process::Command::new("diff")
            .args(["-r", "kept", "after"])
            .current_dir(machine.sshd.machine()),
    );
    machine.runs(r#"exec bash "$MACHINE$2""#);
    goes_on(&machine, &[]);
}

#[test]
fn a_machine_without_its_files_says_so() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    fs::remove_file(
        machine
            .sshd
            .machine()
            .join("var/lib/codewhale-setup/bundle/store-secrets.sh"),
    )
    .expect("removed");
    let ran = fails(&machine, &[]);
    assert!(ran.stderr.contains("the host files are not there yet"), "{ran:#?}");
}

#[test]
fn a_key_that_the_machine_does_not_take_is_told_early() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let other = machine.stage.world.path("other");
    passes(
        std::process::Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(&other),
    );
    let own = machine.sshd.identity().with_extension("pub");
    let authorized = own.with_file_name("authorized_keys");
    fs::copy(other.with_extension("pub"), &authorized).expect("copied");
    let began = Instant::now();
    let ran = fails(&machine, &[]);
    assert!(ran.stderr.contains("rejected your SSH key"), "{ran:#?}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    fs::copy(own, authorized).expect("copied");
    goes_on(&machine, &[]);
}

#[test]
fn an_agent_may_hold_the_key() {
    let Some(agent) = tool("ssh-agent") else { return };
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    fs::remove_dir_all(machine.stage.world.path(".ssh")).expect("removed");
    let socket = machine.stage.world.path("agent.sock");
    let mut running = std::process::Command::new(agent)
        .arg("-D")
        .arg("-a")
        .arg(&socket)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("starts");
    let deadline = Instant::now() + Duration::from_secs(10);
    while !socket.exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    passes(
        std::process::Command::new("ssh-add")
            .arg(machine.sshd.identity())
            .env("SSH_AUTH_SOCK", &socket),
    );
    let mut command = machine.stage.command(&["push", "bundle", "--yes"]);
    let ran = Ran::of(command.env("SSH_AUTH_SOCK", &socket));
    let _ = running.kill();
    let _ = running.wait();
    assert!(ran.ok().stderr.contains("secrets: unchanged on the machine"));
}

#[test]
fn a_failed_push_after_an_apply_is_a_failed_run_with_what_exists() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.runs("echo 'sudo: a password is required' >&2; exit 1");
    let ran = machine
        .stage
        .run(&["apply", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for said in [
        "a password is required",
        "untouched",
        "remote-setup push ",
        "11 resources exist now",
    ] {
        assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
    }
    let receipt = machine.receipt();
    assert_eq!(
        (&receipt["status"], receipt["exists"].as_array().map(Vec::len)),
        (&"failed".into(), Some(11))
    );
}

#[test]
fn what_changed_after_the_question_is_not_pushed() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let commands = machine.sshd.get("/sudo.log");
    let ran = machine
        .stage
        .answered(&["apply", "bundle"], Some("y"), "echo '# more' >> bundle/store-secrets.sh");
    assert!(ran.code == 1 && ran.stderr.contains("changed after it was shown"), "{ran:#?}");
    assert_eq!(machine.sshd.get("/sudo.log"), commands);
}

#[test]
fn ctrl_c_ends_each_wait_and_each_question() {
    let Some(mut machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let interrupted = |machine: &Machine, args: &[&str], waits_for: &str, says: &str| {
        let mut session = at_terminal(machine, args);
        session.exp_string(waits_for).expect("a wait");
        std::thread::sleep(Duration::from_millis(200));
        session.send_control('c').expect("typed");
        let rest = session.exp_eof().expect("an end");
        let status = format!("{:?}", session.process().wait().expect("a status"));
        assert!(status.ends_with(", 130)"), "{waits_for}: {status} {rest}");
        assert!(rest.contains(says), "{waits_for}: {rest}");
    };
    interrupted(&machine, &["apply", "bundle"], "Push this? [y/N]", "interrupted");
    interrupted(&machine, &["push", "bundle"], "Push to this machine? [y/N]", "interrupted");
    machine.runs("touch \"$MACHINE/begun\"; sleep 30");
    let begun = machine.sshd.machine().join("begun");
    let mut session = at_terminal(&machine, &["push", "bundle", "--yes"]);
    session.exp_string("Will run").expect("its steps");
    let deadline = Instant::now() + Duration::from_secs(10);
    while !begun.exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    let asked = Instant::now();
    session.send_control('c').expect("typed");
    let rest = session.exp_eof().expect("an end");
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(begun.exists() && rest.contains("Continue with `remote-setup push"), "{rest}");
    machine.sshd.stop();
    interrupted(
        &machine,
        &["push", "bundle", "--yes"],
        "waiting for SSH",
        "the machine has either its previous secrets",
    );
    machine.sshd.listen();
    fs::remove_file(machine.stage.world.path("bundle/known_hosts")).expect("removed");
    interrupted(&machine, &["push", "bundle"], "Does it match? [y/N]", "interrupted");
    assert_eq!(machine.secrets(), Machine::expected());
}

#[test]
fn secrets_that_are_stored_without_a_new_start_are_not_called_untouched() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.sshd.program("systemd-run", "#!/bin/sh\nexit 1\n");
    let ran = machine
        .stage
        .run(&["apply", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.stderr
            .contains("the secrets are stored, but the services were not restarted"),
        "{ran:#?}"
    );
    assert!(!ran.stderr.contains("untouched"), "{ran:#?}");
    // Another push makes up for it.
    machine.installs("");
    let ran = machine.stage.run(&["push", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("ready: it answers"), "{ran:#?}");
}

#[test]
fn new_secrets_that_cannot_be_taken_back_are_said() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let args = ["push", "bundle", "--rotate", "TELEGRAM_BOT_TOKEN"];
    let mut command = machine.stage.command_with(&args, |told| {
        told.answer = Some("n".to_owned());
        told.before_answer = "rm bundle/secrets.env && mkdir -p bundle/secrets.env/x".to_owned();
    });
    let ran = without_harness(Ran::of(command.env("TELEGRAM_BOT_TOKEN", NEW)));
    assert_eq!(ran.code, 4, "{ran:#?}");
    let path = machine.stage.world.path("bundle/secrets.env");
    let said = format!(
        "the new secrets are not in use, but the old ones could not be restored in `{}`",
        path.display()
    );
    assert!(ran.stderr.contains(&said), "{ran:#?}");
    assert!(!ran.stderr.contains("MARKED"), "{ran:#?}");
}

#[test]
fn a_machine_that_says_a_secret_is_not_quoted() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    machine.runs("/bin/cat >&2; exit 1");
    let ran = machine.stage.run(&["push", "bundle", "--yes"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("leaked into the machine's answer"), "{ran:#?}");
    super::leaks::nothing_leaked(&machine.stage, "an answer", &ran);
}

#[test]
fn a_large_answer_to_nobody_does_not_hang() {
    use remote_setup::process;
    use remote_setup::process::command::Command;
    use remote_setup::process::environment::Environment;

    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("deaf");
    fs::write(&program, "#!/bin/sh\nexit 3\n").expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("mode");
    let command = Command::new(program.to_str().expect("UTF-8"), &["init"], folder.path());
    let output =
        process::exchange(&command, &Environment::of(Vec::new(), |_| false), &vec![b'x'; 1 << 20]).expect("it ends");
    assert_eq!(output.code, Some(3));
}
