//! An agent that steals: it does everything its user can, on a machine with all that a cloud's server
//! image has. Every way must be closed to it, and open to somebody else, or the try proves nothing.

use std::collections::BTreeMap;

use remote_setup::inputs::{McpServer, Spec};
use remote_setup::tables::Install;
use serde_json::json;

use crate::bed::{Bed, Plan, mirrored};
use crate::planted;
use crate::userland::Image;

const THIEF: &str = include_str!("world/thief.py");
const DOORS: &str = include_str!("world/doors.py");
/// Whose check of its callers is all there is: no path hides it.
const ABSTRACT: &str = "@/org/kernel/linux/storage/multipathd";

/// Who gets through, which shows that there is something to get at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Control {
    /// Any user of the machine.
    Anybody,
    Root,
}

struct Way {
    /// As thief.py calls it.
    what: &'static str,
    opens_to: Control,
    /// The user alone does not suffice, also outside of its service.
    by_user: bool,
}

const fn way(what: &'static str, opens_to: Control, by_user: bool) -> Way {
    Way {
        what,
        opens_to,
        by_user,
    }
}

#[rustfmt::skip]
const WAYS: &[Way] = &[
    way("talk to the system's bus", Control::Anybody, false),
    way("have its user's manager run without a session", Control::Anybody, true),
    way("start its user's manager", Control::Root, true),
    way("run something by its user's manager", Control::Anybody, true),
    way("open a socket under /run", Control::Anybody, false),
    way("open a socket without a path", Control::Anybody, false),
    way("find another port on loopback", Control::Anybody, false),
    way("reach the metadata service at 169.254.169.254", Control::Root, true),
    way("reach the metadata service at fd00:ec2::254", Control::Root, true),
    way("reach the metadata service at fd20:ce::254", Control::Root, true),
    way("read a secret in a file", Control::Root, true),
    way("read a secret in an environment or among arguments", Control::Root, true),
    way("read the memory of the runtime", Control::Root, true),
    way("trace the runtime", Control::Root, true),
    way("have memory written to disk", Control::Anybody, false),
    way("stop the other service", Control::Root, true),
    way("have cron run something", Control::Anybody, false),
    way("hold a lock of root's", Control::Root, true),
];

#[test]
fn the_thief_native() {
    let allowed = McpServer {
        command: Some("touch".to_owned()),
        args: Some(vec!["/var/lib/codewhale/allowed".to_owned()]),
        ..McpServer::default()
    };
    let spec = Spec {
        mcp_servers: Some(BTreeMap::from([("allowed".to_owned(), allowed)])),
        ..crate::pushed::lighthouse("telegram", "tat")
    };
    let Some(bed) = Bed::boot(Plan::new("lighthouse, telegram, native, a thief", &spec)) else {
        return;
    };
    bed.bootstrap_by_tat(&bed.deployment);
    bed.result();
    bed.pin(&bed.text("cat /etc/ssh/ssh_host_ed25519_key.pub"));
    crate::pushed::push(&bed, 1).ok();
    bed.ready();
    // What the spec names does start.
    bed.text("test -e /var/lib/codewhale/allowed");
    finds_nothing(&bed);
    planted::leaves_nothing_behind(&bed);
    planted::holds_nobody_up(&bed);
}

#[test]
fn the_thief_in_a_container() {
    let spec = Spec {
        install: Some("docker".to_owned()),
        ..mirrored()
    };
    let plan = Plan {
        image: Image::Stock,
        ..Plan::new("telegram, docker, a thief", &spec)
    };
    if let Some(bed) = Bed::boot(plan) {
        bed.ready();
        finds_nothing(&bed);
        planted::leaves_nothing_behind(&bed);
    }
}

