//! A cloud without a vault: plan, gate, apply, and the secrets over a real SSH connection to a machine that is
//! `sshd` on loopback with the bundle's own `store-secrets.sh`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use remote_setup::rehearse::{Applied, Effect, Fault, Trigger};
use rexpect::session::{PtySession, spawn_command};
use serde_json::Value;

use super::{SECRETS, Stage, without_harness};
use crate::common::{Ran, World, tool};
use crate::sshd::Sshd;

const STORE: &str = "/var/lib/codewhale-setup/bundle/store-secrets.sh";

/// A stage with a machine behind it.
pub struct Machine {
    pub stage: Stage,
    pub sshd: Sshd,
}

impl Machine {
    /// `None`, said aloud, where something for it is missing.
    pub fn new(more: &[&str]) -> Option<Machine> {
        Machine::with(more, Vec::new())
    }

    pub fn with(more: &[&str], faults: Vec<Fault>) -> Option<Machine> {
        let (_, keyscan) = (tool("terraform")?, tool("ssh-keyscan")?);
        let sshd = Sshd::start()?;
        let world = World::new();
        let key = fs::read_to_string(sshd.identity().with_extension("pub")).expect("a key");
        let flags = [
            "--cloud=lighthouse",
            "--bridge=telegram",
            "--provider=openrouter",
            "--ssh-public-key",
            key.trim(),
            "--out=bundle",
        ];
        let ssh_from: &[&str] = match more.iter().any(|flag| flag.starts_with("--allow-ssh-from")) {
            true => &[],
            false => &["--allow-ssh-from=203.0.113.7/32"],
        };
        world.run(&[&flags, ssh_from, more].concat()).ok();
        let home = world.path(".ssh");
        fs::create_dir(&home).expect("a folder");
        fs::copy(sshd.identity(), home.join("agent")).expect("copied");
        // The comment is somebody's own.
        let renamed = key.replace(" test", " me@laptop");
        fs::write(home.join("agent.pub"), renamed).expect("written");
        let stage = Stage::of(world, "lighthouse", "TENCENTCLOUD_SECRET_ID", SECRETS, faults)?;
        stage.program("ssh", &format!("exec '{}' \"$@\"", sshd.client().join("ssh").display()));
        stage.program("ssh-keyscan", &scanned(&keyscan, &sshd));
        let machine = Machine { stage, sshd };
        machine.has_files();
        machine.runs(r#"exec bash "$MACHINE$2""#);
        machine.installs("");
        Some(machine)
    }

    /// TAT, which is emulated, or CNB brought the host files.
    fn has_files(&self) {
        let script = self.stage.world.read("bundle/store-secrets.sh");
        self.sshd.put(STORE, &script);
        fs::create_dir_all(self.sshd.machine().join("etc/codewhale")).expect("a folder");
    }

    /// What `sudo` does on the machine; `$MACHINE` stands for its root folder.
    pub fn runs(&self, how: &str) {
        let machine = self.sshd.machine();
        let machine = machine.display();
        self.sshd.program(
            "sudo",
            &format!(
                "#!/bin/bash\nexport MACHINE='{machine}' CODEWHALE_ETC='{machine}/etc/codewhale' CODEWHALE_SETUP='{machine}/var/lib/codewhale-setup'\n\
                 echo \"sudo $*\" >>\"$MACHINE/sudo.log\"\n{how}\n"
            ),
        );
        self.sshd
            .program("cat", &format!("#!/bin/bash\nexec /bin/cat '{machine}'\"$1\"\n"));
    }

    /// What an installation does after `first`: everything is ready at once.
    pub fn installs(&self, first: &str) {
        self.sshd.program(
            "systemd-run",
            &format!(
                "#!/bin/bash\nS=$CODEWHALE_SETUP\necho \"$*\" >>\"$MACHINE/installed.log\"\nrm -f \"$S/pending/\"* \"$S/again\"\n\
                 result() {{ echo \"{{\\\"schema_version\\\": 1, \\\"status\\\": \\\"$1\\\", \\\"step\\\": \\\"keep\\\", \\\"message\\\": \\\"$2\\\"}}\" >\"$S/result.json\"; }}\n\
                 {first}\n{} >\"$S/result.json\"\n",
                self.stage.installs()
            ),
        );
    }

    pub fn address(&self) -> String {
        self.stage.address()
    }

    /// The files as they are on the machine.
    pub fn secrets(&self) -> [Option<String>; 3] {
        ["broker", "runtime", "telegram"].map(|file| self.sshd.get(&format!("/etc/codewhale/{file}.secrets.env")))
    }

    pub fn installations(&self) -> usize {
        self.sshd.get("/installed.log").unwrap_or_default().lines().count()
    }

    /// The last receipt.
    pub fn receipt(&self) -> Value {
        let path = self.stage.receipts().pop().expect("a receipt");
        serde_json::from_str(&fs::read_to_string(path).expect("text")).expect("JSON")
    }

    /// Applied, with its secrets, and the host key known.
    pub fn applied(self) -> Machine {
        self.stage
            .run(&["apply", "bundle", "--yes", "--host-key", &self.sshd.fingerprint()])
            .ok();
        assert_eq!(self.secrets(), Machine::expected());
        self
    }

    pub fn expected() -> [Option<String>; 3] {
        let [model, bot, token] = [0, 1, 2].map(|at: usize| format!("{}={}\n", SECRETS[at].0, SECRETS[at].1));
        [Some(model), Some(token.clone()), Some(format!("{token}{bot}"))]
    }
}

#[test]
fn from_the_plan_to_a_machine_that_is_ready() {
    let Some(machine) = Machine::new(&[]) else { return };
    let stage = &machine.stage;
    // Of a machine that is not there any more.
    stage
        .world
        .write("bundle/known_hosts", &machine.sshd.known_host("203.0.113.1"));
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "").ok();
    let identity = stage.world.path(".ssh/agent");
    let fingerprint = machine.sshd.fingerprint();
    for said in [
        "+ module.agent.tencentcloud_lighthouse_instance.this",
        "port 22 from 203.0.113.7/32",
        "OPENROUTER_API_KEY goes to /etc/codewhale/broker.secrets.env on the machine, over SSH",
        "CODEWHALE_RUNTIME_TOKEN goes to /etc/codewhale/runtime.secrets.env and /etc/codewhale/telegram.secrets.env",
        "ssh-keyscan -T 10 -t ed25519 -- {host}",
        "store-secrets.sh'  # reads the secrets",
        "a month (Tencent Cloud Lighthouse's price today)",
        "Apply this? [y/N]",
        &format!("-i {} -- {{ssh_target}} true", identity.display()),
        &format!("{fingerprint} (ssh-ed25519)"),
        "Does it match? [y/N]",
        "secrets: stored on the machine",
        "ready: it answers",
    ] {
        assert!(ran.stderr.contains(said), "`{said}` is not said:\n{}", ran.stderr);
    }
    assert_eq!(machine.secrets(), Machine::expected());
    for file in ["broker", "runtime", "telegram"] {
        let path = machine.sshd.machine().join(format!("etc/codewhale/{file}.secrets.env"));
        assert_eq!(fs::metadata(path).expect("a file").permissions().mode() & 0o777, 0o600);
    }
    let known = machine.sshd.known_host(&machine.address());
    assert_eq!(stage.world.read("bundle/known_hosts"), known);
    let receipt = machine.receipt();
    assert_eq!((&receipt["status"], &receipt["secrets"]), (&"applied".into(), &"stored".into()));
    let called = machine.sshd.called();
    for option in [
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "UserKnownHostsFile=known_hosts",
        "IdentitiesOnly=yes",
    ] {
        assert!(
            called.lines().all(|line| line.contains(&format!("<{option}>"))),
            "{option}: {called}"
        );
    }

