//! The checks themselves: each one must notice when its subject is broken, and so must the doctor.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::bed::{Bed, Plan, mirrored};
use crate::world::first_value;
use crate::{agent, broker, checks};

pub struct Break {
    what: &'static str,
    /// Run as root on the machine.
    break_it: &'static str,
    mend_it: &'static str,
    noticed_by: fn(&Bed),
    /// The doctor cannot see everything: it does not try what the agent could do.
    doctor_too: bool,
}

const BREAKS: &[Break] = &[
    Break {
        what: "cloud-init had an error",
        break_it: "cp /var/lib/cloud/data/status.json /root/ && sed -i '0,/\"errors\": \\[\\]/s//\"errors\": [\"x\"]/' /var/lib/cloud/data/status.json",
        mend_it: "cp /root/status.json /var/lib/cloud/data/",
        noticed_by: checks::cloud_init_is_content,
        doctor_too: true,
    },
    Break {
        what: "a service starts anew by itself",
        break_it: "systemd-run --quiet --unit=leak --on-active=3 --timer-property=AccuracySec=100ms systemctl restart codewhale-telegram-bridge",
        mend_it: "systemctl is-active codewhale-telegram-bridge",
        noticed_by: checks::both_stay_up,
        doctor_too: false,
    },
    Break {
        what: "something else listens",
        break_it: "systemd-run --quiet --unit=leak python3 -m http.server 8000; until ss -ltn | grep -q :8000; do sleep 0.1; done",
        mend_it: "systemctl stop leak",
        noticed_by: checks::only_loopback_and_ssh_listen,
        doctor_too: true,
    },
    Break {
        what: "something listens on loopback",
        break_it: "systemd-run --quiet --unit=leak python3 -m http.server 8000 --bind 127.0.0.1; until ss -ltn | grep -q :8000; do sleep 0.1; done",
        mend_it: "systemctl stop leak",
        noticed_by: checks::only_loopback_and_ssh_listen,
        doctor_too: true,
    },
    Break {
        what: "the runtime has another token",
        break_it: "mkdir -p /run/systemd/system/codewhale-runtime.service.d && printf '[Service]\\nEnvironmentFile=\\nEnvironmentFile=/etc/codewhale/runtime.env\\nEnvironment=CODEWHALE_RUNTIME_TOKEN=another\\n' >/run/systemd/system/codewhale-runtime.service.d/x.conf && systemctl daemon-reload && systemctl restart codewhale-runtime",
        mend_it: "rm -r /run/systemd/system/codewhale-runtime.service.d /var/lib/codewhale/requests.jsonl && systemctl daemon-reload && systemctl restart codewhale-runtime",
        noticed_by: |bed| checks::the_token_opens_the_runtime(bed, &first_value("codewhale-runtime-token")),
        doctor_too: true,
    },
    Break {
        what: "the bridge was refused by the runtime",
        break_it: "sed -i.bak 's/\"status\": 200/\"status\": 401/' /var/lib/codewhale/requests.jsonl",
        mend_it: "mv /var/lib/codewhale/requests.jsonl.bak /var/lib/codewhale/requests.jsonl && chown codewhale: /var/lib/codewhale/requests.jsonl",
        noticed_by: checks::the_bridge_works,
        doctor_too: false,
    },
    Break {
        what: "a secrets file is for every reader",
        break_it: "chmod 755 /run/codewhale && chmod 644 /run/codewhale/runtime.secrets.env",
        mend_it: "chmod 700 /run/codewhale && chmod 600 /run/codewhale/runtime.secrets.env",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "a secrets file has another mode",
        break_it: "chmod 640 /run/codewhale/telegram.secrets.env",
        mend_it: "chmod 600 /run/codewhale/telegram.secrets.env",
        noticed_by: checks::owners_and_modes,
        doctor_too: true,
    },
    Break {
        what: "installed code is the agent's",
        break_it: "chown codewhale /opt/codewhale/current/bridges/bridge-core/src/lib.mjs",
        mend_it: "chown root /opt/codewhale/current/bridges/bridge-core/src/lib.mjs",
        noticed_by: checks::owners_and_modes,
        doctor_too: true,
    },
    Break {
        what: "a secret is on a disk",
        // The quotes keep the mark out of this command's own arguments.
        break_it: "echo 'MARKED'-x >/etc/leak",
        mend_it: "rm /etc/leak",
        noticed_by: checks::secrets_are_nowhere_else,
        doctor_too: false,
    },
    Break {
        what: "the agent can become root",
        break_it: "echo 'codewhale ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/x",
        mend_it: "rm /etc/sudoers.d/x",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: false,
    },
    Break {
        what: "the agent reads the bridge's state",
        break_it: "chmod 755 /var/lib/codewhale-telegram-bridge",
        mend_it: "chmod 700 /var/lib/codewhale-telegram-bridge",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "the agent cannot write its workspace",
        break_it: "chown root /opt/whalebro",
        mend_it: "chown codewhale /opt/whalebro",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "the agent has no network",
        break_it: "nft add table inet x && nft 'add chain inet x out { type filter hook output priority 0; }' && nft add rule inet x out ip daddr 203.0.113.20 reject",
        mend_it: "nft delete table inet x",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: false,
    },
    Break {
        what: "the metadata service is not blocked",
        break_it: "nft delete table inet codewhale_metadata",
        mend_it: "systemctl reload codewhale-metadata-block",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "the agent sees the system's sockets",
        break_it: "mkdir -p /run/systemd/system/codewhale-runtime.service.d && printf '[Service]\\nTemporaryFileSystem=\\n' >/run/systemd/system/codewhale-runtime.service.d/x.conf && systemctl daemon-reload && systemctl restart codewhale-runtime",
        mend_it: "rm -r /run/systemd/system/codewhale-runtime.service.d && systemctl daemon-reload && systemctl restart codewhale-runtime",
        noticed_by: checks::the_box_is_shut,
        doctor_too: true,
    },
    Break {
        what: "the agent's user may have a service manager",
        break_it: "touch /var/lib/systemd/linger/codewhale",
        mend_it: "rm /var/lib/systemd/linger/codewhale",
        noticed_by: checks::the_box_is_shut,
        doctor_too: true,
    },
    Break {
        what: "the agent can name its own MCP servers",
        break_it: "chown codewhale /etc/codewhale/mcp.json",
        mend_it: "chown root /etc/codewhale/mcp.json",
        noticed_by: checks::owners_and_modes,
        doctor_too: true,
    },
    Break {
        what: "the key broker is for everybody",
        break_it: "nft delete table inet codewhale_broker",
        mend_it: "systemctl reload codewhale-metadata-block",
        noticed_by: broker::it_works_for_the_agent_alone,
        doctor_too: true,
    },
    Break {
        what: "the key broker is down",
        break_it: "systemctl stop codewhale-broker",
        mend_it: "systemctl start codewhale-broker",
        noticed_by: broker::it_works_for_the_agent_alone,
        doctor_too: true,
    },
    Break {
        what: "the runtime has the key itself",
        break_it: "mkdir -p /run/systemd/system/codewhale-runtime.service.d && printf '[Service]\nEnvironmentFile=/run/codewhale/broker.secrets.env\n' >/run/systemd/system/codewhale-runtime.service.d/x.conf && systemctl daemon-reload && systemctl restart codewhale-runtime",
        mend_it: "rm -r /run/systemd/system/codewhale-runtime.service.d && systemctl daemon-reload && systemctl restart codewhale-runtime",
        noticed_by: broker::it_works_for_the_agent_alone,
        doctor_too: true,
    },
    Break {
        what: "the bridge reads the runtime's state",
        break_it: "chmod 755 /var/lib/codewhale",
        mend_it: "chmod 700 /var/lib/codewhale",
        noticed_by: agent::the_bridge_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "a secret is an argument",
        break_it: "systemd-run --quiet --unit=leak bash -c 'exec -a \"$(printf MAR)KED-codewhale-runtime-token-1\" sleep 60'; sleep 0.5",
        mend_it: "systemctl stop leak; rm /srv/world/log/watch.jsonl",
        noticed_by: checks::secrets_are_nowhere_else,
        doctor_too: true,
    },
    // It stays there, so it comes last.
    Break {
        what: "a secret is in the journal",
        break_it: "logger -- \"$(printf MAR)KED-codewhale-runtime-token-1\"; journalctl --sync",
        mend_it: "true",
        noticed_by: checks::secrets_are_nowhere_else,
        doctor_too: true,
    },
];

