//! What the emulated Azure must know. Ids are of the form that the documentation of each resource gives for importing it.

use rehearse::{Computed, DefaultValue, Provider, RequiresReplace, Vault, computed, requires_replace};

use super::control_plane::ControlPlane;

pub(super) const REHEARSAL: &[Provider] = &[
    Provider {
        values: VALUES,
        requires_replace: REQUIRES_REPLACE,
        // Source: internal/services/keyvault/key_vault_secret_resource.go of
        // https://github.com/hashicorp/terraform-provider-azurerm
        vault: Some(Vault {
            types: &["azurerm_key_vault_secret"],
            summary: "unexpected status 403 (403 Forbidden)",
            detail: "Code=\"Forbidden\" Message=\"Client address is not authorized and caller is not a trusted service.\" InnerError={\"code\":\"ForbiddenByFirewall\"}",
        }),
        ..Provider::new(include_str!("schema/azurerm-5.2.0.json"))
    },
    Provider {
        values: AZAPI_VALUES,
        defaults: AZAPI_DEFAULTS,
        requires_replace: AZAPI_REQUIRES_REPLACE,
        behaviour: Some(|| Box::new(ControlPlane)),
        ..Provider::new(include_str!("schema/azapi-2.12.0.json"))
    },
];

const AZAPI_VALUES: &[Computed] = &[
    computed("azapi_resource_action", "exist", "true"),
    computed("azapi_resource_action", "id", "{resource_id}"),
];

const AZAPI_DEFAULTS: &[DefaultValue] = &[
    DefaultValue {
        type_name: "azapi_resource_action",
        argument: "method",
        text: "POST",
    },
    DefaultValue {
        type_name: "azapi_resource_action",
        argument: "when",
        text: "apply",
    },
];

/// Source: internal/services/azapi_resource_action_resource.go of https://github.com/Azure/terraform-provider-azapi
const AZAPI_REQUIRES_REPLACE: &[RequiresReplace] = &[requires_replace(
    "azapi_resource_action",
    &["action", "resource_id", "type"],
)];

/// Source: the arguments whose documentation says that changing them forces a new resource,
/// https://github.com/hashicorp/terraform-provider-azurerm/tree/main/website/docs/r
const REQUIRES_REPLACE: &[RequiresReplace] = &[
    requires_replace("*", &["location", "name", "resource_group_name"]),
    requires_replace("azurerm_key_vault_secret", &["key_vault_id"]),
    requires_replace(
        "azurerm_linux_virtual_machine",
        &[
            "admin_ssh_key",
            "admin_username",
            "computer_name",
            "custom_data",
            "disable_password_authentication",
            "provision_vm_agent",
            "secure_boot_enabled",
            "source_image_reference",
            "vtpm_enabled",
        ],
    ),
    requires_replace("azurerm_management_lock", &["lock_level", "notes", "scope"]),
    requires_replace("azurerm_network_security_rule", &["network_security_group_name"]),
    requires_replace("azurerm_public_ip", &["ip_version", "sku", "sku_tier", "zones"]),
    requires_replace(
        "azurerm_role_assignment",
        &[
            "principal_id",
            "principal_type",
            "role_definition_id",
            "role_definition_name",
            "scope",
        ],
    ),
    requires_replace("azurerm_subnet", &["virtual_network_name"]),
    requires_replace(
        "azurerm_subnet_network_security_group_association",
        &["network_security_group_id", "subnet_id"],
    ),
];