    // Nothing to apply still asks, and brings what is there already.
    let ran = stage.answered(&["apply", "bundle"], Some("n"), "");
    assert!(ran.code == 4 && ran.stderr.contains("Push this? [y/N]"), "{ran:#?}");
    let ran = stage.answered(&["apply", "bundle", "--json"], Some("y"), "").ok();
    assert!(ran.stderr.contains("Cloud\n  no changes"), "{ran:#?}");
    assert!(!ran.stderr.contains("Does it match?"), "{ran:#?}");
    let printed: Value = serde_json::from_str(&ran.stdout).expect("one JSON object");
    assert_eq!((&printed["status"], &printed["secrets"]), (&"pushed".into(), &"unchanged".into()));
    assert_eq!(machine.installations(), 1);
}

#[test]
fn marked_secrets_are_in_no_argument_file_or_word() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let ran = machine.stage.run(&["push", "bundle", "--yes", "--json"]).ok();
    super::leaks::nothing_leaked(&machine.stage, "push", &ran);
    assert!(!machine.sshd.called().contains("MARKED"));
    for (place, text) in [("its commands", "/sudo.log"), ("its log", "/installed.log")] {
        let text = machine.sshd.get(text).expect(place);
        assert!(!text.contains("MARKED"), "{place}: {text}");
    }
    assert!(!machine.sshd.log().contains("MARKED"));
    machine
        .stage
        .run(&["destroy", "bundle", "--yes", "--allow-destroy"])
        .ok();
    super::leaks::nothing_leaked(&machine.stage, "destroy", &ran);
}

