//! What a machine lives through after its first boot: more runs of the installer, new secrets, a
//! reboot, newer versions good and bad.

use std::collections::BTreeSet;

use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use serde_json::Value;

use crate::bed::{Bed, Plan, mirrored};
use crate::checks::{services, status, the_bridge_works, the_token_opens_the_runtime};
use crate::common::resolve;
use crate::world::{MARK, first_value};

/// Everything the installer is answerable for: path, owner, mode, hash; of what runs, when it was written too.
fn listing(bed: &Bed) -> BTreeSet<String> {
    let text = bed.text(
        r"cd / && find etc opt var/lib/codewhale-setup var/lib/systemd usr/local ! -path '*/result.json' \
              -printf '%p %u:%g %m %y %l\n' | sort
          find etc opt var/lib/codewhale-setup usr/local -type f ! -path '*/result.json' -print0 | sort -z | xargs -0 sha256sum
          find etc/codewhale etc/systemd opt var/lib/codewhale-setup/last-good ! -type d -printf '%p written %T@\n'",
    );
    text.lines().map(str::to_owned).collect()
}

/// The host files of a bundle, as its own list names them.
fn hashes(deployment: &Deployment) -> Value {
    serde_json::json!(remote_setup::render::host_hashes(deployment).expect("renders"))
}

/// `InvocationID` by unit: it changes when the unit starts anew.
fn invocation(bed: &Bed, unit: &str) -> String {
    bed.text(&format!("systemctl show --property=InvocationID --value {unit}"))
}

fn changed(spec: &Spec, change: impl FnOnce(&mut Spec)) -> Spec {
    let mut spec = spec.clone();
    change(&mut spec);
    spec
}

#[test]
fn runs_again_rotates_and_reboots() {
    let spec = mirrored();
    let Some(mut bed) = Bed::boot(Plan::new("telegram, native, a longer life", &spec)) else {
        return;
    };
    bed.ready();
    another_run_changes_nothing(&bed, &["second", "third"]);
    a_changed_setting_restarts_its_service_only(&bed, &spec);
    a_run_that_was_cut_short_is_made_up_for(&bed);
    a_new_key_reaches_the_broker_alone(&bed);
    a_new_chat_secret_reaches_the_bridge_alone(&bed);
    a_new_secret_reaches_both(&bed);
    it_comes_back_by_itself(&mut bed);
}

pub fn another_run_changes_nothing(bed: &Bed, runs: &[&str]) {
    bed.run("cloud-init status --wait");
    let (files, up) = (listing(bed), services(bed));
    assert!(files.len() > 500, "{}", files.len());
    for run in runs {
        let (ran, result) = bed.install_again();
        assert_eq!((ran.code, &result["status"]), (0, &"ready".into()), "{run}: {ran:#?}");
        let after = listing(bed);
        let difference: Vec<_> = files.symmetric_difference(&after).collect();
        assert!(difference.is_empty(), "the {run} run changed {difference:#?}");
        assert_eq!(services(bed), up, "the {run} run restarted something");
    }
}

fn a_changed_setting_restarts_its_service_only(bed: &Bed, spec: &Spec) {
    let before = [
        invocation(bed, "codewhale-runtime"),
        invocation(bed, "codewhale-secrets"),
    ];
    let bridge = invocation(bed, &bed.bridge_unit());
    assert_eq!(bed.result()["files"], hashes(&bed.deployment));
    let paired = resolve(&changed(spec, |spec| spec.allowlist = Some(vec!["123456789".to_owned()])));
    bed.copy_over(&paired);
    let (ran, result) = bed.install_again();
    assert_eq!(result["status"], "ready", "{ran:#?}");
    assert_eq!(result["files"], hashes(&paired));
    assert_ne!(result["files"], hashes(&bed.deployment));
    assert_ne!(invocation(bed, &bed.bridge_unit()), bridge, "the bridge must start anew");
    let after = [
        invocation(bed, "codewhale-runtime"),
        invocation(bed, "codewhale-secrets"),
    ];
    assert_eq!(after, before, "nothing else may");
    let pid = bed.text(&format!("systemctl show --property=MainPID --value {}", bed.bridge_unit()));
    let environment = bed.text(&format!("tr '\\0' '\\n' </proc/{}/environ", pid.trim()));
    assert!(environment.contains("TELEGRAM_CHAT_ALLOWLIST=123456789\n"));
    assert!(
        bed.text("grep ALLOWLIST /etc/codewhale/telegram.env.previous")
            .contains("ALLOWLIST=\n")
    );
}