/// Sorted by type; the first row that fits counts, so `*` is last.
#[rustfmt::skip] // One row is one line.
const VALUES: &[Computed] = &[
    computed("azurerm_client_config", "client_id", "{client}"),
    computed("azurerm_client_config", "object_id", "{operator}"),
    computed("azurerm_client_config", "subscription_id", "{subscription}"),
    computed("azurerm_key_vault", "id", "{group}/Microsoft.KeyVault/vaults/{name}"),
    computed("azurerm_key_vault", "vault_uri", "https://{name}.vault.azure.net/"),
    computed("azurerm_key_vault_secret", "id", "{versionless_id}/{version}"),
    computed("azurerm_key_vault_secret", "resource_id", "{resource_versionless_id}/versions/{version}"),
    computed("azurerm_key_vault_secret", "resource_versionless_id", "{key_vault_id}/secrets/{name}"),
    computed("azurerm_key_vault_secret", "version", "{hex}"),
    computed("azurerm_key_vault_secret", "versionless_id", "https://{key_vault_id|last}.vault.azure.net/secrets/{name}"),
    computed("azurerm_linux_virtual_machine", "allow_extension_operations", "true"),
    computed("azurerm_linux_virtual_machine", "computer_name", "{name}"),
    computed("azurerm_linux_virtual_machine", "disable_password_authentication", "true"),
    computed("azurerm_linux_virtual_machine", "disk_controller_type", "SCSI"),
    computed("azurerm_linux_virtual_machine", "id", "{group}/Microsoft.Compute/virtualMachines/{name}"),
    computed("azurerm_linux_virtual_machine", "os_disk.disk_size_gb", "30"),
    computed("azurerm_linux_virtual_machine", "os_disk.id", "{group}/Microsoft.Compute/disks/{os_disk.name}"),
    computed("azurerm_linux_virtual_machine", "os_disk.name", "{name}_OsDisk_1_{hex}"),
    computed("azurerm_linux_virtual_machine", "os_managed_disk_id", "{group}/Microsoft.Compute/disks/{os_disk.name}"),
    computed("azurerm_linux_virtual_machine", "patch_assessment_mode", "ImageDefault"),
    computed("azurerm_linux_virtual_machine", "patch_mode", "ImageDefault"),
    computed("azurerm_linux_virtual_machine", "provision_vm_agent", "true"),
    computed("azurerm_linux_virtual_machine", "virtual_machine_id", "{uuid}"),
    computed("azurerm_linux_virtual_machine", "vm_agent_platform_updates_enabled", "true"),
    computed("azurerm_managed_disk", "id", "{group}/Microsoft.Compute/disks/{name}"),
    computed("azurerm_management_lock", "id", "{scope}/providers/Microsoft.Authorization/locks/{name}"),
    computed("azurerm_monitor_action_group", "id", "{group}/Microsoft.Insights/actionGroups/{name}"),
    computed("azurerm_monitor_metric_alert", "id", "{group}/Microsoft.Insights/metricAlerts/{name}"),
    computed("azurerm_network_interface", "id", "{group}/Microsoft.Network/networkInterfaces/{name}"),
    computed("azurerm_network_interface", "ip_configuration.primary", "true"),
    computed("azurerm_network_interface", "mac_address", "00-0D-3A-5E-00-{resource_group_name|octet}"),
    computed("azurerm_network_interface_security_group_association", "id", "{network_interface_id}|{network_security_group_id}"),
    computed("azurerm_network_security_group", "id", "{group}/Microsoft.Network/networkSecurityGroups/{name}"),
    computed("azurerm_network_security_rule", "id", "{group}/Microsoft.Network/networkSecurityGroups/{network_security_group_name}/securityRules/{name}"),
    computed("azurerm_public_ip", "id", "{group}/Microsoft.Network/publicIPAddresses/{name}"),
    computed("azurerm_public_ip", "ip_address", "203.0.113.{resource_group_name|octet}"),
    computed("azurerm_resource_group", "id", "/subscriptions/{subscription}/resourceGroups/{name}"),
    computed("azurerm_role_assignment", "id", "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"),
    computed("azurerm_role_assignment", "name", "{uuid}"),
    computed("azurerm_role_assignment", "principal_type", "User"),
    computed("azurerm_role_assignment", "role_definition_id", "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{uuid}"),
    computed("azurerm_subnet", "id", "{group}/Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}"),
    computed("azurerm_subnet_network_security_group_association", "id", "{subnet_id}"),
    computed("azurerm_user_assigned_identity", "client_id", "{uuid}"),
    computed("azurerm_user_assigned_identity", "id", "{group}/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"),
    computed("azurerm_user_assigned_identity", "principal_id", "{uuid}"),
    computed("azurerm_virtual_machine_data_disk_attachment", "id", "{virtual_machine_id}/dataDisks/{managed_disk_id|last}"),
    computed("azurerm_virtual_network", "guid", "{uuid}"),
    computed("azurerm_virtual_network", "id", "{group}/Microsoft.Network/virtualNetworks/{name}"),
    computed("*", "client", "{client|uuid}"),
    computed("*", "group", "/subscriptions/{subscription}/resourceGroups/{resource_group_name}/providers"),
    computed("*", "id", "{type}/{hex}"),
    computed("*", "identity.principal_id", "{uuid}"),
    computed("*", "identity.tenant_id", "{tenant}"),
    computed("*", "ip_configuration.private_ip_address", "10.78.0.4"),
    computed("*", "operator", "{operator|uuid}"),
    computed("*", "private_ip_address", "10.78.0.4"),
    computed("*", "private_ip_addresses", "10.78.0.4"),
    computed("*", "public_ip_address", "203.0.113.{resource_group_name|octet}"),
    computed("*", "public_ip_addresses", "203.0.113.{resource_group_name|octet}"),
    computed("*", "subscription", "{subscription|uuid}"),
    computed("*", "tenant", "{tenant|uuid}"),
    computed("*", "tenant_id", "{tenant}"),
];