#[test]
fn services_that_wait_are_waited_for() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.installs(
        "result waiting 'the secrets have not arrived'\n( sleep 5; result ready 'it answers' ) >/dev/null 2>&1 </dev/null & exit",
    );
    let ran = machine
        .stage
        .run(&["apply", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()])
        .ok();
    assert!(ran.stderr.contains("(it reports: the secrets have not arrived)"), "{ran:#?}");
    assert!(ran.stderr.contains("ready: it answers"), "{ran:#?}");
}

#[test]
fn files_go_over_ssh_where_that_was_chosen() {
    let Some(machine) = Machine::new(&["--bootstrap=ssh"]) else {
        return;
    };
    fs::remove_dir_all(machine.sshd.machine().join("var")).expect("removed");
    let store = machine.stage.world.path("bundle/store-secrets.sh");
    machine.runs(&format!(
        "S=$MACHINE/var/lib/codewhale-setup\nif [ \"$*\" = 'bash -s' ]; then\n/bin/cat >\"$MACHINE/received\"; mkdir -p \"$S/bundle\"\ncp '{}' \"$S/bundle/\"\nexit\nfi\nexec bash \"$MACHINE$2\"",
        store.display()
    ));
    let ran = machine
        .stage
        .run(&["apply", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()])
        .ok();
    assert!(ran.stderr.contains("'sudo bash -s' < bootstrap.sh"), "{ran:#?}");
    assert_eq!(
        machine.sshd.get("/received").expect("a script"),
        machine.stage.world.read("bundle/bootstrap.sh")
    );
    assert_eq!(machine.secrets(), Machine::expected());
    assert!(ran.stderr.contains("ready: it answers"), "{ran:#?}");
}

#[test]
fn files_that_come_through_cnb_leave_the_secrets_for_later() {
    let args = [
        "--bootstrap=cnb",
        "--cnb-repository=acme/agent",
        "--cnb-secrets=acme/secrets",
    ];
    let Some(machine) = Machine::new(&args) else { return };
    let ran = machine.stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("https://cnb.cool/acme/agent"), "{ran:#?}");
    assert!(ran.stderr.contains("remote-setup push "), "{ran:#?}");
    assert_eq!((machine.sshd.called(), machine.secrets()), (String::new(), [None, None, None]));
    assert!(!ran.stderr.contains("The machine is setting itself up"), "CNB does that: {ran:#?}");
    let ran = machine
        .stage
        .run(&["push", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()])
        .ok();
    assert!(ran.stderr.contains("Pair your phone"), "{ran:#?}");
    assert_eq!(machine.secrets(), Machine::expected());
    assert_eq!(machine.receipt()["aim"], "push");
}

