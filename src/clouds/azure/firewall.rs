//! Azure's firewall rules in a plan, and what else there has a say in who comes in.

use crate::clouds::{Admitted, NetworkShape, Ports, RuleShape, RulesIn, When};

pub(super) const RULES: &[RuleShape] = &[
    RuleShape {
        resource_type: "azurerm_network_security_rule",
        rules_in: RulesIn::Resource,
        ..RULE
    },
    RuleShape {
        resource_type: "azurerm_network_security_group",
        rules_in: RulesIn::List("security_rule"),
        reported: true,
        ..RULE
    },
];

pub(super) const NETWORK: NetworkShape = NetworkShape {
    types: &[
        "azapi_",
        "azurerm_application_gateway",
        "azurerm_application_security_group",
        "azurerm_bastion_",
        "azurerm_firewall",
        "azurerm_lb",
        "azurerm_nat_gateway",
        "azurerm_network_",
        "azurerm_point_to_site_",
        "azurerm_private_",
        "azurerm_public_ip",
        "azurerm_resource_group_template_",
        "azurerm_route",
        "azurerm_subnet",
        "azurerm_subscription_template_",
        "azurerm_virtual_hub",
        "azurerm_virtual_network",
        "azurerm_virtual_wan",
        "azurerm_vpn_",
    ],
    made: &[
        ("azurerm_network_interface", 1),
        ("azurerm_network_security_group", 1),
        ("azurerm_public_ip", 1),
        ("azurerm_subnet", 1),
        ("azurerm_subnet_network_security_group_association", 1),
        ("azurerm_virtual_network", 1),
    ],
    admitted: &[Admitted {
        resource_type: "azapi_resource_action",
        attributes: &[
            ("type", Some("Microsoft.KeyVault/vaults/secrets@2024-11-01")),
            ("method", Some("PUT")),
            ("when", Some("apply")),
            ("action", None),
            ("body", None),
            ("headers", None),
            ("query_parameters", None),
            ("response_export_values", None),
            ("sensitive_response_export_values", None),
        ],
        subject: ("resource_id", "/providers/Microsoft.KeyVault/vaults/{vault}/secrets/{secret}"),
    }],
    deny_rule: Some("*"),
};

/// What both kinds of rules have in common.
const RULE: RuleShape = RuleShape {
    resource_type: "",
    rules_in: RulesIn::Resource,
    reported: false,
    name: "name",
    outbound: When::Is("direction", "Outbound"),
    denies: When::Is("access", "Deny"),
    protocol: "protocol",
    portless: &["Icmp", "Esp", "Ah"],
    sources: &["source_address_prefix", "source_address_prefixes"],
    destinations: &["destination_address_prefix", "destination_address_prefixes"],
    ports: Ports::In(&["destination_port_range", "destination_port_ranges"]),
    groups: &[
        "source_application_security_group_ids",
        "destination_application_security_group_ids",
    ],
    every_port: "*",
};
