//! What goes wrong outside or inside: the machine becomes ready all the same, or says which step
//! failed and why, and starts nothing that is not complete.

use remote_setup::inputs::Spec;

use crate::bed::{Bed, Plan, mirrored};
use crate::checks::{services, the_bridge_works};
use crate::userland::Image;

/// It ended, and its result and its last line in the journal name the step and the cause.
fn failed(bed: &Bed, step: &str, cause: &str) {
    let result = bed.result();
    assert_eq!(result["status"], "failed", "{}: {result:#}", bed.name);
    assert_eq!(result["step"], step, "{}: {result:#}", bed.name);
    let message = result["message"].as_str().expect("a message");
    assert!(message.contains(cause), "{}: `{cause}` is not in: {message}", bed.name);
    let last = bed.wait_for("last line in the journal", || {
        let line = bed.text("journalctl --quiet --output=cat --identifier=codewhale-setup --lines=1");
        (!line.is_empty()).then_some(line)
    });
    assert!(
        last.starts_with(&format!("{step}: FAILED: ")) && last.contains(cause),
        "{}: {last}",
        bed.name
    );
    let status = bed.run("cloud-init status --wait");
    assert!(
        status.stdout.contains("status: error"),
        "cloud-init must not call it done: {status:#?}"
    );
    let doctor = bed.doctor("");
    assert_ne!(doctor.code, 0, "{}: {doctor:#?}", bed.name);
}

fn nothing_runs(bed: &Bed) {
    for unit in ["codewhale-runtime", &bed.bridge_unit()] {
        let state = bed.run(&format!("systemctl is-active {unit}"));
        assert_ne!(state.stdout.trim(), "active", "{}: {unit}", bed.name);
        let started = bed.run(&format!("journalctl --quiet --unit={unit} --output=cat | grep -c ^Started"));
        assert_eq!(started.stdout.trim(), "0", "{}: {unit} was started", bed.name);
    }
}

/// No version has its name before it is complete.
fn nothing_is_installed(bed: &Bed) {
    let there = bed.run("ls /opt/codewhale/versions | grep -v '[.]partial$'; ls -d /opt/codewhale/current");
    assert_eq!(there.stdout, "", "{}", bed.name);
    nothing_runs(bed);
}