#[test]
fn without_ssh_a_person_brings_the_secrets() {
    let Some(machine) = Machine::new(&["--allow-ssh-from=none"]) else {
        return;
    };
    let ran = machine.stage.run(&["apply", "bundle", "--yes"]).ok();
    assert!(ran.stderr.contains("Inbound\n  nothing"), "{ran:#?}");
    assert!(ran.stderr.contains("later, by hand"), "{ran:#?}");
    assert!(ran.stderr.contains("no secret was pushed: log in from the console"), "{ran:#?}");
    assert!(
        ran.stderr
            .contains("The machine could not be asked about its setup either"),
        "{ran:#?}"
    );
    assert_eq!(machine.sshd.called(), "");
    let again = machine.stage.run(&["apply", "bundle"]).ok();
    assert!(again.stderr.contains("No changes: the cloud matches the bundle"), "{again:#?}");
    assert!(!again.stderr.contains("Nothing to do"), "nobody asked the machine: {again:#?}");
    assert!(
        again
            .stderr
            .contains("The machine was not checked: no address may reach SSH."),
        "{again:#?}"
    );
    machine
        .stage
        .run(&["push", "bundle"])
        .refused()
        .says("no address may reach SSH");
}

#[test]
fn a_vault_needs_no_push() {
    let Some(stage) = Stage::new(Vec::new()) else { return };
    stage
        .run(&["push", "bundle"])
        .refused()
        .says("keeps the secrets in a vault");
}

#[test]
fn a_changed_script_runs_again_and_asks_plainly() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let stage = &machine.stage;
    stage.world.run(&["--spec=bundle/deployment.yaml", "--workers=5"]).ok();
    let ran = stage.answered(&["apply", "bundle"], Some("y"), "").ok();
    assert!(
        ran.stderr
            .contains("± module.agent.tencentcloud_tat_invocation_invoke_attachment"),
        "{ran:#?}"
    );
    assert!(ran.stderr.contains("Apply this? [y/N]"), "{ran:#?}");
    assert!(stage.world.path("bundle/known_hosts").exists(), "it is still the same machine");
}

#[test]
fn destroying_lifts_the_guard_for_itself_and_forgets_the_host_key() {
    let Some(machine) = Machine::new(&[]).map(Machine::applied) else {
        return;
    };
    let (stage, guard) = (&machine.stage, "bundle/modules/lighthouse/destroy_override.tf");
    let before = "test -e bundle/modules/lighthouse/destroy_override.tf && touch lifted";
    let ran = stage.answered(&["destroy", "bundle"], Some("no"), before);
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(stage.world.path("lifted").exists() && !stage.world.path(guard).exists());
    // What a killed run left would let an apply destroy the machine.
    stage.world.write(guard, "resource \"tencentcloud_lighthouse_instance\" \"this\" {\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n");
    stage.run(&["plan", "bundle"]).ok();
    assert!(!stage.world.path(guard).exists());

    stage.answered(&["destroy", "bundle"], Some("codewhale"), "").ok();
    assert_eq!(stage.state(), Vec::<String>::new());
    assert!(!stage.world.path(guard).exists() && !stage.world.path("bundle/known_hosts").exists());
}

