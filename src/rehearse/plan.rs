//! What a change would lead to: what is computed becomes unknown, and some changes need a new resource.

use super::schema::Block;
use super::value::Value;
use super::walk::map_attributes;

/// Arguments that no resource can change, wherever they occur.
const FIXED_EVERYWHERE: &[&str] = &["location", "name", "resource_group_name"];

/// Arguments that one resource cannot change. Schemas do not tell.
/// Source: internal/services/azapi_resource_action_resource.go of https://github.com/Azure/terraform-provider-azapi, and
/// the arguments whose documentation says that changing them forces a new resource,
/// https://github.com/hashicorp/terraform-provider-azurerm/tree/main/website/docs/r and
/// https://github.com/tencentcloudstack/terraform-provider-tencentcloud/tree/master/website/docs/r
const FIXED: &[(&str, &[&str])] = &[
    ("azapi_resource_action", &["action", "resource_id", "type"]),
    ("azurerm_key_vault_secret", &["key_vault_id"]),
    (
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
    ("azurerm_management_lock", &["lock_level", "notes", "scope"]),
    ("azurerm_network_security_rule", &["network_security_group_name"]),
    ("azurerm_public_ip", &["ip_version", "sku", "sku_tier", "zones"]),
    (
        "azurerm_role_assignment",
        &[
            "principal_id",
            "principal_type",
            "role_definition_id",
            "role_definition_name",
            "scope",
        ],
    ),
    ("azurerm_subnet", &["virtual_network_name"]),
    (
        "azurerm_subnet_network_security_group_association",
        &["network_security_group_id", "subnet_id"],
    ),
    ("tencentcloud_lighthouse_disk_attachment", &["disk_id", "instance_id"]),
    ("tencentcloud_lighthouse_firewall_rule", &["instance_id"]),
    ("tencentcloud_lighthouse_key_pair", &["key_name", "public_key"]),
    ("tencentcloud_lighthouse_key_pair_attachment", &["instance_id", "key_id"]),
    ("tencentcloud_lighthouse_snapshot", &["instance_id"]),
    (
        "tencentcloud_tat_invocation_command_attachment",
        &[
            "command_name",
            "command_type",
            "content",
            "default_parameters",
            "description",
            "enable_parameter",
            "instance_id",
            "parameters",
            "timeout",
            "username",
            "working_directory",
        ],
    ),
    (
        "tencentcloud_tat_invocation_invoke_attachment",
        &[
            "command_id",
            "instance_id",
            "parameters",
            "timeout",
            "username",
            "working_directory",
        ],
    ),
];

/// Arguments whose change the plan shows as an update, and the provider refuses when it comes to it.
/// Source: the update functions of https://github.com/tencentcloudstack/terraform-provider-tencentcloud
const REFUSED: &[(&str, &[&str])] = &[
    ("tencentcloud_lighthouse_firewall_template", &["template_rules"]),
    (
        "tencentcloud_lighthouse_instance",
        &[
            "client_token",
            "containers",
            "dry_run",
            "firewall_template_id",
            "period",
            "zone",
        ],
    ),
    ("tencentcloud_tat_command", &["enable_parameter"]),
];

/// What arguments without a value get, and plans show.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("azapi_resource_action", "method", "POST"),
    ("azapi_resource_action", "when", "apply"),
];

/// Those among them that the provider refuses in other words.
const IMMUTABLE: &[&str] = &["firewall_template_id", "template_rules"];

/// A planned change of one resource.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) planned: Value,
    /// Changed arguments that the resource cannot change.
    pub(super) replaced_by: Vec<&'static str>,
}

/// Plans one resource from what it was, null before it is made, and what is wanted, null to remove it.
pub(super) fn plan(type_name: &str, block: &Block, prior: &Value, proposed: Value) -> Plan {
    let existing = Some(prior).filter(|prior| !prior.is_null());
    let planned = map_attributes(block, proposed, existing, &mut |site, value| {
        if site.attribute.write_only {
            Value::Null
        } else if value.is_null()
            && let Some(default) = default(type_name, site.path)
        {
            Value::Text(default.to_owned())
        } else if site.attribute.computed && value.is_null() && site.prior.is_none() {
            Value::unknown()
        } else {
            value
        }
    });
    let replaced_by = match existing {
        Some(prior) if !planned.is_null() => fixed(type_name)
            .filter(|name| prior.get(name) != planned.get(name))
            .collect(),
        _ => Vec::new(),
    };
    Plan { planned, replaced_by }
}

/// What the provider says when it refuses to change an argument.
pub(super) fn refused(type_name: &str, prior: &Value, planned: &Value) -> Option<String> {
    if prior.is_null() || planned.is_null() {
        return None;
    }
    let name = of(REFUSED, type_name).find(|name| prior.get(name) != planned.get(name))?;
    Some(match IMMUTABLE.contains(&name) {
        true => format!("argument `{name}` cannot be changed"),
        false => format!("`{name}` do not support change now."),
    })
}

fn default(type_name: &str, path: &str) -> Option<&'static str> {
    let row = DEFAULTS
        .iter()
        .find(|(of, name, _)| *of == type_name && *name == path)?;
    Some(row.2)
}

fn fixed(type_name: &str) -> impl Iterator<Item = &'static str> {
    FIXED_EVERYWHERE.iter().copied().chain(of(FIXED, type_name))
}

fn of(table: &'static [(&str, &[&str])], type_name: &str) -> impl Iterator<Item = &'static str> {
    let own = table.iter().filter(move |(known, _)| *known == type_name);
    own.flat_map(|(_, names)| names.iter().copied())
}