/// Killed between the change of a file and the restart that belongs to it.
fn a_run_that_was_cut_short_is_made_up_for(bed: &Bed) {
    let runtime = invocation(bed, "codewhale-runtime");
    bed.text(&format!(
        "sed -i 's/^CODEWHALE_MODEL=.*/CODEWHALE_MODEL=another/' {}/runtime.env",
        crate::bed::BUNDLE
    ));
    // `daemon-reload` is the first thing after all files are in place.
    let shim = "#!/bin/sh\n[ \"$1\" != daemon-reload ] || kill -KILL $PPID\nexec /usr/bin/systemctl \"$@\"\n";
    bed.run_with("cat >/usr/local/sbin/systemctl && chmod +x /usr/local/sbin/systemctl", shim)
        .ok();
    let killed = bed.run(&format!("bash {}/install.sh", crate::bed::BUNDLE));
    assert_ne!(killed.code, 0, "{killed:#?}");
    assert_eq!(invocation(bed, "codewhale-runtime"), runtime, "too early to tell: {killed:#?}");
    bed.text("rm /usr/local/sbin/systemctl");
    let (ran, result) = bed.install_again();
    assert_eq!(result["status"], "ready", "{ran:#?}");
    assert_ne!(
        invocation(bed, "codewhale-runtime"),
        runtime,
        "the runtime has its old settings still"
    );
}

pub fn a_new_key_reaches_the_broker_alone(bed: &Bed) {
    let key = format!("{MARK}openrouter-api-key-2");
    crate::broker::the_key_changes_under_a_turn(bed, &key, || {
        bed.world.rotate("openrouter-api-key", &key);
        bed.text("systemctl restart codewhale-secrets");
    });
}

fn a_new_chat_secret_reaches_the_bridge_alone(bed: &Bed) {
    let runtime = invocation(bed, "codewhale-runtime");
    let bridge = invocation(bed, &bed.bridge_unit());
    bed.world
        .rotate("telegram-bot-token", &format!("{MARK}telegram-bot-token-2"));
    bed.text("systemctl restart codewhale-secrets");
    bed.wait_for("new bridge", || (invocation(bed, &bed.bridge_unit()) != bridge).then_some(()));
    wait_until_both_run(bed);
    assert_eq!(invocation(bed, "codewhale-runtime"), runtime, "the runtime has no such secret");
}

fn a_new_secret_reaches_both(bed: &Bed) {
    let before = [
        invocation(bed, "codewhale-runtime"),
        invocation(bed, &bed.bridge_unit()),
    ];
    let token = format!("{MARK}codewhale-runtime-token-2");
    bed.world.rotate("codewhale-runtime-token", &token);
    bed.world
        .rotate("telegram-bot-token", &format!("{MARK}telegram-bot-token-3"));
    bed.text("rm -f /var/lib/codewhale/requests.jsonl");
    let polls = bed.world.answers("chat", 200);
    bed.text("systemctl restart codewhale-secrets");
    bed.wait_for("new run of both", || {
        let now = [
            invocation(bed, "codewhale-runtime"),
            invocation(bed, &bed.bridge_unit()),
        ];
        (now[0] != before[0] && now[1] != before[1]).then_some(())
    });
    wait_until_both_run(bed);
    the_token_opens_the_runtime(bed, &token);
    assert_eq!(
        status(bed, "/v1/workspace/status", Some(&first_value("codewhale-runtime-token"))),
        "401"
    );
    bed.wait_for("poll with the new bot token", || {
        (bed.world.answers("chat", 200) > polls + 3).then_some(())
    });
    the_bridge_works_again(bed);
    // The runtime's only way to end is by a signal, and that is no failure.
    let failures = bed.run(
        "journalctl --quiet --output=cat --unit=codewhale-runtime --unit=codewhale-broker | grep 'Failed with result'",
    );
    assert_eq!(failures.stdout, "");
}

/// The bridge had the old bot token until it was stopped, so a few refusals are in the record.
fn the_bridge_works_again(bed: &Bed) {
    let requests = bed.text("cat /var/lib/codewhale/requests.jsonl");
    let by_bridge: Vec<&str> = requests
        .lines()
        .filter(|line| line.contains("telegram-bridge"))
        .collect();
    assert!(
        !by_bridge.is_empty() && by_bridge.iter().all(|line| line.contains("\"status\": 200,")),
        "{requests}"
    );
    let last = bed.world.records("chat").pop().expect("a record");
    assert_eq!(last["status"], 200, "{last}");
}