#[test]
fn nobody_opens_more_than_the_policies_allow() {
    for (change, said) in [
        ("s/cidr_block  .*/cidr_block = \"0.0.0.0\\/0\"/", "allows TCP 22 from `0.0.0.0/0`"),
        ("s/cidr_block  .*/cidr_block = \"0.0.0.0\\/1\"/", "allows TCP 22 from `0.0.0.0/1`"),
        ("s/cidr_block  .*//", "allows TCP 22 from everywhere"),
        (
            "s/cidr_block  .*/cidr_block = tencentcloud_lighthouse_instance.this.id/",
            "is known only after applying",
        ),
        ("s/port  .*/port = \"ALL\"/", "allows TCP ALL"),
        ("s/port  .*/port = \"22,7878\"/", "allows TCP 22, 7878"),
        ("s/port  .*/port = \"7000-8000\"/", "allows TCP 7000-8000"),
        ("s/port  .*//", "allows TCP ALL"),
        ("s/protocol  .*/protocol = \"ALL\"/", "allows ALL 22"),
        ("s/count = .*/count = 0/", "no rule that allows TCP 22 from `203.0.113.7/32`"),
        (
            "s/template_name = .*/&\\n  template_rules {\\n    protocol = \"TCP\"\\n    port = \"22\"\\n    cidr_block = \"0.0.0.0\\/0\"\\n    action = \"ACCEPT\"\\n  }/",
            "allows TCP 22 from `0.0.0.0/0`",
        ),
    ] {
        let Some(machine) = Machine::new(&[]) else { return };
        let file = "modules/lighthouse/network.tf";
        let path = machine.stage.world.path(&format!("bundle/{file}"));
        let text = crate::common::passes(std::process::Command::new("sed").arg(change).arg(&path));
        machine.stage.terraform_reads(file, &text, &["plan"]);
        let ran = machine.stage.run(&["apply", "bundle", "--yes"]);
        assert!(ran.code == 1 && ran.stderr.contains(said), "{change}: {ran:#?}");
        assert_eq!(machine.stage.emulator.record(), [], "{change}");
    }
}

