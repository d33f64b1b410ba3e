//! Where the secrets are pushed: a recorder in place of Terraform, a real `sshd` in place of the machine.

use std::fs;

use super::{answered, prepared, program, provisioning};
use crate::common::{Ran, World};
use crate::sshd::Sshd;

const FILLED: &str = "# mine\nDEEPSEEK_API_KEY=MARKED-SECRET-$(id>owned)\n\nCODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-b==\nFEISHU_APP_ID=MARKED-SECRET-c\nFEISHU_APP_SECRET=MARKED-SECRET-d\n";
const PUSHED: &str = "CODEWHALE-SECRETS 1\nDEEPSEEK_API_KEY=MARKED-SECRET-$(id>owned)\nCODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-b==\nFEISHU_APP_ID=MARKED-SECRET-c\nFEISHU_APP_SECRET=MARKED-SECRET-d\nEND 4\n";

const STORE: &str = "/var/lib/codewhale-setup/bundle/store-secrets.sh";
const ADDRESS: &str = "203.0.113.10";

struct Bed {
    world: World,
    sshd: Sshd,
}

impl Bed {
    /// A bundle, and a machine that has what `bootstrap` would have brought.
    fn new(bootstrap: &str, more: &[&str]) -> Option<Bed> {
        let sshd = Sshd::start()?;
        let world = World::new();
        let mut args = vec![
            "--cloud=lighthouse",
            "--bridge=feishu",
            "--provider=deepseek",
            "--ssh-public-key",
            crate::common::KEY,
            "--out=bundle",
        ];
        let bootstrap = format!("--bootstrap={bootstrap}");
        args.push(&bootstrap);
        args.extend(if more.is_empty() { &["--allow-ssh-from=203.0.113.7/32"] } else { more });
        let _ = world.run(&args).ok();
        let world = prepared(world, FILLED);
        // Nothing that installs may run here.
        world.write(
            "bundle/bootstrap.sh",
            "echo \"$(id -u) bootstrapped\" >>\"$HOME/bootstrapped\"; cat >/dev/null\n",
        );
        let bed = Bed { world, sshd };
        bed.stores("echo stored");
        bed.pin(&bed.sshd.known_host(ADDRESS));
        Some(bed)
    }

    /// How the machine answers a push, after it has read it.
    fn stores(&self, end: &str) {
        let script = format!("cat >\"${{0%/*}}/received\"; echo some words; {end}\n");
        self.sshd.put(STORE, &script);
    }

    fn received(&self) -> Option<String> {
        self.sshd.get("/var/lib/codewhale-setup/bundle/received")
    }

    fn run(&self, answer: &str) -> Ran {
        self.run_with("", answer)
    }

    /// `replaced` are addresses that the plan makes anew.
    fn run_with(&self, replaced: &str, answer: &str) -> Ran {
        let mut command = provisioning(&self.world);
        command
            .env("DESTROYS", replaced)
            .env("SSH_IDENTITY", self.sshd.identity());
        let path = std::env::var("PATH").expect("PATH");
        let programs = [self.world.path("bin"), self.sshd.client()].map(|folder| folder.display().to_string());
        command.env("PATH", format!("{}:{}:{path}", programs[0], programs[1]));
        let ran = answered(&mut command, answer);
        assert!(!ran.stdout.contains("MARKED") && !ran.stderr.contains("MARKED"), "{ran:#?}");
        let called = self.sshd.called() + &self.sshd.commands() + &self.world.read("argv.log");
        assert!(!called.contains("MARKED"), "{called}");
        assert!(!self.world.path("bundle/owned").exists() && !self.world.path("owned").exists());
        ran
    }

    fn pin(&self, known: &str) {
        self.world.write("bundle/known_hosts", known);
    }
}

#[test]
fn the_secrets_go_over_ssh_alone_to_the_machine_that_the_folder_knows() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(
        ran.stderr.contains(&bed.sshd.fingerprint()) && ran.stderr.contains("The secrets go to ubuntu@203.0.113.10"),
        "{ran:#?}"
    );
    assert!(ran.stdout.ends_with("stored\n"), "{ran:#?}");
    assert_eq!(bed.received().as_deref(), Some(PUSHED));
    let calls = bed.world.read("calls.log");
    let verbs: Vec<_> = calls.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(verbs, ["init", "plan", "show", "apply", "output", "output", "output"]);
    assert!(
        calls
            .lines()
            .all(|line| line.ends_with(" placeholders=0 values=0 tf=0")),
        "{calls}"
    );
    let called = bed.sshd.called();
    for option in remote_setup::render::ssh::options("known_hosts") {
        assert!(called.contains(&format!("<{option}>")), "{option}: {called}");
    }
    assert!(called.contains("<-o> <IdentitiesOnly=yes> <-i>"), "{called}");
}

