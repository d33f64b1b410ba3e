//! How Lighthouse is provisioned.

use super::failures::{FAILURES, STALE, UNBOUND_KEY};
use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::DestroyGuard;
use crate::clouds::provisioning::NetworkShape;
use crate::clouds::provisioning::OverSsh;
use crate::clouds::provisioning::Program;
use crate::clouds::provisioning::Provisioning;
use crate::clouds::provisioning::RuleShape;
use crate::clouds::provisioning::SecretUse;
use crate::clouds::provisioning::Stage;
use crate::clouds::provisioning::Stdin;
use crate::clouds::provisioning::StepRow;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    steps: &[
        StepRow::other(
            Stage::Account,
            "see which account will be used",
            Program::Named("tccli"),
            &["sts", "GetCallerIdentity", "--output", "json"],
            Stdin::Nothing,
        ),
        StepRow::INIT,
        StepRow::plan(SecretUse::None),
        StepRow::apply(SecretUse::None),
        StepRow::other(
            Stage::HostKey,
            "see which key the machine shows, unless known_hosts has it",
            Program::Named("ssh-keyscan"),
            &["-T", "10", "-t", "ed25519", "--", "{host}"],
            Stdin::Nothing,
        ),
        StepRow::other(
            Stage::AwaitSsh,
            "wait until the machine lets you in",
            Program::OnMachine,
            &["true"],
            Stdin::Nothing,
        ),
        StepRow::other(
            Stage::Bootstrap,
            "bring the host files",
            Program::OnMachine,
            &["sudo bash -s"],
            Stdin::File("bootstrap.sh"),
        ),
        StepRow::other(
            Stage::Push,
            "bring the secrets",
            Program::OnMachine,
            &["sudo bash /var/lib/codewhale-setup/bundle/store-secrets.sh"],
            Stdin::Secrets,
        ),
        StepRow::other(
            Stage::ReadyBySsh,
            "wait until the machine says that it is ready",
            Program::OnMachine,
            &["cat /var/lib/codewhale-setup/result.json"],
            Stdin::Nothing,
        ),
    ],
    account: Account {
        own_credentials: &["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_CAM_ROLE_NAME"],
        login_hint: "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or run `tccli auth login`, then this again",
        pin: None,
        id: "/AccountId",
        name: "/Arn",
    },
    environment: &["TENCENTCLOUD_", "TCCLI_"],
    refused_environment: &[],
    rules: &[
        RuleShape {
            resource_type: "tencentcloud_lighthouse_firewall_rule",
            list: Some("firewall_rules"),
            ..RULES
        },
        RuleShape {
            resource_type: "tencentcloud_lighthouse_firewall_template",
            list: Some("template_rules"),
            ..RULES
        },
    ],
    network: NetworkShape {
        types: &[
            "tencentcloud_ccn",
            "tencentcloud_clb_",
            "tencentcloud_eip",
            "tencentcloud_gaap_",
            "tencentcloud_lighthouse_firewall_",
            "tencentcloud_lighthouse_instance",
            "tencentcloud_nat_",
            "tencentcloud_security_group",
            "tencentcloud_vpn_",
        ],
        made: &[
            ("tencentcloud_lighthouse_firewall_template", 1),
            ("tencentcloud_lighthouse_instance", 1),
        ],
        // What no rule allows is shut.
        admitted: &[],
        deny_rule: false,
    },
    identity: None,
    machine: "tencentcloud_lighthouse_instance",
    harmless_replacements: &["terraform_data", "tencentcloud_tat_invocation_invoke_attachment"],
    harmless_deletions: &[],
    outdated: &[],
    destroy_guard: Some(DestroyGuard {
        file: "modules/lighthouse/destroy_override.tf",
        text: "resource \"tencentcloud_lighthouse_instance\" \"this\" {\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n",
    }),
    over_ssh: Some(OverSsh {
        fingerprint: "the machine's own console, or the output of its last command in the console under TencentCloud Automation Tools",
        console: "log in from the console (Lighthouse, the machine, Log in)",
        unbound_key: &UNBOUND_KEY,
    }),
    failures: FAILURES,
    stale: STALE,
};

/// What both kinds of rules have in common.
const RULES: RuleShape = RuleShape {
    resource_type: "",
    list: None,
    reported: false,
    name: "firewall_rule_description",
    outbound: None,
    denied: ("action", "DROP"),
    protocol: "protocol",
    portless: &["ICMP", "ICMPv6"],
    sources: &["cidr_block"],
    destinations: &[],
    ports: &["port"],
    groups: &[],
    every_port: "ALL",
};