#[test]
fn known_failures_of_lighthouse_get_a_cause_and_one_thing_to_do() {
    for (kind, detail, cause, hint) in [
        (
            "tencentcloud_lighthouse_instance",
            "lighthouse instance status is PENDING, retry...",
            "so it is not in the state",
            "/bundle import module.agent.tencentcloud_lighthouse_instance.this ID`",
        ),
        (
            "tencentcloud_lighthouse_instance",
            "[TencentCloudSDKError] Code=ResourcesSoldOut.BundleSoldOut",
            "the Lighthouse bundle that `auto` chose has sold out",
            "state rm 'module.agent.terraform_data.bundle[0]'",
        ),
        (
            "tencentcloud_tat_invocation_invoke_attachment",
            "[TencentCloudSDKError] Code=ResourceUnavailable.AgentNotInstalled",
            "could not be told to run its first script",
            "change `bootstrap` to `ssh`",
        ),
        (
            "tencentcloud_tat_invocation_invoke_attachment",
            "[TencentCloudSDKError] Code=AuthFailure.SecretIdNotFound",
            "rejects your credentials",
            "TENCENTCLOUD_SECRET_ID",
        ),
    ] {
        let fault = Fault {
            when: Trigger::ResourceType(kind.to_owned()),
            then: Effect::Fail {
                summary: "the cloud says no".to_owned(),
                detail: detail.to_owned(),
            },
        };
        let Some(machine) = Machine::with(&[], vec![fault]) else {
            return;
        };
        let ran = machine.stage.run(&["apply", "bundle", "--yes"]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        for said in [cause, hint, detail] {
            assert!(ran.stderr.contains(said), "`{said}`: {ran:#?}");
        }
        assert_eq!(machine.sshd.called(), "", "nothing goes to a machine that is not whole");
    }
}

/// TAT calls every run a success, so the machine is asked before its secrets go to an installer of before.
#[test]
fn host_files_that_did_not_arrive_are_told_and_sent_again() {
    let Some(machine) = Machine::new(&[]) else { return };
    let result = "/var/lib/codewhale-setup/result.json";
    let failed =
        "{\"schema_version\": 1, \"status\": \"failed\", \"step\": \"bootstrap\", \"message\": \"is the disk full?\"}";
    machine.sshd.put(result, failed);
    let apply = ["apply", "bundle", "--yes", "--host-key", &machine.sshd.fingerprint()];
    let ran = machine.stage.run(&apply);
    assert_eq!(ran.code, 1, "{ran:#?}");
    let said = "the host files did not arrive on the machine: is the disk full?";
    assert!(ran.stderr.contains(said), "{ran:#?}");
    assert_eq!(machine.secrets(), [None, None, None]);

    machine.runs(
        "if [ \"$*\" = 'bash -s' ]; then /bin/cat >\"$MACHINE/received\"; rm \"$CODEWHALE_SETUP/result.json\"; exit; fi\nexec bash \"$MACHINE$2\"",
    );
    let hint = ran
        .stderr
        .lines()
        .find(|line| line.contains("send them again"))
        .expect("a hint");
    let mut quoted = hint.split('`').skip(1).step_by(2);
    let (folder, command) = (quoted.next().expect("a folder"), quoted.next().expect("a command"));
    let path = format!("{}:/usr/bin:/bin", machine.stage.world.path("bin").display());
    let sent = Command::new("sh")
        .args(["-c", command])
        .env("PATH", path)
        .current_dir(folder)
        .status();
    assert!(sent.expect("sh").success(), "{hint}");
    let received = machine.sshd.get("/received").expect("a script");
    assert_eq!(received, machine.stage.world.read("bundle/bootstrap.sh"));
    machine.stage.run(&apply).ok();
    assert_eq!(machine.secrets(), Machine::expected());
}

/// A fresh machine's agent starts after the machine does.
#[test]
fn an_agent_that_is_not_online_yet_is_waited_for() {
    let fault = Fault {
        when: Trigger::NthApply(7),
        then: Effect::Fail {
            summary: "the cloud says no".to_owned(),
            detail: "[TencentCloudSDKError] Code=ResourceUnavailable.AgentStatusNotOnline".to_owned(),
        },
    };
    let Some(machine) = Machine::with(&[], vec![fault]) else {
        return;
    };
    let key = machine.sshd.fingerprint();
    let ran = machine
        .stage
        .run(&["apply", "bundle", "--yes", "--host-key", &key])
        .ok();
    assert!(ran.stderr.contains("is not online yet; retrying in"), "{ran:#?}");
    let invocations = |applied: &&Applied| applied.type_name == "tencentcloud_tat_invocation_invoke_attachment";
    let record = machine.stage.emulator.record();
    assert_eq!(record.iter().filter(invocations).count(), 1, "{record:#?}");
}

#[test]
fn who_is_logged_in_is_asked_of_the_cloud_s_own_program() {
    let Some(machine) = Machine::new(&[]) else { return };
    let who = "echo '{\"Arn\": \"qcs::cam::uin/1:uin/2\", \"AccountId\": \"100000000001\", \"RequestId\": \"x\"}'";
    machine.stage.program("tccli", who);
    let ran = without_harness(Ran::of(&mut machine.stage.with_variables(&["plan", "bundle"], &[]))).ok();
    assert!(ran.stdout.contains("qcs::cam::uin/1:uin/2 (100000000001)"), "{ran:#?}");
    assert!(
        machine
            .stage
            .calls()
            .contains("tccli sts GetCallerIdentity --output json\n")
    );
    machine
        .stage
        .program("tccli", "echo 'secretId is invalid' >&2; exit 255");
    let ran = without_harness(Ran::of(&mut machine.stage.with_variables(&["plan", "bundle"], &[])));
    assert!(ran.code == 1 && ran.stderr.contains("tccli auth login"), "{ran:#?}");
}

/// Shell that asks the server for its key whatever address is named.
pub fn scanned(keyscan: &Path, sshd: &Sshd) -> String {
    format!(
        "for host; do :; done\n'{}' -T 10 -t ed25519 -p {} 127.0.0.1 | sed \"s/^[^ ]*/$host/\"",
        keyscan.display(),
        sshd.port()
    )
}

/// The program at a terminal of its own.
pub fn at_terminal(machine: &Machine, args: &[&str]) -> PtySession {
    let mut command = machine.stage.command(args);
    command.env("TERM", "dumb").stdin(std::process::Stdio::inherit());
    spawn_command(command, Some(20_000)).expect("a terminal")
}
