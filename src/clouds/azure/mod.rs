//! The Azure row.

mod control_plane;
mod provisioning;
mod rehearsal;

use super::{Backend, Cloud, Fact, FurtherProvider, Metadata, Size, TagRules, TerraformProvider};
use crate::tables::{Architecture, Bootstrap, Install, SecretStore};

macro_rules! module_files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../modules/azure/", $name)))),+]
    };
}

pub(super) const AZURE: Cloud = Cloud {
    slug: "azure",
    display_name: "Microsoft Azure",
    aliases: &["az", "azurerm", "microsoft-azure"],
    secret_store: SecretStore::KeyVault,
    installs: &[Install::Docker, Install::Native],
    bootstraps: &[Bootstrap::CloudInit],
    default_mirror: "github",
    default_region: "eastus",
    regions: REGIONS,
    mainland_regions: &[],
    default_size: "Standard_B2als_v2",
    sizes: SIZES,
    size_architecture,
    size_form: "an Azure size name such as `Standard_B2als_v2`",
    trusted_launch,
    ssh_ipv6: true,
    metadata: Metadata {
        address: "169.254.169.254",
        // The host agent. The same address is the machine's DNS server, so only these ports.
        others: &[("168.63.129.16", "80, 32526")],
    },
    cnb: false,
    // https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
    tags: TagRules {
        most: 45,
        longest_key: 512,
        longest_value: 256,
        not_in_key: "<>%&\\?/",
        reserved_prefixes: &["azure", "microsoft", "windows"],
    },
    other_monthly_usd: 6.1,
    other_cost_note: "static public IP about 3.7, 32 GiB standard SSD about 2.4, Key Vault cents",
    priced: "2026-09",
    terraform_provider: TerraformProvider {
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
    },
    further_providers: &[FurtherProvider {
        name: "azapi",
        source: "azure/azapi",
        version: ">= 2.11.0, < 3.0.0",
        // The other one registers what is needed, and nothing is to be reported to anybody.
        block: r#"provider "azapi" {
  disable_terraform_partner_id = true
  skip_provider_registration   = true
}
"#,
    }],
    provisioning: provisioning::PROVISIONING,
    module_inputs: &[
        ("name", Fact::Name),
        ("location", Fact::Location),
        ("size", Fact::Size),
        ("architecture", Fact::Architecture),
        ("trusted_launch_enabled", Fact::TrustedLaunch),
        ("ssh_public_key", Fact::SshPublicKey),
        ("ssh_allowed_cidrs", Fact::SshAllowedCidrs),
        ("runtime_port", Fact::RuntimePort),
        ("cloud_init", Fact::CloudInit),
        ("vm_revision", Fact::VmRevision),
        ("key_vault_name", Fact::KeyVaultName),
        ("secret_versions", Fact::SecretVersions),
        ("secret_values", Fact::SecretValues),
        ("tags", Fact::Tags),
    ],
    variables: &[],
    module_outputs: &[
        ("key_vault_name", "Name of the Key Vault that holds the secrets"),
        ("public_ip", "Public address of the machine"),
        ("resource_group_name", "Resource group that holds everything"),
        ("ssh_command", "Opens a shell on the machine"),
        ("ssh_user", "Administrator's name on the machine"),
        ("tunnel_command", "Brings the runtime's loopback port to this computer"),
        ("vm_id", "Azure resource id of the machine"),
    ],
    rehearsal: rehearsal::REHEARSAL,
    module_files: module_files![
        "README.md",
        "key_vault.tf",
        "main.tf",
        "network.tf",
        "outputs.tf",
        "terraform.tf",
        "variables.tf",
        "vm.tf",
    ],
    at_hand: &[
        "An Azure subscription, and the Azure CLI (`brew install azure-cli`, or as <https://aka.ms/azure-cli> says) logged in \
         to it: `az login`, then `az account show` says which subscription Terraform will use unless `ARM_SUBSCRIPTION_ID` names \
         another.",
        "The right to assign roles in it: Owner, User Access Administrator or Role Based Access Control Administrator. \
         Contributor alone is not enough.",
        "Terraform or OpenTofu, 1.11 or newer: `brew install opentofu`, or as <https://opentofu.org/docs/intro/install> and \
         <https://developer.hashicorp.com/terraform/install> say.",
    ],
    troubles: &[
        (
            "`ForbiddenByFirewall` or `Client address is not authorized`",
            "Nothing in this bundle asks the vault itself. The state is of version 0.1, and Terraform was run by hand: run \
             `remote-setup apply` in this folder, which first shows the step that makes the state forget the secrets and asks. The vault keeps \
             them.",
        ),
        (
            "The machine says that it waits for the vault's name, the vault, its role or a secret",
            "The vault is made beside the machine and takes a few minutes, and the role up to ten more. It waits 20 \
             minutes, then says what was missing; `sudo systemctl restart codewhale-secrets` there tries again at once.",
        ),
        (
            "`SkuNotAvailable` or a quota error",
            "The region has none of this size for you. `az vm list-skus -l REGION --size Standard_B2 -o table` shows \
             what it has; change `size` or `region` in `deployment.yaml` and generate again.",
        ),
        (
            "`AuthorizationFailed` on `roleAssignments/write`",
            "You are Contributor only. Ask for one of the roles named under \"At hand\".",
        ),
        (
            "`VaultAlreadyExists`",
            "The name is held by a soft-deleted vault elsewhere. Give the deployment a new `id` in `deployment.yaml`.",
        ),
    ],
    run_without_ssh: "az vm run-command invoke --ids \"$(terraform output -raw vm_id)\" \\\n  \
                      --command-id RunShellScript --query 'value[0].message' --output tsv \\\n  \
                      --scripts",
    find_without_state: "az resource list --tag deployment_id={id} --output table",
    remove_without_state: "All of it is in one resource group, which the list names and which can go as a whole: \
                           `az group delete --name GROUP`.",
    pause: "Deallocated, the machine costs nothing; its disk and its address go on, at about 6 dollars a month, and \
            everything on the disk stays: `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`. It comes back under \
            the same address, with the agent running: `az vm start --ids \"$(terraform output -raw vm_id)\"`. Shutting \
            it down from inside does not stop the bill. Start it before you plan or apply.",
    after_destroy: "Azure keeps the deleted vault, and with it the name, for seven days (soft delete with purge \
                    protection). Applying the same bundle again within that time brings the old vault back, with its \
                    secrets; to start afresh, give the deployment a new `id`.",
    creates: &[
        "a resource group that holds all of it",
        "a virtual network with one private subnet and a network security group",
        "a static public IP and a network interface",
        "a Key Vault, closed to every network but the machine's subnet, with the secrets in it",
        "an Ubuntu 24.04 machine whose managed identity may read those secrets",
        "a role assignment that lets the machine read its secrets",
    ],
};

