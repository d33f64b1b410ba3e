//! What goes wrong on Lighthouse, and the way out.

use crate::clouds::provisioning::KnownFailure;
use crate::clouds::provisioning::Stale;

const ATTACHMENT: &str = "module.agent.tencentcloud_lighthouse_key_pair_attachment.this";
const COMMAND: &str = "module.agent.tencentcloud_tat_command.bootstrap";
const MACHINE: &str = "module.agent.tencentcloud_lighthouse_instance.this";
const RULE: &str = "module.agent.tencentcloud_lighthouse_firewall_rule.ssh";
const RUN: &str = "module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap";

pub(super) const UNBOUND_KEY: Stale = Stale {
    needles: &["KeyPairNotBoundToInstance"],
    cause: "the key is not bound to the machine any more",
    addresses: &[ATTACHMENT],
    hint: "have the state forget the binding: `{forget}`, then `{again}`",
};

/// Matched in this order: the more special first.
pub(super) const STALE: &[Stale] = &[
    Stale {
        needles: &["resource `lighthouse instance`"],
        cause: "the machine is gone, and the state still knows it",
        addresses: &[MACHINE, RULE, ATTACHMENT, RUN],
        hint: "if the console no longer shows it either, have the state forget it and what hangs on it: `{forget}`, then `{again}`",
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
        hint: "leave the pair to that machine and have the state forget it: `{forget}`, then `{again}`",
    },
    Stale {
        needles: &["ResourceNotReturnable"],
        cause: "Tencent does not take this machine back before its paid time ends",
        addresses: &[MACHINE],
        hint: "see in the console that it does not renew itself, have the state forget it, and remove the rest: `{forget}`, then `{again}`",
    },
];

/// Matched in this order: the more special first.
pub(super) const FAILURES: &[KnownFailure] = &[
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
