//! Values that look like a real cloud's, always the same for the same resource.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::value::Value;

/// What a computed attribute holds: type, attribute, value. The first row that fits counts; `*` is
/// every type. In braces: another text of the same resource (`{name}`), the end of one
/// (`{scope|last}`, after the last slash), or something of `made_up`.
const VALUES: &[(&str, &str, &str)] = &[
    ("azurerm_client_config", "client_id", "{client}"),
    ("azurerm_client_config", "object_id", "{operator}"),
    ("azurerm_client_config", "subscription_id", "{subscription}"),
    ("azurerm_key_vault", "id", "{group}/providers/Microsoft.KeyVault/vaults/{name}"),
    ("azurerm_key_vault", "vault_uri", "https://{name}.vault.azure.net/"),
    ("azurerm_key_vault_secret", "id", "{versionless_id}/{version}"),
    (
        "azurerm_key_vault_secret",
        "resource_id",
        "{resource_versionless_id}/versions/{version}",
    ),
    (
        "azurerm_key_vault_secret",
        "resource_versionless_id",
        "{key_vault_id}/secrets/{name}",
    ),
    ("azurerm_key_vault_secret", "version", "{hex}"),
    (
        "azurerm_key_vault_secret",
        "versionless_id",
        "https://{key_vault_id|last}.vault.azure.net/secrets/{name}",
    ),
    (
        "azurerm_linux_virtual_machine",
        "id",
        "{group}/providers/Microsoft.Compute/virtualMachines/{name}",
    ),
    ("azurerm_linux_virtual_machine", "disk_controller_type", "SCSI"),
    ("azurerm_linux_virtual_machine", "os_disk.name", "{name}_OsDisk_1_{hex}"),
    (
        "azurerm_linux_virtual_machine",
        "os_managed_disk_id",
        "{group}/providers/Microsoft.Compute/disks/{os_disk.name}",
    ),
    ("azurerm_managed_disk", "id", "{group}/providers/Microsoft.Compute/disks/{name}"),
    (
        "azurerm_management_lock",
        "id",
        "{scope}/providers/Microsoft.Authorization/locks/{name}",
    ),
    (
        "azurerm_monitor_action_group",
        "id",
        "{group}/providers/Microsoft.Insights/actionGroups/{name}",
    ),
    (
        "azurerm_monitor_metric_alert",
        "id",
        "{group}/providers/Microsoft.Insights/metricAlerts/{name}",
    ),
    (
        "azurerm_network_interface",
        "id",
        "{group}/providers/Microsoft.Network/networkInterfaces/{name}",
    ),
    ("azurerm_network_interface", "mac_address", "00-0D-3A-5E-00-{octet}"),
    (
        "azurerm_network_interface_security_group_association",
        "id",
        "{network_interface_id}|{network_security_group_id}",
    ),
    (
        "azurerm_network_security_group",
        "id",
        "{group}/providers/Microsoft.Network/networkSecurityGroups/{name}",
    ),
    (
        "azurerm_network_security_rule",
        "id",
        "{group}/providers/Microsoft.Network/networkSecurityGroups/{network_security_group_name}/securityRules/{name}",
    ),
    (
        "azurerm_public_ip",
        "id",
        "{group}/providers/Microsoft.Network/publicIPAddresses/{name}",
    ),
    ("azurerm_resource_group", "id", "/subscriptions/{subscription}/resourceGroups/{name}"),
    (
        "azurerm_role_assignment",
        "id",
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
    ),
    ("azurerm_role_assignment", "name", "{uuid}"),
    ("azurerm_role_assignment", "principal_type", "User"),
    (
        "azurerm_role_assignment",
        "role_definition_id",
        "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{uuid}",
    ),
    (
        "azurerm_subnet",
        "id",
        "{group}/providers/Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}",
    ),
    ("azurerm_subnet_network_security_group_association", "id", "{subnet_id}"),
    (
        "azurerm_user_assigned_identity",
        "id",
        "{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
    ),
    (
        "azurerm_virtual_machine_data_disk_attachment",
        "id",
        "{virtual_machine_id}/dataDisks/{managed_disk_id|last}",
    ),
    (
        "azurerm_virtual_network",
        "id",
        "{group}/providers/Microsoft.Network/virtualNetworks/{name}",
    ),
    ("*", "ip_address", "203.0.113.{octet}"),
    ("*", "private_ip_address", "10.78.0.4"),
    ("*", "private_ip_addresses", "10.78.0.4"),
    ("*", "public_ip_address", "203.0.113.{octet}"),
    ("*", "public_ip_addresses", "203.0.113.{octet}"),
    ("*", "tenant_id", "{tenant}"),
    ("*", "id", "{type}/{hex}"),
];

