//! How Azure is provisioned.

use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::Admitted;
use crate::clouds::provisioning::CloudCommand;
use crate::clouds::provisioning::Console;
use crate::clouds::provisioning::IdentityShape;
use crate::clouds::provisioning::Invocation;
use crate::clouds::provisioning::KnownFailure;
use crate::clouds::provisioning::NetworkShape;
use crate::clouds::provisioning::Outdated;
use crate::clouds::provisioning::Pin;
use crate::clouds::provisioning::Provisioning;
use crate::clouds::provisioning::RuleShape;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    account: Account {
        program: "az",
        args: &["account", "show", "--output", "json"],
        purpose: "see which subscription will be used",
        own_credentials: &[
            "ARM_CLIENT_ID",
            "ARM_USE_OIDC",
            "ARM_USE_MSI",
            "ARM_USE_AKS_WORKLOAD_IDENTITY",
        ],
        login_hint: "run `az login`, then this again",
        pin: Some(Pin {
            variable: "ARM_SUBSCRIPTION_ID",
            arguments: &["--subscription"],
        }),
        id: "/id",
        name: "/name",
    },
    environment: &[
        "ARM_",
        "AZURE_CONFIG_DIR",
        "AZURE_HTTP_USER_AGENT",
        "ACTIONS_ID_TOKEN_REQUEST_",
        "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
    ],
    // From version 5 the provider takes it as an error.
    refused_environment: &["ARM_PROVIDER_ENHANCED_VALIDATION"],
    rules: &[
        RuleShape {
            resource_type: "azurerm_network_security_rule",
            list: None,
            reported: false,
            ..RULES
        },
        RuleShape {
            resource_type: "azurerm_network_security_group",
            list: Some("security_rule"),
            reported: true,
            ..RULES
        },
    ],
    network: NetworkShape {
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
        deny_rule: true,
    },
    identity: Some(IdentityShape {
        resource_type: "azurerm_linux_virtual_machine",
        block: "identity",
    }),
    machine: "azurerm_linux_virtual_machine",
    harmless_replacements: &[],
    harmless_deletions: &[
        // The vault keeps its secret: removing the request that stored it sends none.
        "module.agent.azapi_resource_action.secret[",
        // Nobody stores secrets by that role any more.
        "module.agent.azurerm_role_assignment.secrets_officer[",
    ],
    outdated: &[Outdated {
        address: "module.agent.azurerm_key_vault_secret.this",
        why: "Planning with these reads every secret's value out of the vault, which lets in the machine alone",
        kept: "the vault keeps the secrets, and the next apply stores each of them once more",
    }],
    destroy_guard: None,
    console: Console {
        fingerprint: "the answer of `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the portal (the machine, Run command)",
        shell: "use Run command on the machine's page in the portal",
    },
    cloud_command: Some(CloudCommand {
        typed: "az vm run-command invoke --ids \"$(terraform output -raw vm_id)\" \\\n  \
                --command-id RunShellScript --query 'value[0].message' --output tsv \\\n  \
                --scripts",
        invocation: Some(Invocation {
            program: "az",
            args: &[
                "vm",
                "run-command",
                "invoke",
                "--ids",
                "{vm_id}",
                "--command-id",
                "RunShellScript",
                "--query",
                "value[0].message",
                "--output",
                "tsv",
                "--scripts",
            ],
            answer: printed,
            logged_out: "az login",
        }),
    }),
    unbound_key: None,
    failures: FAILURES,
    stale: &[],
};

/// The answer has both streams of the script in it, each under its name.
fn printed(answer: &str) -> &str {
    let (_, rest) = answer.split_once("[stdout]\n").unwrap_or(("", answer));
    rest.split_once("\n[stderr]").map_or(rest, |(stdout, _)| stdout)
}

/// What both kinds of rules have in common.
const RULES: RuleShape = RuleShape {
    resource_type: "",
    list: None,
    reported: false,
    name: "name",
    outbound: Some(("direction", "Outbound")),
    denied: ("access", "Deny"),
    protocol: "protocol",
    portless: &["Icmp", "Esp", "Ah"],
    sources: &["source_address_prefix", "source_address_prefixes"],
    destinations: &["destination_address_prefix", "destination_address_prefixes"],
    ports: &["destination_port_range", "destination_port_ranges"],
    groups: &[
        "source_application_security_group_ids",
        "destination_application_security_group_ids",
    ],
    every_port: "*",
};

/// Matched in this order: the more special first.
const FAILURES: &[KnownFailure] = &[
    KnownFailure {
        needles: &["AnotherOperationInProgress"],
        cause: "Azure is still at work on an earlier change of the same resource",
        hint: "apply again in a few minutes",
        passes: true,
    },
    KnownFailure {
        needles: &["vaults/secrets/write"],
        cause: "you may not store secrets in this resource group",
        hint: "ask for Contributor beside the role that assigns roles, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["roleAssignments/write"],
        cause: "you may not assign roles in this subscription",
        hint: "ask for Owner, User Access Administrator or Role Based Access Control Administrator, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["SkuNotAvailable", "QuotaExceeded", "exceeding approved"],
        cause: "the region has none of this machine size for you",
        hint: "see what it has: `az vm list-skus -l REGION --size Standard_B2 -o table`, change `size` or `region` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "VaultAlreadyExists",
            "ConflictError: A vault with the same name already exists",
        ],
        cause: "the vault's name is taken, perhaps by a deleted vault that is kept for a while",
        hint: "give the deployment a new `id` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "az login",
            "could not acquire access token",
            "Please run 'az login'",
            "obtain a subscription",
        ],
        cause: "you are not logged in to Azure",
        hint: "run `az login`, then this again",
        passes: false,
    },
    KnownFailure {
        needles: &["Error acquiring the state lock"],
        cause: "another run holds the state",
        hint: "wait for it to end; if none is running, `terraform force-unlock ID` with the ID above",
        passes: false,
    },
];
