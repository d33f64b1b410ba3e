//! Azure's Terraform module, and what a plan of it may do.

use super::firewall;
use crate::clouds::module::module_files;
use crate::clouds::{Backend, Fact, IdentityShape, Module, Outdated, TerraformProvider};

pub(super) const MODULE: Module = Module {
    providers: &[
        TerraformProvider {
            name: "azurerm",
            source: "hashicorp/azurerm",
            version: ">= 5.0.1, < 6.0.0",
            // From 5.0 the provider registers nothing by itself, and a fresh subscription lacks these.
            block: r#"provider "azurerm" {
  resource_provider_registrations = "none"

  resource_providers_to_register = [
    "Microsoft.Compute",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
  ]

  features {}
}
"#,
        },
        TerraformProvider {
            name: "azapi",
            source: "azure/azapi",
            version: ">= 2.11.0, < 3.0.0",
            // The other one registers what is needed, and nothing is to be reported to anybody.
            block: r#"provider "azapi" {
  disable_terraform_partner_id = true
  skip_provider_registration   = true
}
"#,
        },
    ],
    backend: Backend {
        kind: "azurerm",
        settings: &[
            "client_id",
            "container_name",
            "key",
            "resource_group_name",
            "snapshot",
            "storage_account_name",
            "subscription_id",
            "tenant_id",
            "use_azuread_auth",
            "use_cli",
            "use_msi",
            "use_oidc",
        ],
        example: r#"terraform {
  backend "azurerm" {
    resource_group_name  = "rg-terraform-state"
    storage_account_name = "yourstateaccount"
    container_name       = "tfstate"
    key                  = "codewhale.tfstate"
    use_azuread_auth     = true
  }
}
"#,
    },
    files: module_files!["azure": "README.md", "key_vault.tf", "main.tf", "network.tf", "outputs.tf", "terraform.tf", "variables.tf", "vm.tf"],
    inputs: &[
        ("name", Fact::Name),
        ("location", Fact::Location),
        ("size", Fact::Size),
        ("architecture", Fact::Architecture),
        ("trusted_launch_enabled", Fact::TrustedLaunch),
        ("ssh_public_key", Fact::SshPublicKey),
        ("ssh_allowed_cidrs", Fact::SshAllowedCidrs),
        ("runtime_port", Fact::RuntimePort),
        ("cloud_init", Fact::FirstScript),
        ("vm_revision", Fact::VmRevision),
        ("key_vault_name", Fact::VaultName),
        ("secret_versions", Fact::SecretVersions),
        ("secret_values", Fact::SecretValues),
        ("tags", Fact::Tags),
    ],
    variables: &[],
    outputs: &[
        ("key_vault_name", "Name of the Key Vault that holds the secrets"),
        ("public_ip", "Public address of the machine"),
        ("resource_group_name", "Resource group that holds everything"),
        ("ssh_command", "Opens a shell on the machine"),
        ("ssh_user", "Administrator's name on the machine"),
        ("tunnel_command", "Forwards the runtime's loopback port to your computer"),
        ("vm_id", "Azure resource id of the machine"),
    ],
    rules: firewall::RULES,
    network: firewall::NETWORK,
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
        why: "Planning with these reads every secret's value from the vault, which admits only the machine",
        kept: "the vault keeps the secrets, and the next apply stores each of them once more",
    }],
    destroy_guard: None,
};
