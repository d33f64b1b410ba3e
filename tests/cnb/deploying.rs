//! The deployment over SSH, run by `dash` against a loopback `sshd`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use remote_setup::deployment::Deployment;
use remote_setup::render::compacted;
use remote_setup::tables::CnbDeploy;

use super::machine::{ADDRESS, Machine};
use super::stage::Repository;
use super::{asked, clouds};
use crate::common::{Ran, resolve};

const EVENT: &str = "tag_deploy.my-agent";

struct Bed {
    deployment: Deployment,
    machine: Machine,
    repository: Repository,
}

impl Bed {
    fn start() -> Option<Bed> {
        let deployment = resolve(&asked(clouds().next().expect("a cloud with a pipeline"), CnbDeploy::Ssh));
        let machine = Machine::start()?;
        let repository = Repository::of(&deployment, Some(machine.sshd.client()))?;
        Some(Bed {
            deployment,
            machine,
            repository,
        })
    }

    /// The secret file with every secret in it, each value marked and hard to quote.
    fn with_secrets(&self, mark: &str) -> Vec<(String, String)> {
        let mut variables = self.machine.variables();
        for secret in &self.deployment.secrets {
            variables.push((secret.env.to_owned(), format!("MARKED-{mark}-$(id);*&%s$HOME#!{{}}")));
        }
        variables
    }

    fn run(&self, secrets: &[(String, String)]) -> Ran {
        self.run_with(secrets, &[])
    }

    fn run_with(&self, secrets: &[(String, String)], more: &[(&str, &str)]) -> Ran {
        let ran = self.repository.run(EVENT, secrets, more);
        self.repository.left_nothing(&ran);
        for log in [
            self.machine.sshd.called(),
            self.machine.sshd.commands(),
            self.machine.sshd.log(),
        ] {
            assert!(!log.contains("MARKED"), "a secret is in a log of the machine: {log}");
        }
        ran
    }

    /// Nobody spoke to the machine.
    fn untouched(&self) {
        assert_eq!(self.machine.sshd.called(), "");
    }

    fn secret_files(&self) -> Vec<(String, String)> {
        ["broker", "runtime", "telegram"]
            .iter()
            .filter_map(|name| {
                let path = format!("/etc/codewhale/{name}.secrets.env");
                self.machine.sshd.get(&path).map(|text| (path, text))
            })
            .collect()
    }
}

fn without(variables: &[(String, String)], name: &str) -> Vec<(String, String)> {
    variables.iter().filter(|(other, _)| other != name).cloned().collect()
}

fn instead(variables: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let mut changed = without(variables, name);
    changed.push((name.to_owned(), value.to_owned()));
    changed
}

#[test]
fn the_files_of_the_tag_are_deployed_by_every_event() {
    let Some(bed) = Bed::start() else { return };
    for event in [EVENT, "web_trigger_my_agent", "api_trigger_my_agent"] {
        let ran = bed.repository.run(event, &bed.machine.variables(), &[]).ok();
        bed.repository.left_nothing(&ran);
        assert!(ran.stdout.contains("host key SHA256:of-the-machine"), "{ran:#?}");
        assert!(ran.stdout.ends_with("v1.2.3 runs on my-agent and is healthy\n"), "{ran:#?}");
    }
    assert_eq!(bed.machine.installations(), ["ready", "ready", "ready"]);
    for file in ["install.sh", "doctor.sh", "runtime.env"] {
        assert_eq!(
            bed.machine.sshd.get(&format!("/var/lib/codewhale-setup/bundle/{file}")),
            Some(compacted(file, &bed.repository.world.read(&format!("repository/{file}")))),
            "{file}"
        );
    }
    assert!(bed.machine.asked_doctor() && !bed.machine.rolled_back());
    assert_eq!(bed.secret_files(), [], "none were given");
    for (log, text) in [("argv.log", "known_hosts"), ("env.log", "DEPLOY_HOST=")] {
        assert!(bed.repository.world.read(log).contains(text), "{log} records nothing");
    }
    let calls = bed.machine.sshd.called();
    for option in [
        "-F> </dev/null",
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "IdentitiesOnly=yes",
        "GlobalKnownHostsFile=/dev/null",
    ] {
        assert!(calls.lines().all(|call| call.contains(option)), "{option}: {calls}");
    }
}

