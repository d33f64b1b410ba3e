//! How Lighthouse is provisioned.

use crate::registry::provisioning::{
    Account, DestroyGuard, KnownFailure, NetworkShape, OverSsh, Program, Provisioning, RuleShape, SecretUse, Stage,
    Stale, Stdin, StepRow,
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
        deny_rule: false,
    },
    identity: None,
    machine: "tencentcloud_lighthouse_instance",
    harmless_replacements: &["terraform_data", "tencentcloud_tat_invocation_invoke_attachment"],
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

const ATTACHMENT: &str = "module.agent.tencentcloud_lighthouse_key_pair_attachment.this";
const COMMAND: &str = "module.agent.tencentcloud_tat_command.bootstrap";
const MACHINE: &str = "module.agent.tencentcloud_lighthouse_instance.this";
const RULE: &str = "module.agent.tencentcloud_lighthouse_firewall_rule.ssh";
const RUN: &str = "module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap";

const UNBOUND_KEY: Stale = Stale {
    needles: &["KeyPairNotBoundToInstance"],
    cause: "the key is not bound to the machine any more",
    addresses: &[ATTACHMENT],
    hint: "have the state forget that it is: `{forget}`, then `{again}`",
};

/// Matched in this order: the more special first.
const STALE: &[Stale] = &[
    Stale {
        needles: &["resource `lighthouse instance`"],
        cause: "the machine is gone, and the state still knows it",
        addresses: &[MACHINE, RULE, ATTACHMENT, RUN],
        hint: "if the console has it no more either, have the state forget it and what hangs on it: `{forget}`, then `{again}`",
    },
    // Without the machine itself: right after it was made, Tencent may not know it everywhere.
    Stale {
        needles: &[
            "ResourceNotFound.InstanceIdNotFound",
            "ResourceNotFound.InstanceNotFound",
        ],
        cause: "the state knows parts of a machine that Tencent does not know",
        addresses: &[RULE, ATTACHMENT, RUN],
        hint: "if that machine is gone, have the state forget them: `{forget}`, then `{again}`; if it was made moments ago, just `{again}`",
    },
    Stale {
        needles: &["resource `command`", "ResourceNotFound.CommandNotFound"],
        cause: "the TAT command was deleted, and the state still knows it",
        addresses: &[COMMAND, RUN],
        hint: "have the state forget it and its run: `{forget}`, then `{again}`",
    },
    Stale {
        needles: &["invocation status is still pending"],
        cause: "a run of TAT did not succeed, and Terraform can neither repeat nor remove such a run",
        addresses: &[RUN],
        hint: "see why in the console under TencentCloud Automation Tools, then have the state forget it: `{forget}`, then `{again}`",
    },
    UNBOUND_KEY,
    Stale {
        needles: &["PurchaseSourceHasNoBundleConfigs"],
        cause: "Tencent sells the bundle that `auto` chose on its own pages only, as in a promotion",
        addresses: &["module.agent.terraform_data.bundle"],
        hint: "have `auto` choose anew: `{forget}`, then `{again}`",
    },
    Stale {
        needles: &["ResourcesSoldOut", "BundleUnavailable"],
        cause: "the bundle that `auto` chose is sold out by now",
        addresses: &["module.agent.terraform_data.bundle"],
        hint: "have `auto` choose anew: `{forget}`, then `{again}`",
    },
    Stale {
        needles: &["ResourceInUse.KeyPairInUse"],
        cause: "another machine uses the key pair too, so Tencent does not delete it",
        addresses: &["module.agent.tencentcloud_lighthouse_key_pair.this"],
        hint: "leave it to that machine: `{forget}`, then `{again}`",
    },
    Stale {
        needles: &["ResourceNotReturnable"],
        cause: "Tencent does not take this machine back before its paid time ends",
        addresses: &[MACHINE],
        hint: "see in the console that it does not renew itself, have the state forget it, and remove the rest: `{forget}`, then `{again}`",
    },
];

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
        needles: &["PurchaseSourceHasNoBundleConfigs"],
        cause: "Tencent sells this bundle on its own pages only, as in a promotion",
        hint: "take one whose label is not ACTIVITY: `tccli lighthouse DescribeBundles --region {region} --Limit 100`, change `size` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["ResourcesSoldOut", "BundleUnavailable", "SOLD_OUT"],
        cause: "the bundle is sold out in this region or zone",
        hint: "see what it has: `tccli lighthouse DescribeBundles --region {region} --Limit 100`, change `size` or `region` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "BlueprintIdNotFound",
            "BlueprintNotFound",
            "BlueprintUnavailable",
            "InvalidBlueprintId",
        ],
        cause: "Tencent does not have the image, or not any more",
        hint: "see which it has: `tccli lighthouse DescribeBlueprints --region {region} --Limit 100`, put `blueprint_id = \"lhbp-…\"` into terraform.tfvars, name that file under `extra_files` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["KeyPairPublicKeyDuplicated"],
        cause: "your account has this public key already, in another key pair",
        hint: "find its id: `tccli lighthouse DescribeKeyPairs --region {region} --Limit 100`, put `ssh_key_id = \"lhkp-…\"` into terraform.tfvars, name that file under `extra_files` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["KeyPairBindDuplicate"],
        cause: "the key is bound to the machine already, and the state does not know it",
        hint: "unbind it in the console (Lighthouse, Key pairs), then apply again",
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
        needles: &["TatAgentNotOnline", "AgentStatusNotOnline"],
        cause: "Tencent's agent on the machine is not online yet",
        hint: "apply again in a minute; where it never comes, change `bootstrap` to `ssh` in deployment.yaml, and generate and apply",
        passes: true,
    },
    KnownFailure {
        needles: &["tencentcloud_tat_invocation_invoke_attachment"],
        cause: "the machine was not told to run its first script",
        hint: "apply again; where that does not help, change `bootstrap` to `ssh` in deployment.yaml, and generate and apply",
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
        hint: "find its id with `tccli lighthouse DescribeInstances --region {region}`, have the state know it: `{terraform} import module.agent.tencentcloud_lighthouse_instance.this ID`, and apply again: otherwise a second one would be bought",
        passes: false,
    },
    KnownFailure {
        needles: &["Error acquiring the state lock"],
        cause: "another run holds the state",
        hint: "wait for it to end; if none is running, `{terraform} force-unlock ID` with the ID above",
        passes: false,
    },
];
