//! What must hold on a machine that says it is ready.

use std::time::Duration;

use remote_setup::tables::Bootstrap;
use remote_setup::tables::Install;
use serde_json::Value;

use crate::bed::Bed;
use crate::world::{SEARCH, first_value};

/// All of it, on a machine that was just switched on.
pub fn everything(bed: &Bed) {
    bed.ready();
    cloud_init_is_content(bed);
    only_loopback_and_ssh_listen(bed);
    the_token_opens_the_runtime(bed, &first_value("codewhale-runtime-token"));
    the_bridge_works(bed);
    crate::broker::it_works_for_the_agent_alone(bed);
    owners_and_modes(bed);
    secrets_are_nowhere_else(bed);
    the_box_is_shut(bed);
    crate::agent::the_agent_is_kept_in(bed);
    crate::agent::the_bridge_is_kept_in(bed);
    if bed.deployment.install == Install::Docker {
        crate::image::its_build_was_kept_in(bed);
    }
    doctor_agrees(bed);
    both_stay_up(bed);
}

/// Active now and 15 s later, without a new start between.
pub fn both_stay_up(bed: &Bed) {
    let up = services(bed);
    std::thread::sleep(Duration::from_secs(15));
    assert_eq!(services(bed), up, "{}: a service was restarted by itself", bed.name);
}

/// Both services, active; what systemd calls this run of each.
pub fn services(bed: &Bed) -> String {
    assert!(bed.both_run(), "{}: a service does not run", bed.name);
    bed.text(&format!(
        "systemctl show --property=Id,InvocationID,NRestarts codewhale-runtime {} codewhale-secrets codewhale-metadata-block {}",
        bed.bridge_unit(),
        if bed.deployment.broker.is_some() { "codewhale-broker" } else { "" },
    ))
}

pub fn cloud_init_is_content(bed: &Bed) {
    let ran = bed.run("cloud-init status --wait --format=json");
    let status: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
    assert_eq!(ran.code, 0, "{}: {status:#}", bed.name);
    assert_eq!(status["status"], "done", "{status:#}");
    assert_eq!(status["extended_status"], "done", "{status:#}");
    assert_eq!(status["errors"].as_array().map(Vec::len), Some(0), "{status:#}");
    // Warnings, and deprecations among them.
    assert_eq!(
        status["recoverable_errors"].as_object().map(serde_json::Map::len),
        Some(0),
        "{status:#}"
    );
}

pub fn only_loopback_and_ssh_listen(bed: &Bed) {
    let mut listening: Vec<String> = bed
        .text("ss --no-header --listening --tcp --udp --raw --numeric --processes")
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let program = line.split('"').nth(1).unwrap_or("?");
            format!("{} {} {program}", words[0], words[4])
        })
        .collect();
    listening.sort();
    let runtime = format!("tcp 127.0.0.1:{} ", bed.deployment.port);
    let broker = bed.deployment.broker.as_ref();
    let broker = broker.map(|broker| format!("tcp 127.0.0.1:{} nginx", broker.port));
    let (own, others): (Vec<_>, Vec<_>) = listening
        .iter()
        .partition(|line| line.starts_with(&runtime) || Some(*line) == broker.as_ref());
    assert_eq!(own.len(), 1 + usize::from(broker.is_some()), "{}: {listening:#?}", bed.name);
    assert_eq!(others, ["tcp 0.0.0.0:22 sshd", "tcp [::]:22 sshd"], "{}: {listening:#?}", bed.name);
}

/// The status a path answers with, to a caller with this token or with none.
pub fn status(bed: &Bed, path: &str, token: Option<&str>) -> String {
    let header = token.map_or(String::new(), |token| format!("header = \"Authorization: Bearer {token}\"\n"));
    let url = format!("http://127.0.0.1:{}{path}", bed.deployment.port);
    let ran = bed.run_with(
        &format!("curl --silent --output /dev/null --write-out '%{{http_code}}' --max-time 10 --config - {url}"),
        &header,
    );
    ran.stdout
}

pub fn the_token_opens_the_runtime(bed: &Bed, token: &str) {
    assert_eq!(status(bed, "/health", None), "200", "{}", bed.name);
    assert_eq!(status(bed, "/v1/workspace/status", Some(token)), "200", "{}", bed.name);
    assert_eq!(status(bed, "/v1/workspace/status", None), "401", "{}", bed.name);
    assert_eq!(status(bed, "/v1/workspace/status", Some("wrong")), "401", "{}", bed.name);
}

