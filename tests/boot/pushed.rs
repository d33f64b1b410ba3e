//! Machines without a vault: everything comes by the cloud's agent or by SSH, secrets by SSH only,
//! late, again, half of them, onto a full disk; and a release that is taken back.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use remote_setup::deployment::Deployment;
use remote_setup::inputs::{Cnb, Spec};

use crate::bed::{Bed, Plan, mirrored};
use crate::broken::{PUSHED, each_is_noticed};
use crate::checks::{self, services};
use crate::common::{Ran, resolve};
use crate::world::{MARK, first_value};

pub const STORE: &str = "sudo bash /var/lib/codewhale-setup/bundle/store-secrets.sh";
const ROLL_BACK: &str = "sudo /opt/codewhale/bin/codewhale-roll-back";
const HOST_KEY: &str = "cat /etc/ssh/ssh_host_ed25519_key.pub";

pub fn lighthouse(bridge: &str, bootstrap: &str) -> Spec {
    Spec {
        cloud: Some("lighthouse".to_owned()),
        bridge: Some(bridge.to_owned()),
        bootstrap: Some(bootstrap.to_owned()),
        cnb: Some(Cnb {
            deploy: Some("ssh".to_owned()),
            ..Cnb::default()
        }),
        ..mirrored()
    }
}

/// The secrets of a deployment by their names in the environment; `round` tells their versions apart.
pub fn values(deployment: &Deployment, round: u8) -> Vec<(&'static str, String)> {
    let value = |vault_name: &str| match first_value(vault_name) {
        first if first.starts_with(MARK) => format!("{}{round}", first.trim_end_matches('1')),
        fixed => fixed,
    };
    let secrets = deployment.secrets.iter();
    secrets
        .map(|secret| (secret.env, value(&secret.vault_name())))
        .collect()
}

fn text_of(values: &[(&str, String)]) -> String {
    let mut text = "CODEWHALE-SECRETS 1\n".to_owned();
    for (name, value) in values {
        writeln!(text, "{name}={value}").expect("written");
    }
    writeln!(text, "END {}", values.len()).expect("written");
    text
}

/// Stores a round of secrets.
pub fn push(bed: &Bed, round: u8) -> Ran {
    expect_outside(bed, round);
    bed.ssh(STORE, &text_of(&values(&bed.deployment, round)))
}

/// The outside takes this round of secrets from now on.
pub fn expect_outside(bed: &Bed, round: u8) {
    for (secret, (_, value)) in bed.deployment.secrets.iter().zip(&values(&bed.deployment, round)) {
        bed.world.rotate(&secret.vault_name(), value);
    }
}

fn says(ran: Ran, last_line: &str) {
    let ran = ran.ok();
    assert_eq!(ran.stdout.lines().last(), Some(last_line), "{ran:#?}");
    assert!(!ran.stdout.contains(MARK) && !ran.stderr.contains(MARK), "{ran:#?}");
}

/// Everything is installed, and no service has even tried to start.
pub fn it_waits(bed: &Bed) {
    let units = format!("codewhale-secrets codewhale-broker codewhale-runtime {}", bed.bridge_unit());
    let states = bed.run(&format!("systemctl is-active {units}; systemctl is-enabled {units}"));
    assert_eq!(
        states.stdout, "inactive\ninactive\ninactive\ninactive\nenabled\nenabled\nenabled\nenabled\n",
        "{}",
        bed.name
    );
    assert_eq!(bed.text("systemctl is-active codewhale-metadata-block").trim(), "active");
    assert_eq!(starts(bed), [0, 0], "{}", bed.name);
    nothing_failed(bed);
}

fn nothing_failed(bed: &Bed) {
    let failures = bed.run(
        "journalctl --quiet --output=cat --unit='codewhale-*' | grep -E 'Failed (with|to)|Dependency failed'; \
         systemctl list-units --state=failed --plain --no-legend 'codewhale-*'",
    );
    assert_eq!(failures.stdout, "", "{}", bed.name);
}

/// How often runtime and bridge were started since the machine was made.
fn starts(bed: &Bed) -> [u32; 2] {
    bed.text("journalctl --sync");
    ["codewhale-runtime", &bed.bridge_unit()].map(|unit| {
        let count = bed.run(&format!("journalctl --quiet --output=cat --unit={unit} | grep -c '^Started '"));
        count.stdout.trim().parse().expect("a number")
    })
}