#[test]
fn secrets_go_by_standard_input_only_and_start_the_services_once() {
    let Some(bed) = Bed::start() else { return };
    bed.machine.will_be(&["waiting", "ready"]);
    let ran = bed.run(&bed.with_secrets("one")).ok();
    assert!(ran.stdout.contains("\nstored\n"), "{ran:#?}");
    assert_eq!(bed.machine.installations(), ["waiting", "ready"]);
    let files = bed.secret_files();
    assert_eq!(files.len(), 3);
    for secret in &bed.deployment.secrets {
        let line = format!("{}=MARKED-one-$(id);*&%s$HOME#!{{}}\n", secret.env);
        assert!(files.iter().any(|(_, text)| text.contains(&line)), "{}: {files:?}", secret.env);
    }
    for (path, _) in &files {
        let path = bed.machine.sshd.machine().join(path.trim_start_matches('/'));
        assert_eq!(fs::metadata(path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    let ran = bed.run(&bed.with_secrets("one")).ok();
    assert!(ran.stdout.contains("\nunchanged\n"), "{ran:#?}");
    assert_eq!(bed.machine.installations().len(), 3, "the files only");

    let _ = bed.run(&bed.with_secrets("two")).ok();
    assert_eq!(bed.machine.installations().len(), 5, "the files, then the secrets");
    assert!(bed.secret_files().iter().all(|(_, text)| !text.contains("MARKED-one")));
}

#[test]
fn without_secrets_the_machine_may_wait_for_them() {
    let Some(bed) = Bed::start() else { return };
    bed.machine.will_be(&["waiting"]);
    let ran = bed.run(&bed.machine.variables()).ok();
    assert!(ran.stdout.contains("waits for its secrets: run `remote-setup push`"), "{ran:#?}");
    assert!(!bed.machine.asked_doctor() && !bed.machine.rolled_back());
}

#[test]
fn an_unhealthy_release_goes_back_to_the_one_before() {
    let Some(bed) = Bed::start() else { return };
    bed.machine.set("doctor", "1");
    let ran = bed.run(&bed.machine.variables());
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(bed.machine.rolled_back());
    assert!(ran.stderr.contains("the previous release is back"), "{ran:#?}");
    assert!(ran.stdout.contains("v1.2.3 was not deployed: stage deploy failed."), "{ran:#?}");

    bed.machine.set("roll-back", "1");
    let ran = bed.run(&bed.machine.variables());
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("and going back failed"), "{ran:#?}");
}

#[test]
fn what_fails_on_the_way_is_said_and_not_called_healthy() {
    let Some(bed) = Bed::start() else { return };
    for (results, patience, said) in [
        (&["failed"], "60", "did not become ready on my-agent"),
        (&["none"], "1", "my-agent has no result after 1 s"),
    ] {
        bed.machine.will_be(results);
        let ran = bed.run_with(&bed.machine.variables(), &[("CODEWHALE_PATIENCE", patience)]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains(said), "{ran:#?}");
    }
    bed.machine.set("bootstrap-fails", "");
    let ran = bed.run(&bed.machine.variables());
    assert!(
        ran.code == 1 && ran.stderr.contains("bootstrap.sh ended with exit code 1"),
        "{ran:#?}"
    );
    assert!(!bed.machine.asked_doctor() && !bed.machine.rolled_back());
}

#[test]
fn anything_but_the_tag_that_was_pressed_is_refused() {
    let Some(bed) = Bed::start() else { return };
    let secrets = bed.machine.variables();
    for branch in ["", "main", "release", "vnext", "v1;touch pwned", "v1 v2", "v1/../main"] {
        let ran = bed.run_with(&secrets, &[("CNB_BRANCH", branch)]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains("is not a release tag"), "{ran:#?}");
    }
    let ran = bed.run_with(&secrets, &[("CNB_IS_TAG", "false")]);
    assert!(ran.code == 1 && ran.stderr.contains("is a branch, not a tag"), "{ran:#?}");
    let ran = bed.run_with(&secrets, &[("CNB_COMMIT", "0123456789012345678901234567890123456789")]);
    assert!(ran.code == 1 && ran.stderr.contains("these are the files of commit"), "{ran:#?}");
    assert!(ran.stdout.contains("stage check failed"), "{ran:#?}");
    bed.untouched();
}

#[test]
fn each_missing_or_misshapen_variable_is_named_before_anything_is_touched() {
    let Some(bed) = Bed::start() else { return };
    let whole = bed.with_secrets("one");
    for (name, _) in &whole {
        for variables in [without(&whole, name), instead(&whole, name, "")] {
            let ran = bed.run(&variables);
            assert_eq!(ran.code, 1, "{ran:#?}");
            assert!(ran.stderr.contains(name.as_str()), "{name}: {ran:#?}");
        }
    }
    let encoded = |text: &str| {
        let file = bed.repository.world.write("key", text);
        crate::common::passes(std::process::Command::new("base64").arg(file))
    };
    let locked = bed.repository.world.path("locked");
    crate::common::passes(
        std::process::Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "passphrase", "-f"])
            .arg(&locked),
    );
    let locked = encoded(&fs::read_to_string(locked).expect("a key"));
    let other = bed.machine.sshd.known_host("203.0.113.11");
    let key = other.split_once(' ').expect("a key").1;
    let pattern = format!("203.0.113.* {key}");
    let authority = format!("@cert-authority * {key}");
    let nonsense = encoded("nonsense\n");
    for (name, value, said) in [
        ("DEPLOY_HOST", "203.0.113.10; touch pwned", "DEPLOY_HOST is not an address"),
        ("DEPLOY_HOST", "-oProxyCommand=touch${IFS}pwned", "DEPLOY_HOST is not an address"),
        ("DEPLOY_HOST", "$(touch pwned)", "DEPLOY_HOST is not an address"),
        (
            "DEPLOY_KNOWN_HOSTS",
            "203.0.113.10 ssh-ed25519 nonsense",
            "DEPLOY_KNOWN_HOSTS holds no host key",
        ),
        ("DEPLOY_KNOWN_HOSTS", &other, "DEPLOY_KNOWN_HOSTS does not name DEPLOY_HOST"),
        ("DEPLOY_KNOWN_HOSTS", &pattern, "has a line that is not ADDRESS ssh-ed25519"),
        ("DEPLOY_KNOWN_HOSTS", &authority, "has a line that is not ADDRESS ssh-ed25519"),
        (
            "DEPLOY_SSH_KEY_BASE64",
            "-----BEGIN MARKED-----",
            "DEPLOY_SSH_KEY_BASE64 is not base64",
        ),
        ("DEPLOY_SSH_KEY_BASE64", &nonsense, "DEPLOY_SSH_KEY_BASE64 is not a private key"),
        ("DEPLOY_SSH_KEY_BASE64", &locked, "DEPLOY_SSH_KEY_BASE64 is not a private key"),
        ("TELEGRAM_BOT_TOKEN", "MARKED x", "TELEGRAM_BOT_TOKEN holds a space"),
        ("TELEGRAM_BOT_TOKEN", "MARKED'; touch pwned; '", "TELEGRAM_BOT_TOKEN holds a space"),
        ("TELEGRAM_BOT_TOKEN", "MARKED\nEND 9", "TELEGRAM_BOT_TOKEN holds a space"),
        ("TELEGRAM_BOT_TOKEN", "MARKED\u{e9}", "TELEGRAM_BOT_TOKEN holds a space"),
        ("TELEGRAM_BOT_TOKEN", "MARKED`id`", "TELEGRAM_BOT_TOKEN holds a space"),
    ] {
        let ran = bed.run(&instead(&whole, name, value));
        assert_eq!(ran.code, 1, "{name}={value}: {ran:#?}");
        assert!(ran.stderr.contains(said), "{name}={value}: {ran:#?}");
        assert!(ran.stderr.contains("nothing was touched"), "{ran:#?}");
    }
    bed.untouched();
    assert!(!bed.repository.world.path("repository/pwned").exists());
}

