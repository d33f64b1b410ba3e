//! What the emulated Tencent Cloud must know. Ids are of the form that the documentation of each resource gives for
//! importing it.

use rehearse::{Computed, Missing, Provider, RequiresReplace, Unchangeable, computed, requires_replace};

use super::account::{self, TencentAccount};
use super::catalogue::LISTS;

pub(super) const REHEARSAL: &[Provider] = &[Provider {
    values: VALUES,
    lists: LISTS,
    requires_replace: REQUIRES_REPLACE,
    unchangeable: UNCHANGEABLE,
    missing: MISSING,
    behaviour: Some(|| Box::new(TencentAccount::default())),
    ..Provider::new(include_str!("schema/tencentcloud-1.83.25.json"))
}];

/// Source: the read functions of https://github.com/tencentcloudstack/terraform-provider-tencentcloud
const MISSING: &[Missing] = &[
    Missing {
        type_name: account::INSTANCE,
        attribute: "id",
        says: Some("resource `lighthouse instance` {id} does not exist"),
    },
    Missing {
        type_name: account::COMMAND,
        attribute: "id",
        says: Some("resource `command` {id} does not exist"),
    },
    Missing {
        type_name: account::RULE,
        attribute: "instance_id",
        says: Some(account::NO_MACHINE),
    },
    // Of a pair that is still there, the provider does not look which machines it is bound to.
    Missing {
        type_name: account::ATTACHMENT,
        attribute: "key_id",
        says: None,
    },
];

/// Source: the arguments whose documentation says that changing them forces a new resource,
/// https://github.com/tencentcloudstack/terraform-provider-tencentcloud/tree/master/website/docs/r
const REQUIRES_REPLACE: &[RequiresReplace] = &[
    requires_replace("tencentcloud_lighthouse_disk_attachment", &["disk_id", "instance_id"]),
    requires_replace(account::RULE, &["instance_id"]),
    requires_replace(account::KEY_PAIR, &["key_name", "public_key"]),
    requires_replace(account::ATTACHMENT, &["instance_id", "key_id"]),
    requires_replace("tencentcloud_lighthouse_snapshot", &["instance_id"]),
    requires_replace(
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
    requires_replace(
        account::RUN,
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

const IMMUTABLE: &str = "argument `{argument}` cannot be changed";
const UNSUPPORTED: &str = "`{argument}` do not support change now.";

const fn unchangeable(type_name: &'static str, arguments: &'static [&'static str], says: &'static str) -> Unchangeable {
    Unchangeable {
        type_name,
        arguments,
        says,
    }
}

/// Source: the update functions of https://github.com/tencentcloudstack/terraform-provider-tencentcloud
const UNCHANGEABLE: &[Unchangeable] = &[
    unchangeable("tencentcloud_lighthouse_firewall_template", &["template_rules"], IMMUTABLE),
    unchangeable(account::INSTANCE, &["firewall_template_id"], IMMUTABLE),
    unchangeable(
        account::INSTANCE,
        &["client_token", "containers", "dry_run", "period", "zone"],
        UNSUPPORTED,
    ),
    unchangeable(account::COMMAND, &["enable_parameter"], UNSUPPORTED),
];

/// Sorted by type; the first row that fits counts, so `*` is last.
#[rustfmt::skip] // One row is one line.
const VALUES: &[Computed] = &[
    computed("tencentcloud_lighthouse_disk", "id", "lhdisk-{code}"),
    computed("tencentcloud_lighthouse_disk_attachment", "id", "{disk_id}"),
    computed("tencentcloud_lighthouse_firewall_rule", "id", "{instance_id}"),
    computed("tencentcloud_lighthouse_firewall_template", "id", "lhft-{code}"),
    computed("tencentcloud_lighthouse_instance", "id", "lhins-{code}"),
    computed("tencentcloud_lighthouse_instance", "permit_default_key_pair_login", "NO"),
    computed("tencentcloud_lighthouse_instance", "private_addresses", "10.0.0.13"),
    computed("tencentcloud_lighthouse_instance", "public_addresses", "203.0.113.{region|octet}"),
    computed("tencentcloud_lighthouse_instance", "zone", "{region}-2"),
    computed("tencentcloud_lighthouse_key_pair", "created_time", "2026-09-01T08:00:00Z"),
    computed("tencentcloud_lighthouse_key_pair", "id", "lhkp-{code}"),
    computed("tencentcloud_lighthouse_key_pair_attachment", "id", "{key_id}#{instance_id}"),
    computed("tencentcloud_lighthouse_snapshot", "id", "lhsnap-{code}"),
    computed("tencentcloud_tat_command", "created_by", "USER"),
    computed("tencentcloud_tat_command", "created_time", "2026-09-01T08:00:00+00:00"),
    computed("tencentcloud_tat_command", "id", "cmd-{code}"),
    computed("tencentcloud_tat_command", "updated_time", "2026-09-01T08:00:00+00:00"),
    computed("tencentcloud_tat_invocation_command_attachment", "command_id", "cmd-{code}"),
    computed("tencentcloud_tat_invocation_command_attachment", "id", "inv-{code}#{instance_id}"),
    computed("tencentcloud_tat_invocation_invoke_attachment", "id", "{invocation_id}#{instance_id}"),
    computed("tencentcloud_tat_invocation_invoke_attachment", "invocation_id", "inv-{code}"),
    computed("tencentcloud_user_info", "app_id", "1250000000"),
    computed("tencentcloud_user_info", "name", "operator"),
    computed("tencentcloud_user_info", "owner_uin", "100000000001"),
    computed("tencentcloud_user_info", "uin", "100000000001"),
    computed("*", "id", "{type}/{hex}"),
    computed("*", "region", "ap-guangzhou"),
];