/// What a service was given, and what is stored, are the same.
pub fn stored_is_what_runs(bed: &Bed) {
    let broker = bed.deployment.broker.as_ref().map(|_| "broker");
    for name in ["runtime", bed.deployment.bridge.slug].into_iter().chain(broker) {
        bed.text(&format!("cmp /etc/codewhale/{name}.secrets.env /run/codewhale/{name}.secrets.env"));
    }
    let left = bed.text("find /etc/codewhale -name '.*'; ls /var/lib/codewhale-setup/pending");
    assert_eq!(left, "", "{}", bed.name);
}

fn waiting(bed: &Bed) {
    let result = bed.result();
    assert_eq!(result["status"], "waiting", "{}: {result:#}\n{}", bed.name, bed.last_words());
    let message = result["message"].as_str().expect("a message");
    assert!(message.contains("the secrets have not arrived"), "{message}");
    it_waits(bed);
    let doctor = bed.doctor("");
    assert_eq!(doctor.code, 1, "{doctor:#?}");
    assert!(doctor.stdout.contains("it is waiting for its secrets"), "{doctor:#?}");
}

#[test]
fn telegram_by_the_clouds_agent() {
    let spec = lighthouse("telegram", "tat");
    let Some(mut bed) = Bed::boot(Plan::new("lighthouse, telegram, agent", &spec)) else {
        return;
    };
    let said = bed.bootstrap_by_tat(&bed.deployment);
    // As the operator reads it in the cloud's console.
    let key = said
        .lines()
        .find_map(|line| line.strip_prefix("SSH host key: ssh-"))
        .expect("a key");
    bed.pin(&format!("ssh-{key}"));
    waiting(&bed);
    bed.restart();
    bed.wait_for("boot", || (bed.run("systemctl is-active multi-user.target").code == 0).then_some(()));
    waiting(&bed);

    says(push(&bed, 1), "stored");
    checks::everything(&bed);
    stored_is_what_runs(&bed);
    nothing_failed(&bed);
    assert_eq!(starts(&bed), [1, 1], "{}", bed.name);

    pushed_again(&bed);
    a_new_key_alone(&bed);
    a_key_of_before_the_broker_is_taken_over(&bed);
    a_newer_release_and_back(&bed);
    bed.reboot();
    it_is_well(&bed, 3);
    crate::agent::the_agent_is_kept_in(&bed);
}

/// The same secrets change nothing; others start each service anew, once.
fn pushed_again(bed: &Bed) {
    let up = services(bed);
    says(push(bed, 1), "unchanged");
    assert_eq!(services(bed), up, "{}: nothing has changed", bed.name);

    let before = starts(bed);
    says(push(bed, 2), "stored");
    bed.ready();
    assert_eq!(starts(bed), before.map(|count| count + 1), "{}: each once", bed.name);
    it_is_well(bed, 2);
}

fn a_new_key_alone(bed: &Bed) {
    let mut values = values(&bed.deployment, 2);
    let name = crate::broker::key_name(bed);
    let new = format!("{MARK}{name}-9");
    let key = bed.deployment.provider.key().expect("a key");
    for (_, value) in values.iter_mut().filter(|(known, _)| *known == key) {
        value.clone_from(&new);
    }
    crate::broker::the_key_changes_under_a_turn(bed, &new, || {
        bed.world.rotate(&name, &new);
        says(bed.ssh(STORE, &text_of(&values)), "stored");
        bed.ready();
    });
    stored_is_what_runs(bed);
}

/// As a machine is that was set up when the runtime held the key itself.
fn a_key_of_before_the_broker_is_taken_over(bed: &Bed) {
    bed.text(
        "cd /etc/codewhale && cat broker.secrets.env >>runtime.secrets.env && rm broker.secrets.env
         systemctl disable --now codewhale-broker && rm /etc/systemd/system/codewhale-broker.service
         cat runtime.secrets.env >/run/codewhale/runtime.secrets.env && rm /run/codewhale/broker.secrets.env
         rm -r /run/codewhale-broker /etc/codewhale/broker && systemctl daemon-reload",
    );
    let (ran, result) = bed.install_again();
    assert_eq!(result["status"], "ready", "{ran:#?}");
    let key = bed.deployment.provider.key().expect("a key");
    assert_eq!(
        bed.text(&format!(
            "grep -l '^{key}=' /etc/codewhale/*.secrets.env /run/codewhale/*.secrets.env"
        )),
        "/etc/codewhale/broker.secrets.env\n/run/codewhale/broker.secrets.env\n"
    );
    stored_is_what_runs(bed);
    checks::doctor_agrees(bed);
    crate::broker::a_turn_streams(bed, &format!("{MARK}{}-9", crate::broker::key_name(bed)));
}