/// Estimates for East US, Linux, pay as you go.
const SIZES: &[Size] = &[
    size("Standard_B2als_v2", 2, 4, 27.5),
    size("Standard_B2as_v2", 2, 8, 55.0),
    size("Standard_B2pls_v2", 2, 4, 25.0),
    size("Standard_B2ps_v2", 2, 8, 49.0),
    size("Standard_B2ats_v2", 2, 1, 7.0),
    size("Standard_B2pts_v2", 2, 1, 6.2),
    size("Standard_B4als_v2", 4, 8, 107.0),
];

const fn size(slug: &'static str, vcpus: u16, memory_gib: u16, monthly_usd: f32) -> Size {
    Size {
        slug,
        vcpus,
        memory_gib,
        monthly_usd: Some(monthly_usd),
    }
}

/// Size names are `<tier>_<family><vcpus>[-<constrained>]<features>[_<accelerator>][_v<n>]`;
/// a `p` among the features says ARM.
/// Source: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
fn size_architecture(size: &str) -> Option<Architecture> {
    let rest = size.strip_prefix("Standard_")?;
    let well_formed = rest.len() <= 40
        && rest.starts_with(|c: char| c.is_ascii_uppercase())
        && rest.contains(|c: char| c.is_ascii_digit())
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !well_formed {
        return None;
    }
    Some(if features(rest).contains('p') {
        Architecture::Arm64
    } else {
        Architecture::X64
    })
}

fn features(rest: &str) -> &str {
    let first = rest.split('_').next().unwrap_or(rest);
    first
        .trim_start_matches(|c: char| c.is_ascii_uppercase())
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// Documented: x64 families B, D, E and F from generation 3 on, and of the ARM families only v6.
/// Source: https://learn.microsoft.com/azure/virtual-machines/trusted-launch
fn trusted_launch(size: &str) -> bool {
    let rest = size.strip_prefix("Standard_").unwrap_or(size);
    match size_architecture(size) {
        Some(Architecture::X64) => {
            let generation = rest.rsplit_once("_v").and_then(|(_, v)| v.parse::<u8>().ok());
            rest.starts_with('B') || (rest.starts_with(['D', 'E', 'F']) && generation >= Some(3))
        }
        Some(Architecture::Arm64) => rest.starts_with(['D', 'E']) && rest.ends_with("_v6"),
        None => false,
    }
}

/// Source: `az account list-locations`, physical regions of the public cloud.
#[rustfmt::skip]
const REGIONS: &[&str] = &[
    "australiacentral", "australiaeast", "australiasoutheast", "austriaeast", "belgiumcentral",
    "brazilsouth", "canadacentral", "canadaeast", "centralindia", "centralus", "chilecentral",
    "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral", "indonesiacentral",
    "israelcentral", "italynorth", "japaneast", "japanwest", "jioindiawest", "koreacentral",
    "koreasouth", "malaysiawest", "mexicocentral", "newzealandnorth", "northcentralus",
    "northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth",
    "southcentralus", "southeastasia", "southindia", "spaincentral", "swedencentral",
    "switzerlandnorth", "uaenorth", "uksouth", "ukwest", "westcentralus", "westeurope",
    "westindia", "westus", "westus2", "westus3",
];