/// Every way, from every seat.
fn finds_nothing(bed: &Bed) {
    open_the_doors(bed);
    let deployment = &bed.deployment;
    let mut ports = vec![22, deployment.port];
    ports.extend(deployment.broker.as_ref().map(|broker| broker.port));
    let (runtime, bridge) = processes(bed);
    let known = facts(&[ABSTRACT], &ports, runtime, bridge);
    let known_to_bridge = facts(&[ABSTRACT], &ports, runtime, runtime);
    let (code, agents) = bed.agent(&format!("python3 - '{known}' <<'THIEF'\n{THIEF}\nTHIEF"));
    assert_eq!(code, 0, "{}: {agents}", bed.name);
    let everything = facts(&[], &[], runtime, bridge);
    let seats = [
        ("the agent", parsed(&agents)),
        ("its user", as_user(bed, "codewhale", &known)),
        ("the bridge", in_bridge(bed, &known_to_bridge)),
        ("the bridge's user", as_user(bed, "codewhale-bridge", &known_to_bridge)),
    ];
    let anybody = as_user(bed, "visitor", &everything);
    let root = as_user(bed, "root", &everything);
    bed.text("loginctl disable-linger visitor; crontab -r; crontab -r -u visitor; true");

    let mut wrong = Vec::new();
    for way in WAYS {
        for (seat, got) in &seats {
            let confined = ["the agent", "the bridge"].contains(seat);
            if (confined || way.by_user) && !got[way.what].is_empty() {
                wrong.push(format!("{seat} can {}: {}", way.what, got[way.what]));
            }
        }
        let proof = match way.opens_to {
            Control::Anybody => &anybody[way.what],
            Control::Root => &root[way.what],
        };
        if proof.is_empty() {
            wrong.push(format!("nothing shows that one can {}, {:?}", way.what, way.opens_to));
        }
    }
    assert_eq!(seats[0].1.len(), WAYS.len(), "{:#?}", seats[0].1);
    assert!(wrong.is_empty(), "{}: {wrong:#?}", bed.name);
}

/// They are there before the services start, as on a machine that boots.
fn open_the_doors(bed: &Bed) {
    bed.run_with("cat >/root/doors.py", DOORS).ok();
    bed.text(&format!(
        "useradd --create-home visitor
         systemd-run --quiet --unit=doors python3 /root/doors.py
         until grep -q {ABSTRACT} /proc/net/unix; do sleep 0.1; done
         mkdir -p /run/systemd/resolve && cd /run/systemd/resolve
         echo 'nameserver 127.0.0.53' | tee stub-resolv.conf >resolv.conf
         ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
         systemctl restart codewhale-runtime"
    ));
    crate::living::wait_until_both_run(bed);
    // What the services need from there they still have.
    let (code, said) = bed.agent("grep 'nameserver 127.0.0.53' /etc/resolv.conf");
    assert_eq!(code, 0, "{}: no name server: {said}", bed.name);
}

/// The runtime and the bridge.
fn processes(bed: &Bed) -> (u32, u32) {
    let pid = |unit: &str| -> u32 {
        let text = bed.text(&format!("systemctl show --property=MainPID --value {unit}"));
        text.trim().parse().expect("a number")
    };
    let runtime = match bed.deployment.install {
        Install::Native => pid("codewhale-runtime"),
        Install::Docker => bed
            .text("pgrep --full 'codewhale serve' --newest")
            .trim()
            .parse()
            .expect("a number"),
    };
    (runtime, pid(&bed.bridge_unit()))
}

/// What thief.py has to know; a socket or port that is known is not reported.
fn facts(sockets: &[&str], ports: &[u16], runtime: u32, other: u32) -> String {
    json!({
        "abstract": sockets, "ports": ports,
        "metadata": ["169.254.169.254", "fd00:ec2::254", "fd20:ce::254"],
        "runtime_pid": runtime, "other_pid": other,
    })
    .to_string()
}

fn parsed(text: &str) -> BTreeMap<String, String> {
    let found: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    found
        .into_iter()
        .map(|(what, got)| {
            let nothing = got == json!("") || got == json!([]);
            (what, if nothing { String::new() } else { got.to_string() })
        })
        .collect()
}

/// With nothing but the user's own rights around it.
fn as_user(bed: &Bed, user: &str, facts: &str) -> BTreeMap<String, String> {
    in_unit(bed, &format!("--uid={user}"), facts)
}

/// In the service's own place: its namespaces, its user, what it may no longer do.
fn in_bridge(bed: &Bed, facts: &str) -> BTreeMap<String, String> {
    let unit = bed.bridge_unit();
    let properties = bed.text(&format!(
        "sed -n '/^\\[Service\\]/,/^\\[Install\\]/p' /etc/systemd/system/{unit}.service |
         grep -E '^(Bind|Capability|IPAddress|Limit|Lock|NoNew|Private|Protect|Read|Restrict|SystemCall|Temporary|Inaccessible|UMask|User|Group)' |
         grep -v '^Restart' | sed 's/.*/--property=\"&\"/' | tr '\\n' ' '"
    ));
    in_unit(bed, &properties, facts)
}

fn in_unit(bed: &Bed, options: &str, facts: &str) -> BTreeMap<String, String> {
    let command = format!("systemd-run --quiet --wait --pipe --collect {options} python3 - '{facts}'");
    parsed(&bed.run_with(&command, THIEF).ok().stdout)
}