pub fn it_is_well(bed: &Bed, round: u8) {
    stored_is_what_runs(bed);
    let values = values(&bed.deployment, round);
    let (_, token) = values
        .iter()
        .find(|(name, _)| *name == "CODEWHALE_RUNTIME_TOKEN")
        .expect("a token");
    checks::the_token_opens_the_runtime(bed, token);
    // Of the bundle whose version runs.
    let current = bed.text("readlink /opt/codewhale/current");
    let version = current.trim().strip_prefix("versions/").expect("a version");
    let deployment = resolve(&Spec {
        codewhale_version: Some(version.to_owned()),
        ..bed.deployment.spec.clone()
    });
    let doctor = bed.ssh("sudo bash -s", &crate::common::file(&deployment, "doctor.sh"));
    assert_eq!(doctor.code, 0, "{}: {doctor:#?}", bed.name);
    checks::secrets_are_nowhere_else(bed);
}

/// A push that meets an installation at work loses nothing; what was ready but is no good goes.
fn a_newer_release_and_back(bed: &Bed) {
    let newer = resolve(&Spec {
        codewhale_version: Some("0.9.12".to_owned()),
        ..bed.deployment.spec.clone()
    });
    let none = bed.ssh(ROLL_BACK, "");
    assert_eq!(none.code, 1, "{none:#?}");
    assert!(none.stderr.contains("no release before"), "{none:#?}");

    bed.bootstrap_by_tat(&newer);
    says(push(bed, 3), "stored");
    let result = bed.ready();
    assert_eq!(result["codewhale_version"], "0.9.12", "{result:#}");
    is_at(bed, "0.9.12");
    it_is_well(bed, 3);

    let back = bed.ssh(ROLL_BACK, "");
    assert_eq!(back.code, 0, "{back:#?}\n{}", bed.last_words());
    assert_eq!(bed.ready()["codewhale_version"], "0.9.9");
    is_at(bed, "0.9.9");
    it_is_well(bed, 3);
    // The push after it does not bring the other release again.
    says(push(bed, 3), "unchanged");
    assert_eq!(bed.ssh(ROLL_BACK, "").code, 1, "there is no release before the first one");
    is_at(bed, "0.9.9");
}

/// What runs, what is installed, and what the next installation would bring.
pub fn is_at(bed: &Bed, version: &str) {
    let found = bed.text(&format!(
        "curl -sf http://127.0.0.1:{}/v1/runtime/info | grep -o '[0-9][.][0-9.]*'; readlink /opt/codewhale/current
         grep -h '^VERSION=' {}/install.sh /var/lib/codewhale-setup/last-good/install.sh",
        bed.deployment.port,
        crate::bed::BUNDLE
    ));
    assert_eq!(
        found,
        format!("{version}\nversions/{version}\nVERSION='{version}'\nVERSION='{version}'\n")
    );
}

#[test]
fn feishu_by_ssh() {
    let spec = lighthouse("feishu", "ssh");
    let Some(bed) = Bed::boot(Plan::new("lighthouse, feishu, SSH", &spec)) else {
        return;
    };
    bed.wait_for("cloud-init", || (bed.run("cloud-init status --wait").code == 0).then_some(()));
    another_host_key_is_refused(&bed);
    bed.pin(&bed.text(HOST_KEY));
    let script = bed.file("bootstrap.sh");
    a_damaged_script_is_refused(&bed, &script);
    let ran = bed.ssh("sudo bash -s", &script).ok();
    assert!(ran.stdout.contains("The installation has begun"), "{ran:#?}");
    waiting(&bed);
    the_waiting_is_checked(&bed);

    says(push(&bed, 1), "stored");
    checks::everything(&bed);
    stored_is_what_runs(&bed);
    a_cut_push_changes_nothing(&bed);
    a_full_disk_changes_nothing(&bed);
    crate::living::another_run_changes_nothing(&bed, &["second"]);
    each_is_noticed(&bed, PUSHED);
    a_firewall_of_the_owner_keeps_the_block(&bed);
    crate::pipeline::it_deploys_and_goes_back(&bed);
}