/// A resource that gets values.
pub(super) struct Subject<'a> {
    type_name: &'a str,
    known: &'a Value,
    seed: [u8; 32],
}

impl<'a> Subject<'a> {
    pub(super) fn new(type_name: &'a str, known: &'a Value, generation: usize) -> Subject<'a> {
        let mut hash = Sha256::new();
        hash.update(format!("{type_name} {generation}"));
        if let Value::Map(fields) = known {
            for (name, value) in fields {
                if let Value::Text(text) = value {
                    hash.update(format!(" {name} {text}"));
                }
            }
        }
        Subject {
            type_name,
            known,
            seed: hash.finalize().into(),
        }
    }

    /// A value of the attribute's kind, which is a type as schemas write it.
    pub(super) fn value(&self, path: &str, kind: &serde_json::Value) -> Value {
        match kind.as_str().or(kind[0].as_str()) {
            Some("string") => Value::Text(self.text(path)),
            Some("bool") => Value::Scalar(false.into()),
            Some("number") => Value::Scalar(0.into()),
            Some("map") => Value::Map(BTreeMap::new()),
            Some("list" | "set") => match self.row(path) {
                Some(template) => Value::List(vec![Value::Text(self.fill(path, template))]),
                None => Value::List(Vec::new()),
            },
            _ => Value::Null,
        }
    }

    fn text(&self, path: &str) -> String {
        match self.row(path) {
            Some(template) => self.fill(path, template),
            None if path.ends_with("_id") || path.ends_with("guid") => self.fill(path, "{uuid}"),
            None => String::new(),
        }
    }

    fn row(&self, path: &str) -> Option<&'static str> {
        let leaf = path.rsplit('.').next().unwrap_or(path);
        VALUES
            .iter()
            .find(|(type_name, attribute, _)| {
                (*type_name == self.type_name && *attribute == path) || (*type_name == "*" && *attribute == leaf)
            })
            .map(|(_, _, template)| *template)
    }

    /// The template with everything in braces filled in.
    fn fill(&self, path: &str, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, opened)) = rest.split_once('{') {
            let (name, after) = opened.split_once('}').expect("the table closes its braces");
            text.push_str(before);
            text.push_str(&self.placeholder(path, name));
            rest = after;
        }
        text + rest
    }

    fn placeholder(&self, path: &str, name: &str) -> String {
        if let Some(whole) = name.strip_suffix("|last") {
            let whole = self.placeholder(path, whole);
            return whole.rsplit('/').next().unwrap_or_default().to_owned();
        }
        match self.known.get(name) {
            Some(Value::Text(text)) => text.clone(),
            _ => self.made_up(path, name).unwrap_or_else(|| self.text(name)),
        }
    }

    /// What the templates use beside the resource's own attributes.
    fn made_up(&self, path: &str, name: &str) -> Option<String> {
        Some(match name {
            "type" => self.type_name.to_owned(),
            "group" => self.fill(path, "/subscriptions/{subscription}/resourceGroups/{resource_group_name}"),
            "hex" => hex(&self.digest(path)[..16]),
            "uuid" => uuid(self.digest(path)),
            // One network per resource group, so that a machine and its address agree.
            "octet" => {
                let group = self.known.get("resource_group_name").and_then(Value::as_text);
                (10 + digest(group.unwrap_or_default())[0] % 90).to_string()
            }
            "client" | "operator" | "subscription" | "tenant" => uuid(digest(name)),
            _ => return None,
        })
    }

    fn digest(&self, path: &str) -> [u8; 32] {
        digest(&format!("{} {path}", hex(&self.seed)))
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest as a UUID of version 4.
fn uuid(digest: [u8; 32]) -> String {
    let hex = hex(&digest);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