#[test]
fn release_server_down() {
    let plan = Plan {
        orders: |orders| orders["mirror"]["down"] = ["releases/"].as_slice().into(),
        ..Plan::new("release server down", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        failed(
            &bed,
            "runtime",
            "codewhale-artifacts-sha256.txt: curl: (22) The requested URL returned error: 503",
        );
        nothing_is_installed(&bed);
        // It can be run again at any time, and is well then.
        bed.world.order(|orders| orders["mirror"] = serde_json::json!({}));
        let (ran, result) = bed.install_again();
        assert_eq!(result["status"], "ready", "{ran:#?}");
        services(&bed);
    }
}

#[test]
fn wrong_checksum() {
    let plan = Plan {
        orders: |orders| orders["mirror"]["tampered"] = true.into(),
        ..Plan::new("wrong checksum", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        failed(
            &bed,
            "runtime",
            "does not have the checksum its release names; nothing was installed",
        );
        nothing_is_installed(&bed);
    }
}

/// Its checksums say nothing then: they come from the same place.
#[test]
fn release_replaced_together_with_its_checksums() {
    let pins = crate::pins::released();
    let wanted = pins.binary_x64.clone().or(pins.binary_arm64.clone()).expect("a pin");
    let spec = Spec {
        pins: Some(pins),
        ..mirrored()
    };
    let plan = Plan {
        orders: |orders| orders["mirror"]["reissued"] = true.into(),
        ..Plan::new("release replaced", &spec)
    };
    if let Some(bed) = Bed::boot(plan) {
        failed(&bed, "runtime", &format!("but deployment.yaml pins {wanted}; nothing was installed"));
        nothing_is_installed(&bed);
        assert_eq!(bed.result()["got"], serde_json::json!({}), "nothing was got");
    }
}

/// The vault is made beside the machine: its name, the vault, the role and the secrets come one after the other.
#[test]
fn slow_identity_and_late_vault() {
    let deployment = crate::common::resolve(&mirrored());
    let vault = format!("{}.vault.azure.net", deployment.vault_name.as_ref().expect("a vault"));
    let plan = Plan {
        orders: |orders| {
            orders["metadata"] = serde_json::json!({ "first": [404, 429, 500, 410], "delay": 1 });
            orders["vault"]["refusals"] = 3.into();
            orders["vault"]["missing"] = 2.into();
            orders["vault"]["unnamed"] = true.into();
        },
        ..Plan::new("slow identity, late vault", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        let said = |what: &str| {
            let journal = "journalctl --quiet --unit=codewhale-secrets --output=cat";
            bed.wait_for(what, || bed.run(journal).stdout.contains(what).then_some(()));
        };
        said(&format!("the name of the vault https://{vault} does not resolve"));
        let name = |address: &str| bed.world.order(|orders| orders["dns"][&vault] = address.into());
        // An address of the machine's own, where nobody listens.
        name("127.0.0.9");
        said(&format!(
            "the vault https://{vault} does not answer (secret `openrouter-api-key`: answer 000, curl 7)"
        ));
        name("203.0.113.10");
        bed.ready();
        said("which needs the role Key Vault Secrets User there (secret `openrouter-api-key`: answer 403");
        said("secret `openrouter-api-key` is not in the vault");
        the_bridge_works(&bed);
        assert_eq!(bed.world.answers("vault", 403), 3, "each refusal is followed by a new token");
        assert_eq!(bed.world.answers("vault", 404), 2);
        for status in [404, 429, 500, 410] {
            assert_eq!(bed.world.answers("metadata", status), 1);
        }
        assert_eq!(bed.world.answers("metadata", 400), 0, "every question was well-formed");
    }
}

/// The patience of the real thing is a quarter of an hour.
const IMPATIENT: (&str, &str) = (
    "etc/systemd/system/codewhale-secrets.service.d/boot-test.conf",
    "[Service]\nEnvironment=CODEWHALE_VAULT_PATIENCE=4\nRestartSec=15\n",
);

#[test]
fn no_role_until_somebody_grants_it() {
    let plan = Plan {
        orders: |orders| orders["vault"]["refusals"] = 1_000_000.into(),
        files: vec![(IMPATIENT.0, IMPATIENT.1.to_owned())],
        ..Plan::new("no role", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        failed(
            &bed,
            "start",
            "refuses this machine, which needs the role Key Vault Secrets User there (secret `openrouter-api-key`: answer 403",
        );
        nothing_runs(&bed);
        bed.world.order(|orders| orders["vault"]["refusals"] = 0.into());
        bed.wait_for("services, by themselves", || bed.both_run().then_some(()));
    }
}

#[test]
fn disk_full() {
    let mount = "[Mount]\nWhat=tmpfs\nWhere=/opt\nType=tmpfs\nOptions=size=30M,mode=0755\n[Install]\nWantedBy=local-fs.target\n";
    let plan = Plan {
        files: vec![
            ("etc/systemd/system/opt.mount", mount.to_owned()),
            (
                "etc/systemd/system/local-fs.target.d/opt.conf",
                "[Unit]\nRequires=opt.mount\nAfter=opt.mount\n".to_owned(),
            ),
        ],
        ..Plan::new("disk full", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        failed(
            &bed,
            "runtime",
            "no space left for a new version: /opt/codewhale has 30 MiB free and needs 200",
        );
        nothing_is_installed(&bed);
    }
}

#[test]
fn runtime_crashes_at_start() {
    let spec = Spec {
        codewhale_version: Some("0.9.66".to_owned()),
        ..mirrored()
    };
    if let Some(bed) = Bed::boot(Plan::new("runtime crashes", &spec)) {
        failed(
            &bed,
            "start",
            "the runtime does not start: it ends with exit code 1; see: journalctl -u codewhale-runtime",
        );
        assert!(
            bed.text("journalctl --quiet --unit=codewhale-runtime")
                .contains("error: cannot start")
        );
    }
}

#[test]
fn no_network_for_twenty_seconds() {
    let plan = Plan {
        image: Image::Stock,
        orders: |orders| orders["network"]["delay"] = 20.into(),
        ..Plan::new("no network for 20 s", &mirrored())
    };
    if let Some(bed) = Bed::boot(plan) {
        assert_eq!(bed.run("ip -o link show eth0 up").stdout, "", "the cable is in too early");
        bed.ready();
        the_bridge_works(&bed);
    }
}
