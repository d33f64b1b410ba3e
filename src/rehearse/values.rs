//! What computed attributes hold, by type and attribute.
//!
//! In braces: another text of the same resource (`{name}`), the end of one, after its last slash
//! (`{scope|last}`), or something that `plausible` makes up. What has no row is empty, zero or false,
//! as a cloud answers what does not apply.
//! Source: ids are of the form that the documentation of each resource gives for importing it.

/// One attribute's value.
pub(super) struct Row {
    /// A resource or data source type, or `*` for every one without a row of its own.
    pub(super) type_name: &'static str,
    /// With the blocks around it: `os_disk.name`.
    pub(super) attribute: &'static str,
    pub(super) template: &'static str,
}

const fn row(type_name: &'static str, attribute: &'static str, template: &'static str) -> Row {
    Row {
        type_name,
        attribute,
        template,
    }
}

/// Sorted by type; the first row that fits counts, so `*` is last.
#[rustfmt::skip] // One row is one line.
pub(super) const VALUES: &[Row] = &[
    row("azurerm_client_config", "client_id", "{client}"),
    row("azurerm_client_config", "object_id", "{operator}"),
    row("azurerm_client_config", "subscription_id", "{subscription}"),
    row("azurerm_key_vault", "id", "{group}/Microsoft.KeyVault/vaults/{name}"),
    row("azurerm_key_vault", "vault_uri", "https://{name}.vault.azure.net/"),
    row("azurerm_key_vault_secret", "id", "{versionless_id}/{version}"),
    row("azurerm_key_vault_secret", "resource_id", "{resource_versionless_id}/versions/{version}"),
    row("azurerm_key_vault_secret", "resource_versionless_id", "{key_vault_id}/secrets/{name}"),
    row("azurerm_key_vault_secret", "version", "{hex}"),
    row("azurerm_key_vault_secret", "versionless_id", "https://{key_vault_id|last}.vault.azure.net/secrets/{name}"),
    row("azurerm_linux_virtual_machine", "allow_extension_operations", "true"),
    row("azurerm_linux_virtual_machine", "computer_name", "{name}"),
    row("azurerm_linux_virtual_machine", "disable_password_authentication", "true"),
    row("azurerm_linux_virtual_machine", "disk_controller_type", "SCSI"),
    row("azurerm_linux_virtual_machine", "id", "{group}/Microsoft.Compute/virtualMachines/{name}"),
    row("azurerm_linux_virtual_machine", "os_disk.disk_size_gb", "30"),
    row("azurerm_linux_virtual_machine", "os_disk.id", "{group}/Microsoft.Compute/disks/{os_disk.name}"),
    row("azurerm_linux_virtual_machine", "os_disk.name", "{name}_OsDisk_1_{hex}"),
    row("azurerm_linux_virtual_machine", "os_managed_disk_id", "{group}/Microsoft.Compute/disks/{os_disk.name}"),
    row("azurerm_linux_virtual_machine", "patch_assessment_mode", "ImageDefault"),
    row("azurerm_linux_virtual_machine", "patch_mode", "ImageDefault"),
    row("azurerm_linux_virtual_machine", "provision_vm_agent", "true"),
    row("azurerm_linux_virtual_machine", "virtual_machine_id", "{uuid}"),
    row("azurerm_linux_virtual_machine", "vm_agent_platform_updates_enabled", "true"),
    row("azurerm_managed_disk", "id", "{group}/Microsoft.Compute/disks/{name}"),
    row("azurerm_management_lock", "id", "{scope}/providers/Microsoft.Authorization/locks/{name}"),
    row("azurerm_monitor_action_group", "id", "{group}/Microsoft.Insights/actionGroups/{name}"),
    row("azurerm_monitor_metric_alert", "id", "{group}/Microsoft.Insights/metricAlerts/{name}"),
    row("azurerm_network_interface", "id", "{group}/Microsoft.Network/networkInterfaces/{name}"),
    row("azurerm_network_interface", "ip_configuration.primary", "true"),
    row("azurerm_network_interface", "mac_address", "00-0D-3A-5E-00-{octet}"),
    row("azurerm_network_interface_security_group_association", "id", "{network_interface_id}|{network_security_group_id}"),
    row("azurerm_network_security_group", "id", "{group}/Microsoft.Network/networkSecurityGroups/{name}"),
    row("azurerm_network_security_rule", "id", "{group}/Microsoft.Network/networkSecurityGroups/{network_security_group_name}/securityRules/{name}"),
    row("azurerm_public_ip", "id", "{group}/Microsoft.Network/publicIPAddresses/{name}"),
    row("azurerm_public_ip", "ip_address", "203.0.113.{octet}"),
    row("azurerm_resource_group", "id", "/subscriptions/{subscription}/resourceGroups/{name}"),
    row("azurerm_role_assignment", "id", "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"),
    row("azurerm_role_assignment", "name", "{uuid}"),
    row("azurerm_role_assignment", "principal_type", "User"),
    row("azurerm_role_assignment", "role_definition_id", "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{uuid}"),
    row("azurerm_subnet", "id", "{group}/Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}"),
    row("azurerm_subnet_network_security_group_association", "id", "{subnet_id}"),
    row("azurerm_user_assigned_identity", "client_id", "{uuid}"),
    row("azurerm_user_assigned_identity", "id", "{group}/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"),
    row("azurerm_user_assigned_identity", "principal_id", "{uuid}"),
    row("azurerm_virtual_machine_data_disk_attachment", "id", "{virtual_machine_id}/dataDisks/{managed_disk_id|last}"),
    row("azurerm_virtual_network", "guid", "{uuid}"),
    row("azurerm_virtual_network", "id", "{group}/Microsoft.Network/virtualNetworks/{name}"),
    row("*", "id", "{type}/{hex}"),
    row("*", "identity.principal_id", "{uuid}"),
    row("*", "identity.tenant_id", "{tenant}"),
    row("*", "ip_configuration.private_ip_address", "10.78.0.4"),
    row("*", "private_ip_address", "10.78.0.4"),
    row("*", "private_ip_addresses", "10.78.0.4"),
    row("*", "public_ip_address", "203.0.113.{octet}"),
    row("*", "public_ip_addresses", "203.0.113.{octet}"),
    row("*", "region", "ap-guangzhou"),
    row("*", "tenant_id", "{tenant}"),
];