/// It asked the runtime with the right token, and the chat service with its own.
pub fn the_bridge_works(bed: &Bed) {
    let asked_by = format!("\"by\": \"{}-bridge\"", bed.deployment.bridge.slug);
    let answered = |status: u16| {
        let status = format!("\"status\": {status},");
        let requests = bed.run("cat /var/lib/codewhale/requests.jsonl").stdout;
        requests
            .lines()
            .any(|line| line.contains(&asked_by) && line.contains(&status))
            .then_some(requests)
    };
    bed.wait_for("question of the bridge to the runtime", || answered(200).or_else(|| answered(401)));
    assert_eq!(answered(401), None, "{}", bed.name);
    let method = if bed.deployment.bridge.slug == "telegram" {
        "getUpdates"
    } else {
        "connection"
    };
    bed.wait_for("request of the bridge to the chat service", || {
        let records = bed.world.records("chat");
        records.iter().any(|record| record["method"] == method).then_some(())
    });
    let refused: Vec<_> = bed
        .world
        .records("chat")
        .into_iter()
        .filter(|record| record["status"].as_u64() >= Some(400))
        .collect();
    assert!(refused.is_empty(), "{}: {refused:#?}", bed.name);
}

pub fn owners_and_modes(bed: &Bed) {
    let bridge = bed.deployment.bridge.slug;
    let workspace = bed.deployment.workspace.as_str();
    let state = format!("/var/lib/codewhale-{bridge}-bridge");
    let settings = format!("/etc/codewhale/{bridge}.env");
    let secrets = format!("/run/codewhale/{bridge}.secrets.env");
    let unit = format!("/etc/systemd/system/{}.service", bed.bridge_unit());
    let mut expected = vec![
        ("/etc/codewhale", "root:root 755"),
        ("/etc/codewhale/runtime.env", "root:root 644"),
        ("/etc/codewhale/metadata-block.nft", "root:root 644"),
        (&settings, "root:root 644"),
        ("/etc/codewhale/config.toml", "root:root 644"),
        ("/etc/codewhale/mcp.json", "root:root 644"),
        ("/etc/polkit-1/rules.d/00-codewhale.rules", "root:root 644"),
        ("/run/codewhale", "root:root 700"),
        ("/run/codewhale/runtime.secrets.env", "root:root 600"),
        ("/run/codewhale/runtime.legacy.env", "root:root 600"),
        (&secrets, "root:root 600"),
        ("/var/lib/codewhale", "codewhale:codewhale 700"),
        (&state, "codewhale-bridge:codewhale-bridge 700"),
        (workspace, "codewhale:codewhale 750"),
        ("/opt/codewhale", "root:root 755"),
        ("/opt/codewhale/bin", "root:root 755"),
        ("/etc/systemd/system/codewhale-runtime.service", "root:root 644"),
        ("/etc/systemd/system/codewhale-secrets.service", "root:root 644"),
        ("/etc/systemd/system/codewhale-metadata-block.service", "root:root 644"),
        (&unit, "root:root 644"),
        ("/var/lib/codewhale-setup/result.json", "root:root 644"),
    ];
    let brokered = bed.deployment.broker.is_some();
    if brokered {
        expected.extend([
            ("/etc/codewhale/broker/nginx.conf", "root:root 644"),
            ("/etc/systemd/system/codewhale-broker.service", "root:root 644"),
            ("/opt/codewhale/bin/codewhale-broker-settings", "root:root 755"),
            ("/run/codewhale/broker.secrets.env", "root:root 600"),
            ("/run/codewhale-broker", "root:codewhale-broker 750"),
            ("/run/codewhale-broker/settings.conf", "root:codewhale-broker 640"),
            ("/run/codewhale-broker-work", "codewhale-broker:codewhale-broker 700"),
        ]);
    }
    if bed.deployment.install == Install::Native {
        expected.push(("/opt/codewhale/current/bin/codewhale", "root:root 755"));
    }
    let stored = format!("/etc/codewhale/{bridge}.secrets.env");
    match bed.deployment.cloud.vault {
        Some(_) => expected.push(("/opt/codewhale/bin/codewhale-fetch-secrets", "root:root 755")),
        None => expected.extend([
            ("/opt/codewhale/bin/codewhale-load-secrets", "root:root 755"),
            ("/opt/codewhale/bin/codewhale-roll-back", "root:root 755"),
            ("/etc/codewhale/runtime.secrets.env", "root:root 600"),
            (&stored, "root:root 600"),
        ]),
    }
    for (path, wanted) in expected {
        let found = bed.text(&format!("stat --format='%U:%G %a' '{path}'"));
        assert_eq!(found.trim(), wanted, "{}: {path}", bed.name);
    }
    let loose = bed.text(
        r"find /opt/codewhale /etc/codewhale /var/lib/codewhale-setup \( ! -user root -o ! -group root -o ! -type l -perm /022 \) -print
          find /run/codewhale -type f ! -perm 600 -print",
    );
    assert_eq!(loose, "", "{}", bed.name);
    let first_user = match bed.deployment.bootstrap {
        Bootstrap::CloudInit => "codewhale",
        // The image's own.
        Bootstrap::CommandService | Bootstrap::Ssh | Bootstrap::Cnb => "ubuntu",
    };
    assert_eq!(bed.text("id --user --name 1000").trim(), first_user);
    for user in ["codewhale", "codewhale-bridge", "codewhale-broker"] {
        if user == "codewhale-broker" && !brokered {
            continue;
        }
        let found = bed.text(&format!(
            "id --groups --name {user}; getent passwd {user} | cut -d: -f7; passwd --status {user} | cut -d' ' -f2"
        ));
        assert_eq!(found, format!("{user}\n/usr/sbin/nologin\nL\n"), "{}", bed.name);
    }
    let versions = bed.text("ls /opt/codewhale/versions; readlink /opt/codewhale/current");
    assert_eq!(versions, format!("{0}\nversions/{0}\n", bed.deployment.version));
}