/// More, where secrets are pushed: on the machine that has Feishu.
pub const PUSHED: &[Break] = &[
    Break {
        what: "a stored secrets file is for every reader",
        break_it: "chmod 644 /etc/codewhale/runtime.secrets.env",
        mend_it: "chmod 600 /etc/codewhale/runtime.secrets.env",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
    Break {
        what: "a stored secrets file belongs to somebody else",
        break_it: "chown ubuntu /etc/codewhale/feishu.secrets.env",
        mend_it: "chown root /etc/codewhale/feishu.secrets.env",
        noticed_by: checks::owners_and_modes,
        doctor_too: true,
    },
    Break {
        what: "the services have other secrets than those that are stored",
        break_it: "sed -i.bak 's/SECRET=.*/SECRET=another/' /etc/codewhale/feishu.secrets.env",
        mend_it: "mv /etc/codewhale/feishu.secrets.env.bak /etc/codewhale/feishu.secrets.env",
        noticed_by: crate::pushed::stored_is_what_runs,
        doctor_too: true,
    },
    Break {
        what: "a stored secret is gone",
        break_it: "mv /etc/codewhale/feishu.secrets.env /root/",
        mend_it: "mv /root/feishu.secrets.env /etc/codewhale/",
        noticed_by: checks::secrets_are_nowhere_else,
        doctor_too: true,
    },
    Break {
        what: "a push was never taken up",
        break_it: "touch /var/lib/codewhale-setup/pending/codewhale-secrets.service",
        mend_it: "rm /var/lib/codewhale-setup/pending/codewhale-secrets.service",
        noticed_by: crate::pushed::stored_is_what_runs,
        doctor_too: true,
    },
    Break {
        what: "the metadata service is not blocked",
        break_it: "nft delete table inet codewhale_metadata",
        mend_it: "systemctl reload codewhale-metadata-block",
        noticed_by: agent::the_agent_is_kept_in,
        doctor_too: true,
    },
];

#[test]
fn every_check_can_fail() {
    let Some(bed) = Bed::boot(Plan::new("telegram, native, broken on purpose", &mirrored())) else {
        return;
    };
    bed.ready();
    bed.run("cloud-init status --wait");
    checks::doctor_agrees(&bed);
    each_is_noticed(&bed, BREAKS);
}

/// One after the other, on a machine that is well.
pub fn each_is_noticed(bed: &Bed, breaks: &[Break]) {
    for broken in breaks {
        let what = broken.what;
        (broken.noticed_by)(bed);
        bed.text(broken.break_it);
        let noticed = catch_unwind(AssertUnwindSafe(|| (broken.noticed_by)(bed))).is_err();
        assert!(noticed, "nobody noticed that {what}");
        let doctor = bed.doctor("");
        let complains = doctor.stdout.contains("hint:");
        assert_eq!(complains, broken.doctor_too, "the doctor, when {what}: {doctor:#?}");
        bed.text(broken.mend_it);
    }
}