pub fn wait_until_both_run(bed: &Bed) {
    bed.wait_for("both services", || bed.both_run().then_some(()));
}

fn it_comes_back_by_itself(bed: &mut Bed) {
    let fetched = bed.world.answers("vault", 200);
    bed.reboot();
    assert_eq!(
        bed.world.answers("vault", 200),
        fetched + bed.deployment.secrets.len(),
        "secrets are fetched again"
    );
    the_token_opens_the_runtime(bed, &format!("{MARK}codewhale-runtime-token-2"));
    crate::checks::only_loopback_and_ssh_listen(bed);
    crate::agent::the_agent_is_kept_in(bed);
    bed.run("cloud-init status --wait");
    crate::checks::doctor_agrees(bed);
}

/// What runs, and what is installed.
fn versions(bed: &Bed) -> (String, String) {
    let info = bed.text(&format!("curl -sf http://127.0.0.1:{}/v1/runtime/info", bed.deployment.port));
    let info: Value = serde_json::from_str(&info).expect("JSON");
    let running = info["codewhale_version"].as_str().expect("a version").to_owned();
    (running, bed.text("readlink /opt/codewhale/current; ls /opt/codewhale/versions"))
}

fn is_at(bed: &Bed, version: &str) {
    wait_until_both_run(bed);
    let installed = format!("versions/{version}\n{version}\n");
    assert_eq!(versions(bed), (version.to_owned(), installed));
    // Node resolved the link when it started, so this is the code that runs.
    let bridge = bed.text(&format!("readlink -f /opt/codewhale/bridges/{}-bridge", bed.deployment.bridge.slug));
    assert!(bridge.starts_with(&format!("/opt/codewhale/versions/{version}/")), "{bridge}");
}

#[test]
fn newer_versions_come_up_or_go_back() {
    let spec = mirrored();
    let Some(bed) = Bed::boot(Plan::new("telegram, native, upgrades", &spec)) else {
        return;
    };
    bed.ready();
    is_at(&bed, "0.9.9");
    let before = [
        invocation(&bed, "codewhale-runtime"),
        invocation(&bed, &bed.bridge_unit()),
    ];
    let to = |version: &str| {
        bed.copy_over(&resolve(&changed(&spec, |spec| spec.codewhale_version = Some(version.to_owned()))));
        bed.install_again()
    };

    let (ran, result) = to("0.9.12");
    assert_eq!((ran.code, &result["status"]), (0, &"ready".into()), "{ran:#?}");
    assert_eq!(result["codewhale_version"], "0.9.12");
    let files = result["files"].clone();
    is_at(&bed, "0.9.12");
    let after = [
        invocation(&bed, "codewhale-runtime"),
        invocation(&bed, &bed.bridge_unit()),
    ];
    assert!(before[0] != after[0] && before[1] != after[1], "both start anew");

    // 0.9.66 ends at once, 0.9.67 lets everybody in.
    for (version, step, cause) in [
        ("0.9.66", "start", "the runtime does not start: it ends with exit code 1"),
        (
            "0.9.67",
            "readiness",
            "without its token the runtime must answer 401, but it answers 200",
        ),
    ] {
        let (ran, result) = to(version);
        assert_eq!((ran.code, &result["status"]), (1, &"failed".into()), "{ran:#?}");
        assert_eq!(result["step"], step, "{result:#}");
        let message = result["message"].as_str().expect("a message");
        assert!(message.contains(cause), "{message}");
        assert!(message.contains("the previous state is restored and works"), "{message}");
        assert_eq!(result["files"], files, "it has what works, not what failed");
        is_at(&bed, "0.9.12");
        the_token_opens_the_runtime(&bed, &first_value("codewhale-runtime-token"));
    }

    // What cannot even be fetched never touches what runs.
    let up = services(&bed);
    bed.world.order(|orders| orders["mirror"]["tampered"] = true.into());
    let (ran, result) = to("0.9.9");
    assert_eq!((ran.code, &result["step"]), (1, &"runtime".into()), "{ran:#?}");
    assert_eq!(services(&bed), up);
    is_running(&bed, "0.9.12");
    the_bridge_works(&bed);
}

fn is_running(bed: &Bed, version: &str) {
    assert_eq!(versions(bed).0, version);
}
