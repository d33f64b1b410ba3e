//! How Lighthouse is provisioned.

use crate::registry::provisioning::{
    Account, DestroyGuard, KnownFailure, NetworkShape, OverSsh, Program, Provisioning, RuleShape, SecretUse, Stage,
    Stdin, StepRow,
};

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
    }),
    failures: FAILURES,
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

/// Matched in this order: the more special first.
const FAILURES: &[KnownFailure] = &[
    KnownFailure {
        needles: &[
            "UnauthorizedOperation.NotCertification",
            "UnauthorizedOperation.CertificationNeedUpgrade",
        ],
        cause: "Tencent sells nothing to an account whose owner has not proved who they are",
        hint: "finish the identity verification in the console, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "AuthFailure.UnauthorizedOperation",
            "UnauthorizedOperation",
            "not authorized to perform",
        ],
        cause: "your credentials are right, but may not do this",
        hint: "ask for the CAM policies QcloudLighthouseFullAccess, QcloudTATFullAccess and QcloudFinanceFullAccess (which pays), then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "AuthFailure",
            "InvalidCredential",
            "secret id or secret key",
            "SecretIdNotFound",
        ],
        cause: "Tencent Cloud does not take your credentials",
        hint: "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or run `tccli auth login`, then this again",
        passes: false,
    },
    KnownFailure {
        needles: &["ResourcesSoldOut", "BundleUnavailable", "SOLD_OUT"],
        cause: "the bundle is sold out in this region or zone",
        hint: "see what it has: `tccli lighthouse DescribeBundles --region REGION`, change `size` or `region` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "InsufficientBalance",
            "insufficient balance",
            "LowBalance",
            "InArrears",
            "余额不足",
        ],
        cause: "the account has not enough money, and a machine is paid for when it is made",
        hint: "top it up in the console under Billing Center, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["ResourceNotReturnable"],
        cause: "Tencent does not take this machine back before its paid time ends",
        hint: "let it end: the console shows when, and that it does not renew itself; what else there was is gone from the state",
        passes: false,
    },
    KnownFailure {
        needles: &["TatAgentNotOnline", "AgentStatusNotOnline"],
        cause: "Tencent's agent on the machine is not online yet",
        hint: "apply again in a minute; where it never comes, change `bootstrap` to `ssh` in deployment.yaml, and generate and apply",
        passes: true,
    },
    KnownFailure {
        needles: &["tencentcloud_tat_invocation_invoke_attachment"],
        cause: "the machine did not run its first script to the end",
        hint: "see what it said in the console under TencentCloud Automation Tools, then apply again; or change `bootstrap` to `ssh` in deployment.yaml, and generate and apply",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "LatestOperationUnfinished",
            "InstanceOperationInProgress",
            "FirewallBusy",
            "SystemBusy",
        ],
        cause: "the machine is still busy with what was asked of it before",
        hint: "apply again in a few minutes",
        passes: true,
    },
    KnownFailure {
        needles: &["lighthouse instance status is", "lighthouse instance creating"],
        cause: "the machine was bought but did not start in time, and the state does not know it",
        hint: "find its id with `tccli lighthouse DescribeInstances --region REGION`, then in this folder: `terraform import module.agent.tencentcloud_lighthouse_instance.this ID`, and apply again: otherwise a second one would be bought",
        passes: false,
    },
    KnownFailure {
        needles: &["`lighthouse instance`"],
        cause: "the state knows a machine that is gone",
        hint: "make the state forget it, in this folder: `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["Error acquiring the state lock"],
        cause: "another run holds the state",
        hint: "wait for it to end; if none is running, `terraform force-unlock ID` with the ID above",
        passes: false,
    },
];
