//! Where the secrets are pushed: a recorder in place of Terraform, a real `sshd` in place of the machine.

use std::fs;

use super::{answered, prepared, program, provisioning};
use crate::common::{Ran, World};
use crate::sshd::Sshd;

const FILLED: &str = "# mine\nDEEPSEEK_API_KEY=MARKED-SECRET-$(id>owned)\n CODEWHALE_RUNTIME_TOKEN = MARKED-SECRET-b== \nFEISHU_APP_ID=MARKED-SECRET-c\nFEISHU_APP_SECRET=MARKED-SECRET-d\n";
const PUSHED: &str = "CODEWHALE-SECRETS 1\nDEEPSEEK_API_KEY=MARKED-SECRET-$(id>owned)\nCODEWHALE_RUNTIME_TOKEN=MARKED-SECRET-b==\nFEISHU_APP_ID=MARKED-SECRET-c\nFEISHU_APP_SECRET=MARKED-SECRET-d\nEND 4\n";

const STORE: &str = "/var/lib/codewhale-setup/bundle/store-secrets.sh";
const RESULT: &str = "/var/lib/codewhale-setup/result.json";
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
        fs::create_dir(world.path(".ssh")).expect("a folder");
        for half in ["", ".pub"] {
            let from = format!("{}{half}", sshd.identity().display());
            fs::copy(from, world.path(&format!(".ssh/id_of_two{half}"))).expect("copied");
        }
        world.write(".ssh/id_other.pub", crate::common::KEY);
        world.write(".ssh/id_other", "not this one");
        let mut args = vec![
            "--cloud=lighthouse",
            "--bridge=feishu",
            "--provider=deepseek",
            "--ssh-public-key=.ssh/id_of_two.pub",
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
        program(&world, "sleep", "#!/bin/sh\necho \"$1\" >>\"${0%/*}/../slept.log\"\n");
        program(
            &world,
            "ssh-keyscan",
            &format!("#!/bin/sh\ncat <<'KEY'\n{}KEY\n", sshd.known_host(ADDRESS)),
        );
        let bed = Bed { world, sshd };
        bed.stores("echo stored");
        bed.sshd.put(RESULT, "{\"schema_version\": 1, \"status\": \"ready\"}\n");
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
        command.env("DESTROYS", replaced);
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
fn the_key_is_compared_once_and_the_secrets_go_over_ssh_alone() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    let ran = bed.run("y\nyes\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(ran.stderr.contains(&bed.sshd.fingerprint()), "{ran:#?}");
    assert_eq!(bed.received().as_deref(), Some(PUSHED));
    assert_eq!(bed.world.read("bundle/known_hosts"), bed.sshd.known_host(ADDRESS));
    let calls = bed.world.read("calls.log");
    let verbs: Vec<_> = calls.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(verbs, ["init", "plan", "show", "apply", "output", "output", "output"]);
    assert!(
        calls
            .lines()
            .all(|line| line.ends_with(" placeholders=0 values=0 tf=0")),
        "{calls}"
    );
    for option in [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "IdentitiesOnly=yes",
        "GlobalKnownHostsFile=/dev/null",
    ] {
        let called = bed.sshd.called();
        assert!(
            called.lines().all(|line| line.contains(&format!("<{option}>"))),
            "{option}: {called}"
        );
    }
    assert!(bed.sshd.called().contains(".ssh/id_of_two>"), "{}", bed.sshd.called());

    bed.stores("echo unchanged");
    let again = bed.run("y\ny\n");
    assert_eq!(again.code, 0, "{again:#?}");
    assert!(again.stderr.contains("has these secrets already"), "{again:#?}");
}

#[test]
fn nothing_is_sent_before_the_key_is_known() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    for answer in ["y\nno\n", "y\ny\n", "y\n"] {
        let ran = bed.run(answer);
        assert_eq!(ran.code, 4, "{answer:?}: {ran:#?}");
        assert!(ran.stderr.contains("The secrets go to ubuntu@203.0.113.10"), "{ran:#?}");
        assert!(!bed.world.path("bundle/known_hosts").exists());
    }
    assert_eq!((bed.received(), bed.sshd.called().as_str()), (None, ""));
}

#[test]
fn a_machine_that_the_folder_knows_is_shown_and_asked_about() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    for answer in ["y\n", "y\nn\n", "y\n\n", "y\nyes please\n"] {
        let ran = bed.run(answer);
        assert_eq!(ran.code, 4, "{answer:?}: {ran:#?}");
        assert!(ran.stderr.contains("The secrets go to ubuntu@203.0.113.10"), "{ran:#?}");
        assert!(ran.stderr.contains(&bed.sshd.fingerprint()), "{ran:#?}");
    }
    assert_eq!((bed.received(), bed.sshd.called().as_str()), (None, ""));
    assert_eq!(bed.run("y\nyes\n").code, 0);
}

