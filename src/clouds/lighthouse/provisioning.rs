//! How Lighthouse is provisioned.

use super::failures::{FAILURES, STALE, UNBOUND_KEY};
use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::CloudCommand;
use crate::clouds::provisioning::Console;
use crate::clouds::provisioning::DestroyGuard;
use crate::clouds::provisioning::NetworkShape;
use crate::clouds::provisioning::Provisioning;
use crate::clouds::provisioning::RuleShape;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    account: Account {
        program: "tccli",
        args: &["sts", "GetCallerIdentity", "--output", "json"],
        purpose: "see which account will be used",
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
    console: Console {
        fingerprint: "the machine's own console, or the output of its last command in the console under TencentCloud Automation Tools",
        shell: "log in from the console (Lighthouse, the machine, Log in)",
    },
    cloud_command: Some(CloudCommand {
        typed: RUN_BY_TAT,
        invocation: None,
    }),
    unbound_key: Some(&UNBOUND_KEY),
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

/// TAT takes and gives base64, and answers before the script has ended.
const RUN_BY_TAT: &str = r#"sh -c 'run=$(tccli tat RunCommand --region {region} --filter InvocationId --output text \
    --InstanceIds "[\"$(terraform output -raw instance_id)\"]" --Content "$(printf %s "$0" | base64 | tr -d "\n")")
  sleep 10
  tccli tat DescribeInvocationTasks --region {region} --HideOutput False --output text \
    --Filters "[{\"Name\":\"invocation-id\",\"Values\":[\"$run\"]}]" \
    --filter "InvocationTaskSet[0].TaskResult.Output" | base64 -d' \
  "#;
