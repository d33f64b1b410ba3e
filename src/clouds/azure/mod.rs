//! The Azure row.

mod control_plane;
mod failures;
mod firewall;
mod module;
mod prose;
mod provisioning;
mod regions;
mod rehearsal;
mod sizes;
mod vault;

use super::{Cloud, Encoding, MetadataAddress, Provisioner, TagRules, UserData};
use crate::tables::{Bootstrap, Install, Words};

pub(super) const AZURE: Cloud = Cloud {
    slug: "azure",
    display_name: Words::same("Microsoft Azure"),
    aliases: &["az", "azurerm", "microsoft-azure"],
    vault: Some(vault::VAULT),
    user_data: Some(UserData {
        // 87380 characters of base64: https://learn.microsoft.com/azure/virtual-machines/custom-data
        limit: 65_535,
        encoding: Encoding::CloudConfig,
    }),
    command_service: None,
    installs: &[Install::Docker, Install::Native],
    bootstraps: &[Bootstrap::CloudInit],
    default_region: "eastus",
    regions: regions::REGIONS,
    default_size: "Standard_B2als_v2",
    sizes: sizes::SIZES,
    size_architecture: sizes::architecture,
    size_form: "an Azure size name such as `Standard_B2als_v2`",
    trusted_launch: sizes::trusted_launch,
    ssh_ipv6: true,
    metadata: &[
        MetadataAddress::whole("169.254.169.254"),
        // The host agent. The same address is the machine's DNS server, so only these ports.
        MetadataAddress {
            address: "168.63.129.16",
            ports: &[80, 32526],
        },
    ],
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
    other_cost_note: prose::OTHER_COST_NOTE,
    priced: "2026-09",
    provisioner: Provisioner::Terraform(&module::MODULE),
    provisioning: provisioning::PROVISIONING,
    prerequisites: prose::PREREQUISITES,
    failures: failures::FAILURES,
    rehearsal: rehearsal::REHEARSAL,
    find_without_state: "az resource list --tag deployment_id={id} --output table",
    remove_without_state: prose::REMOVE_WITHOUT_STATE,
    pause: prose::PAUSE,
    after_destroy: prose::AFTER_DESTROY,
    creates: prose::CREATES,
};