fn a_damaged_script_is_refused(bed: &Bed, script: &str) {
    let middle = script.find("<<'PACKED.'\n").expect("packed files") + 500;
    let damaged = format!("{}{}", &script[..middle], &script[middle + 1..]);
    let ran = bed.ssh("sudo bash -s", &damaged);
    assert!(ran.code == 1 && ran.stderr.contains("damaged in transit"), "{ran:#?}");
    let told = bed.result();
    assert_eq!((&told["status"], &told["step"]), (&"failed".into(), &"bootstrap".into()), "{told}");
    assert_eq!(bed.text("ls -A /var/lib/codewhale-setup").trim(), "result.json");
}

/// Its rules begin with a flush of all others.
fn a_firewall_of_the_owner_keeps_the_block(bed: &Bed) {
    assert_eq!(bed.run("systemctl is-active nftables").stdout.trim(), "inactive");
    assert!(bed.text("cat /etc/nftables.conf").contains("flush ruleset"));
    for verb in ["start", "reload", "restart"] {
        bed.text(&format!("systemctl {verb} nftables && nft list table inet codewhale_metadata"));
    }
    // A restart takes all that requires the block along.
    crate::living::wait_until_both_run(bed);
    crate::agent::the_agent_is_kept_in(bed);
}

fn another_host_key_is_refused(bed: &Bed) {
    bed.pin(crate::common::KEY);
    let ran = bed.ssh("true", "");
    assert_eq!(ran.code, 255, "{ran:#?}");
    assert!(ran.stderr.contains("Host key verification failed"), "{ran:#?}");
}

/// Without the conditions in the units the services would try, and fail.
fn the_waiting_is_checked(bed: &Bed) {
    let folder = "/run/systemd/system/codewhale-runtime.service.d";
    bed.text(&format!(
        "mkdir -p {folder} && printf '[Unit]\\nConditionPathExists=\\n' >{folder}/x.conf && systemctl daemon-reload
         systemctl start --no-block codewhale-runtime; sleep 1"
    ));
    let noticed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| it_waits(bed))).is_err();
    assert!(noticed, "nobody noticed that a service does not wait");
    bed.text(&format!(
        "rm -r {folder} && systemctl daemon-reload && systemctl stop codewhale-runtime
         systemctl reset-failed"
    ));
}

/// The connection ends in the middle of a value.
fn a_cut_push_changes_nothing(bed: &Bed) {
    let (before, up) = (stored(bed), services(bed));
    let text = text_of(&values(&bed.deployment, 2));
    let mut client = bed.ssh_command(STORE).stdin(Stdio::piped()).spawn().expect("ssh");
    let mut stdin = client.stdin.take().expect("stdin");
    stdin.write_all(&text.as_bytes()[..text.len() - 10]).expect("written");
    stdin.flush().expect("written");
    let at_work = "pgrep --full 'bundle/[s]tore-secrets.sh'";
    bed.wait_for("script that takes them", || (bed.run(at_work).code == 0).then_some(()));
    client.kill().expect("killed");
    client.wait().expect("ended");
    drop(stdin);
    bed.wait_for("end of the script", || (bed.run(at_work).code != 0).then_some(()));
    assert_eq!((stored(bed), services(bed)), (before, up), "{}", bed.name);
    stored_is_what_runs(bed);
}

/// Where secrets rest, nothing more can be written.
fn a_full_disk_changes_nothing(bed: &Bed) {
    let up = services(bed);
    bed.text(
        "mkdir /root/small && mount -t tmpfs -o size=64k,mode=0755 tmpfs /root/small
         cp -a /etc/codewhale/. /root/small/ && mount --bind /root/small /etc/codewhale
         ! cat /dev/zero >/etc/codewhale/fill 2>/dev/null",
    );
    let before = stored(bed);
    let ran = bed.ssh(STORE, &text_of(&values(&bed.deployment, 2)));
    assert_eq!(ran.code, 1, "{ran:#?}");
    let last = ran.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("is the disk full?; the previous secrets are untouched"), "{ran:#?}");
    assert_eq!((stored(bed), services(bed)), (before, up), "{}", bed.name);
    bed.text("umount /etc/codewhale && umount /root/small && rmdir /root/small");
    stored_is_what_runs(bed);
}

fn stored(bed: &Bed) -> String {
    bed.text("cd /etc/codewhale && ls -A && sha256sum *.secrets.env && cat /var/lib/codewhale-setup/result.json")
}