#[test]
fn another_host_key_or_a_dead_host_stops_before_anything_is_sent() {
    let Some(mut bed) = Bed::start() else { return };
    let variables = bed.with_secrets("one");
    bed.machine.sshd.rekey();
    let ran = bed.run(&variables);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("HOST IDENTIFICATION HAS CHANGED"), "{ran:#?}");
    assert!(ran.stderr.contains("the machine cannot be reached by SSH"), "{ran:#?}");
    bed.machine.sshd.stop();
    let ran = bed.run(&variables);
    assert!(ran.code == 1 && ran.stderr.contains("Connection refused"), "{ran:#?}");
    assert_eq!(bed.machine.sshd.commands(), "");
    assert!(bed.machine.sshd.called().contains(ADDRESS));
}

#[test]
fn a_cut_connection_is_made_up_for() {
    let Some(bed) = Bed::start() else { return };
    bed.machine.will_be(&["waiting", "ready"]);
    for hang in ["hang", "hang-push"] {
        bed.machine.set(hang, "");
    }
    let variables = bed.with_secrets("one");
    let ran = std::thread::scope(|scope| {
        let pipeline = scope.spawn(|| bed.run(&variables));
        for _ in 0..2 {
            let hanging = bed.machine.sshd.machine().join("hanging");
            let deadline = Instant::now() + Duration::from_secs(30);
            while !hanging.exists() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            fs::remove_file(hanging).expect("somebody hangs");
            bed.machine.sshd.cut();
        }
        pipeline.join().expect("the pipeline ends")
    })
    .ok();
    assert_eq!(ran.stdout.matches("the connection was lost (attempt 1 of 3)").count(), 2, "{ran:#?}");
    assert_eq!(bed.machine.installations(), ["waiting", "ready"]);
    assert_eq!(bed.secret_files().len(), 3);
}