#[test]
fn nothing_is_sent_to_a_machine_that_nobody_pinned() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    for (known, said) in [
        (None, "the machine is not known yet"),
        (Some(bed.sshd.known_host("203.0.113.11")), "known_hosts has no key for 203.0.113.10"),
    ] {
        let path = bed.world.path("bundle/known_hosts");
        let _ = fs::remove_file(&path);
        known.iter().for_each(|known| bed.pin(known));
        let ran = bed.run("y\ny\n");
        assert!(
            ran.code == 2 && ran.stderr.contains(said) && ran.stderr.contains("RUNBOOK.md"),
            "{ran:#?}"
        );
    }
    assert_eq!((bed.received(), bed.sshd.called().as_str()), (None, ""));
}

#[test]
fn nothing_is_sent_without_a_yes() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    for answer in ["y\n", "y\nn\n", "y\n\n", "y\nyes please\n"] {
        let ran = bed.run(answer);
        assert_eq!(ran.code, 4, "{answer:?}: {ran:#?}");
    }
    assert_eq!((bed.received(), bed.sshd.called().as_str()), (None, ""));
}

#[test]
fn a_known_hosts_or_state_of_a_stranger_s_sends_nothing() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    let own = bed.sshd.known_host(ADDRESS);
    let key = own.split_once(' ').expect("a key").1.to_owned();
    for (known, said) in [
        (format!("@cert-authority * {key}"), "is not ADDRESS ssh-ed25519"),
        (format!("* {key}"), "is not ADDRESS ssh-ed25519"),
        (format!("203.0.113.* {key}"), "is not ADDRESS ssh-ed25519"),
        (format!("|1|x|y {key}"), "is not ADDRESS ssh-ed25519"),
        (format!("{own}{ADDRESS} {}\n", crate::common::KEY), "is not ADDRESS ssh-ed25519"),
    ] {
        bed.pin(&known);
        let ran = bed.run("y\ny\n");
        assert!(ran.code == 1 && ran.stderr.contains(said), "{known}: {ran:#?}");
    }
    let path = bed.world.path("bundle/known_hosts");
    fs::remove_file(&path).expect("removed");
    std::os::unix::fs::symlink(bed.world.write("elsewhere", &own), &path).expect("a link");
    let ran = bed.run("y\ny\n");
    assert!(ran.code == 2 && ran.stderr.contains("the machine is not known yet"), "{ran:#?}");

    fs::remove_file(&path).expect("removed");
    bed.pin(&own);
    let terraform = bed.world.read("bin/terraform");
    for (output, value, said) in [
        (
            "ssh_user) printf ubuntu",
            "ssh_user) printf %s '-oProxyCommand=touch owned'",
            "the state names no valid machine",
        ),
        (
            "public_ip) printf 203.0.113.10",
            "public_ip) printf %s '-oProxyCommand=touch'",
            "the state names no valid machine",
        ),
        (
            "public_ip) printf 203.0.113.10",
            "public_ip) printf evil.example.com",
            "the state names no valid machine",
        ),
    ] {
        assert!(terraform.contains(output), "{output}");
        program(&bed.world, "terraform", &terraform.replace(output, value));
        let ran = bed.run("y\ny\n");
        assert!(ran.code == 1 && ran.stderr.contains(said), "{value}: {ran:#?}");
    }
    assert_eq!((bed.received(), bed.sshd.called().as_str()), (None, ""));
}

#[test]
fn another_key_stops_it() {
    let Some(mut bed) = Bed::new("tat", &[]) else { return };
    bed.sshd.rekey();
    let ran = bed.run("y\ny\n");
    assert!(ran.code != 0 && ran.stderr.contains("HOST IDENTIFICATION HAS CHANGED"), "{ran:#?}");
    assert_eq!((bed.received(), bed.sshd.commands().as_str()), (None, ""));
}

#[test]
fn a_push_that_fails_is_said() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    bed.stores("echo 'Error: disk full; the previous secrets are untouched' >&2; exit 1");
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.ends_with("the previous secrets are untouched\n"), "{ran:#?}");
}

#[test]
fn an_empty_machine_is_set_up_over_ssh_first() {
    let Some(bed) = Bed::new("ssh", &[]) else { return };
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    let commands = bed.sshd.commands();
    let order: Vec<_> = commands.lines().collect();
    assert_eq!(order[0], "sudo <bash> <-s>");
    assert!(order[1].contains("store-secrets.sh"), "{commands}");
    assert_eq!(bed.received().as_deref(), Some(PUSHED));
}

#[test]
fn without_ssh_no_secret_is_asked_for() {
    let Some(bed) = Bed::new("tat", &["--allow-ssh-from=none"]) else {
        return;
    };
    fs::remove_file(bed.world.path("bundle/secrets.env")).expect("removed");
    let ran = bed.run("y\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert_eq!(bed.sshd.called(), "");
}

#[test]
fn another_run_of_the_script_is_no_loss() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    let again = "module.agent.terraform_data.bootstrap[0] \
                 module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]";
    assert_eq!(bed.run_with(again, "y\ny\n").code, 0);
    let machine = format!("{again} module.agent.tencentcloud_lighthouse_instance.this");
    let ran = bed.run_with(&machine, "y\n");
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(ran.stderr.contains("lighthouse_instance.this must be replaced"), "{ran:#?}");
}
