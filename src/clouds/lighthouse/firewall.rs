//! Lighthouse's firewall rules in a plan, and what else there has a say in who comes in.

use crate::clouds::{NetworkShape, Ports, RuleShape, RulesIn, When};

pub(super) const RULES: &[RuleShape] = &[
    RuleShape {
        resource_type: "tencentcloud_lighthouse_firewall_rule",
        rules_in: RulesIn::List("firewall_rules"),
        ..RULE
    },
    RuleShape {
        resource_type: "tencentcloud_lighthouse_firewall_template",
        rules_in: RulesIn::List("template_rules"),
        ..RULE
    },
];

pub(super) const NETWORK: NetworkShape = NetworkShape {
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
    admitted: &[],
    // What no rule allows is shut.
    deny_rule: None,
};

/// What both kinds of rules have in common.
const RULE: RuleShape = RuleShape {
    resource_type: "",
    rules_in: RulesIn::Resource,
    reported: false,
    name: "firewall_rule_description",
    outbound: When::Never,
    denies: When::Is("action", "DROP"),
    protocol: "protocol",
    portless: &["ICMP", "ICMPv6"],
    sources: &["cidr_block"],
    destinations: &[],
    ports: Ports::In(&["port"]),
    groups: &[],
    every_port: "ALL",
};
