//! A made-up cloud: plain scripts as user data, no vault, firewall rules in nested blocks.

mod module;
mod rehearsal;

use remote_setup::clouds::provisioning::{Account, Console, Provisioning};
use remote_setup::clouds::{Cloud, Encoding, Failure, MetadataAddress, Provisioner, Region, Size, TagRules, UserData};
use remote_setup::tables::{Architecture, Bootstrap, Install, words};

pub const NIMBUS: Cloud = Cloud {
    slug: "nimbus",
    display_name: words("Nimbus", "雨云"),
    aliases: &["rain"],
    vault: None,
    user_data: Some(UserData {
        limit: 32 * 1024,
        encoding: Encoding::Script,
    }),
    command_service: None,
    installs: &[Install::Native],
    bootstraps: &[Bootstrap::CloudInit],
    default_region: "high",
    regions: &[Region::at("high", words("Above the trees", "树梢之上"))],
    default_size: "drop-2",
    sizes: &[Size {
        slug: "drop-2",
        vcpus: 2,
        memory_gib: 4,
        monthly_usd: Some(12.0),
    }],
    size_architecture: |size| size.starts_with("drop-").then_some(Architecture::X64),
    size_form: "`drop-` and a number, such as `drop-2`",
    trusted_launch: |_| false,
    ssh_ipv6: true,
    metadata: &[MetadataAddress::whole("169.254.169.254")],
    cnb: false,
    tags: TagRules {
        most: 10,
        longest_key: 60,
        longest_value: 60,
        not_in_key: " ",
        reserved_prefixes: &[],
    },
    other_monthly_usd: 0.0,
    other_cost_note: words("nothing: disk and address are included", "无（磁盘和公网地址已包含）"),
    priced: "2026-11",
    provisioner: Provisioner::Terraform(&module::MODULE),
    provisioning: Provisioning {
        account: Some(Account {
            program: "nimbus",
            args: &["whoami", "--json"],
            purpose: "see which account will be used",
            own_credentials: &["NIMBUS_TOKEN"],
            login_hint: "set NIMBUS_TOKEN",
            pin: None,
            id: "/id",
            name: "/name",
        }),
        environment: &["NIMBUS_"],
        refused_environment: &[],
        console: Console {
            fingerprint: "the machine's page, under Console",
            shell: "open the console on the machine's page",
        },
        cloud_command: None,
        unbound_key: None,
    },
    prerequisites: &[words(
        "A token: `export NIMBUS_TOKEN=…`.",
        "一个令牌：`export NIMBUS_TOKEN=…`。",
    )],
    failures: &[Failure {
        symptom: Some(words("`drop_limit`", "`drop_limit`")),
        needles: &["drop_limit"],
        cause: words("the account may have no more machines", "账号的服务器数量已达上限"),
        remedy: words("delete one in `{region}`, then {again}", "请在 `{region}` 删除一台，然后{again}"),
        ..Failure::PLAIN
    }],
    rehearsal: rehearsal::REHEARSAL,
    find_without_state: "nimbus machines --region {region}",
    remove_without_state: words("`nimbus delete ID` deletes a machine.", "`nimbus delete ID` 会删除一台服务器。"),
    pause: words("It costs the same while it is off.", "关机期间费用不变。"),
    after_destroy: words("Nothing stays.", "不会留下任何资源。"),
    creates: &[
        words("a machine with Ubuntu 24.04", "一台 Ubuntu 24.04 服务器"),
        words("a firewall that admits your networks to SSH", "一个只允许你的网络连接 SSH 的防火墙"),
    ],
};