#[test]
fn a_known_hosts_or_state_of_a_stranger_s_sends_nothing() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    let own = bed.sshd.known_host(ADDRESS);
    let key = own.split_once(' ').expect("a key").1.to_owned();
    for (known, said) in [
        (format!("@cert-authority * {key}"), "not an address and its key"),
        (format!("* {key}"), "not an address and its key"),
        (format!("203.0.113.* {key}"), "not an address and its key"),
        (format!("|1|x|y {key}"), "not an address and its key"),
        (format!("{own}{ADDRESS} {}\n", crate::common::KEY), "not an address and its key"),
        (format!("{own}{own}"), "more than one key for 203.0.113.10"),
    ] {
        bed.pin(&known);
        let ran = bed.run("y\ny\n");
        assert!(ran.code == 1 && ran.stderr.contains(said), "{known}: {ran:#?}");
    }
    let path = bed.world.path("bundle/known_hosts");
    fs::remove_file(&path).expect("removed");
    std::os::unix::fs::symlink(bed.world.write("elsewhere", &own), &path).expect("a link");
    let ran = bed.run("y\ny\n");
    assert!(ran.code == 1 && ran.stderr.contains("is not a regular file"), "{ran:#?}");

    fs::remove_file(&path).expect("removed");
    bed.pin(&own);
    let terraform = bed.world.read("bin/terraform");
    for (output, value, said) in [
        (
            "ssh_user) printf ubuntu",
            "ssh_user) printf %s '-oProxyCommand=touch owned'",
            "is not a user's name",
        ),
        (
            "public_ip) printf 203.0.113.10",
            "public_ip) printf %s '-oProxyCommand=touch'",
            "is not an IP address",
        ),
        (
            "public_ip) printf 203.0.113.10",
            "public_ip) printf evil.example.com",
            "is not an IP address",
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
fn another_key_and_a_dead_host_stop_it() {
    let Some(mut bed) = Bed::new("tat", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    bed.sshd.rekey();
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("is not the one in known_hosts; nothing was sent"), "{ran:#?}");
    assert_eq!(bed.received(), None);

    bed.pin(&bed.sshd.known_host(ADDRESS));
    bed.sshd.stop();
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("cannot log in as ubuntu@203.0.113.10"), "{ran:#?}");
    assert_eq!(bed.world.read("slept.log").lines().count(), 60, "it did not wait");
}

#[test]
fn a_push_that_fails_is_said() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    for (end, said) in [
        (
            "echo 'Error: disk full; the previous secrets are untouched' >&2; exit 1",
            "disk full",
        ),
        ("exit 0", "does not say that the secrets are stored"),
    ] {
        bed.stores(end);
        let ran = bed.run("y\ny\n");
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert!(ran.stderr.contains(said) && ran.stderr.contains("Hint: "), "{ran:#?}");
    }
    bed.stores("echo stored");
    bed.sshd
        .put(RESULT, "{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"bridge\"}\n");
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("\"step\": \"bridge\""), "{ran:#?}");
}

#[test]
fn host_files_that_did_not_arrive_get_no_secrets() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    let failed = "{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"bootstrap\", \"message\": \"no room\"}\n";
    bed.sshd.put(RESULT, failed);
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(
        ran.stderr.contains("did not arrive on the machine") && ran.stderr.contains("no room"),
        "{ran:#?}"
    );
    assert_eq!(bed.received(), None);
}

#[test]
fn an_empty_machine_is_set_up_over_ssh_first() {
    let Some(bed) = Bed::new("ssh", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    let commands = bed.sshd.commands();
    let order: Vec<_> = commands.lines().collect();
    assert_eq!(order[0], "sudo <bash> <-s>");
    assert!(order[1].contains("store-secrets.sh"), "{commands}");
    assert_eq!(bed.received().as_deref(), Some(PUSHED));
}

#[test]
fn a_machine_that_cnb_has_not_reached_is_left_for_later() {
    let Some(bed) = Bed::new(
        "cnb",
        &[
            "--cnb-repository=a/b",
            "--cnb-secrets=a/c",
            "--allow-ssh-from=203.0.113.7/32",
        ],
    ) else {
        return;
    };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    fs::remove_file(bed.sshd.machine().join(STORE.trim_start_matches('/'))).expect("removed");
    let ran = bed.run("y\ny\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(ran.stderr.contains("Deploy to it with CNB"), "{ran:#?}");
    bed.stores("echo stored");
    assert_eq!(bed.run("y\ny\n").code, 0);
    assert_eq!(bed.received().as_deref(), Some(PUSHED));
}

#[test]
fn without_ssh_no_secret_is_asked_for() {
    let Some(bed) = Bed::new("tat", &["--allow-ssh-from=none"]) else {
        return;
    };
    bed.world.write("bundle/secrets.env", "");
    let ran = bed.run("y\n");
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(ran.stderr.contains("in the web console"), "{ran:#?}");
    assert_eq!(bed.sshd.called(), "");
}

#[test]
fn another_run_of_the_script_is_no_loss() {
    let Some(bed) = Bed::new("tat", &[]) else { return };
    bed.pin(&bed.sshd.known_host(ADDRESS));
    let again = "module.agent.terraform_data.bootstrap[0] \
                 module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]";
    assert_eq!(bed.run_with(again, "y\ny\n").code, 0);
    let machine = format!("{again} module.agent.tencentcloud_lighthouse_instance.this");
    let ran = bed.run_with(&machine, "y\n");
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(ran.stderr.contains("destroys or replaces 1 "), "{ran:#?}");
}
