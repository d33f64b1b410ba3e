//! The Tencent Lighthouse row.

mod account;
mod catalogue;
mod failures;
mod firewall;
mod module;
mod prose;
mod provisioning;
mod regions;
mod rehearsal;
mod sizes;

pub use account::Incident;

use super::{Cloud, CommandService, MetadataAddress, Provisioner, TagRules};
use crate::tables::{Bootstrap, Install, words};

pub(super) const LIGHTHOUSE: Cloud = Cloud {
    slug: "lighthouse",
    display_name: words("Tencent Cloud Lighthouse", "腾讯云轻量应用服务器"),
    aliases: &["tencent", "tencent-lighthouse", "tencentcloud"],
    vault: None,
    user_data: None,
    command_service: Some(CommandService {
        name: "TAT",
        // TencentCloud Automation Tools take a command of 64 KiB in base64; this is what fits, with the module's lines around it.
        // Source: provider tencentcloud 1.83, `content` of tat_command.
        limit: 48 * 1024 - 512,
        run: "module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]",
    }),
    // User 1000 of the container would be the image's own `ubuntu`.
    installs: &[Install::Native],
    bootstraps: &[Bootstrap::CommandService, Bootstrap::Ssh, Bootstrap::Cnb],
    default_region: "ap-hongkong",
    regions: regions::REGIONS,
    default_size: "auto",
    sizes: sizes::SIZES,
    size_architecture: sizes::architecture,
    size_form: "`auto` or the id of a Lighthouse bundle such as `bundle_starter_nmc_lin_med4_01`",
    trusted_launch: |_| false,
    ssh_ipv6: false,
    // https://cloud.tencent.com/document/product/213/4934
    metadata: &[
        MetadataAddress::whole("169.254.0.23"),
        MetadataAddress {
            address: "169.254.169.254",
            ports: &[80],
        },
    ],
    cnb: true,
    // https://cloud.tencent.com/document/product/651/13354; a TAT command takes ten, of which two are ours.
    tags: TagRules {
        most: 8,
        longest_key: 127,
        longest_value: 255,
        not_in_key: "<>%&\\?'\"`~!#$^*|;,",
        reserved_prefixes: &["qcs:", "project"],
    },
    other_monthly_usd: 0.0,
    other_cost_note: prose::OTHER_COST_NOTE,
    priced: "2026-11",
    provisioner: Provisioner::Terraform(&module::MODULE),
    provisioning: provisioning::PROVISIONING,
    prerequisites: prose::PREREQUISITES,
    failures: failures::FAILURES,
    rehearsal: rehearsal::REHEARSAL,
    // Machines of Lighthouse bear no tags, but a name that nobody else gives.
    find_without_state: r#"tccli lighthouse DescribeInstances --region {region} --Filters '[{"Name":"instance-name","Values":["{name}-{id}"]}]'"#,
    remove_without_state: prose::REMOVE_WITHOUT_STATE,
    pause: prose::PAUSE,
    after_destroy: prose::AFTER_DESTROY,
    creates: prose::CREATES,
};