/// No service sees a socket of the system's, and no user has a service manager.
pub fn the_box_is_shut(bed: &Bed) {
    // One that is being started has the machine's own folders for a moment.
    crate::living::wait_until_both_run(bed);
    let (_, found) = bed.agent("find /run/ -type s 2>/dev/null");
    assert_eq!(found, "", "{}: the agent", bed.name);
    let bridge = bed.text(&format!("systemctl show --property=MainPID --value {}", bed.bridge_unit()));
    let found = bed.text(&format!("find /proc/{}/root/run/ -type s", bridge.trim()));
    assert_eq!(found, "", "{}: the bridge", bed.name);
    for user in ["codewhale", "codewhale-bridge"] {
        let found = bed.text(&format!(
            "ls -d /var/lib/systemd/linger/{user} 2>/dev/null; readlink /etc/systemd/system/user@$(id -u {user}).service"
        ));
        assert_eq!(found, "/dev/null\n", "{}: {user}", bed.name);
    }
}

/// Not on a disk, not in a log, not in an argument.
pub fn secrets_are_nowhere_else(bed: &Bed) {
    let on_disk = bed.text(&format!(
        "grep --recursive --files-with-matches --binary-files=text --devices=skip '{SEARCH}' / --exclude-dir=proc \
         --exclude-dir=sys --exclude-dir=world --exclude-dir=usr 2>/dev/null | sort"
    ));
    let on_disk: Vec<&str> = on_disk.lines().collect();
    let mut folders = vec!["/run/codewhale"];
    if bed.deployment.cloud.vault.is_none() {
        folders.insert(0, "/etc/codewhale");
    }
    let broker = bed.deployment.broker.as_ref().map(|_| "broker");
    let mut expected: Vec<_> = folders
        .iter()
        .flat_map(|folder| {
            let names = ["runtime", bed.deployment.bridge.slug].into_iter().chain(broker);
            names.map(move |name| format!("{folder}/{name}.secrets.env"))
        })
        .collect();
    expected.extend(broker.map(|_| "/run/codewhale-broker/settings.conf".to_owned()));
    expected.sort();
    assert_eq!(on_disk, expected, "{}", bed.name);
    for path in on_disk {
        for user in ["codewhale", "codewhale-bridge", "nobody"] {
            let read = bed.run(&format!("runuser -u {user} -- head -c 1 '{path}'"));
            assert_ne!(read.code, 0, "{}: {user} can read {path}", bed.name);
        }
    }
    for (what, script) in [
        ("the journal", "journalctl --all --output=export"),
        ("the user data", "cloud-init query userdata"),
        ("what systemd shows", "systemctl show '*' --all; systemctl show --all"),
        ("the arguments of programs", "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'"),
        ("cloud-init's logs", "cat /var/log/cloud-init*.log"),
        (
            "what the engine shows",
            "if test -x /usr/bin/docker; then docker inspect codewhale-runtime; else echo no engine; fi",
        ),
    ] {
        let found = bed.run(&format!(
            "{{ {script}; }} 2>/dev/null | tee >(wc --bytes >&2) | grep --text '{SEARCH}'"
        ));
        assert_eq!(found.stdout, "", "{}: {what}", bed.name);
        assert!(!["", "0"].contains(&found.stderr.trim()), "{}: {what} is empty", bed.name);
    }
    let arguments = bed.world.records("watch");
    assert!(arguments.is_empty(), "{}: {arguments:#?}", bed.name);
    assert_eq!(bed.text("systemctl is-active world@watch").trim(), "active");
}

/// The operator's own check comes to the same verdict.
pub fn doctor_agrees(bed: &Bed) {
    let text = bed.doctor("");
    assert_eq!(text.code, 0, "{}: {text:#?}", bed.name);
    let ran = bed.doctor("--json");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"));
    let checks = report["checks"].as_array().expect("checks");
    let not_ok: Vec<_> = checks.iter().filter(|check| check["status"] != "ok").collect();
    assert!(not_ok.is_empty() && checks.len() > 10, "{}: {report:#}", bed.name);
    assert_eq!(report["status"], "ok");
}
