//! The Tencent Lighthouse row.

mod account;
mod failures;
mod provisioning;
mod rehearsal;

pub use account::Incident;

use super::{Backend, Cloud, Fact, Metadata, PRICE_OUTPUT, RootVariable, Size, TagRules, TerraformProvider};
use crate::tables::{Architecture, Bootstrap, Install, SecretStore};

macro_rules! module_files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../modules/lighthouse/", $name)))),+]
    };
}

pub(super) const LIGHTHOUSE: Cloud = Cloud {
    slug: "lighthouse",
    display_name: "Tencent Cloud Lighthouse",
    aliases: &["tencent", "tencent-lighthouse", "tencentcloud"],
    secret_store: SecretStore::EnvFile,
    // User 1000 of the container would be the image's own `ubuntu`.
    installs: &[Install::Native],
    bootstraps: &[Bootstrap::Tat, Bootstrap::Ssh, Bootstrap::Cnb],
    default_mirror: "github",
    default_region: "ap-hongkong",
    regions: REGIONS,
    mainland_regions: MAINLAND_REGIONS,
    default_size: "auto",
    sizes: SIZES,
    size_architecture,
    size_form: "`auto` or the id of a Lighthouse bundle such as `bundle_starter_nmc_lin_med4_01`",
    trusted_launch: |_| false,
    ssh_ipv6: false,
    // https://cloud.tencent.com/document/product/213/4934
    metadata: Metadata {
        address: "169.254.0.23",
        others: &[("169.254.169.254", "80")],
    },
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
    other_cost_note: "nothing: disk, address and traffic are part of the bundle, and it is prepaid by the month",
    priced: "2026-11",
    terraform_provider: TerraformProvider {
        name: "tencentcloud",
        source: "tencentcloudstack/tencentcloud",
        version: ">= 1.83.0, < 2.0.0",
        // Keys come from the environment, so that no file holds them.
        block: r#"provider "tencentcloud" {
  region = "{region}"
}
"#,
        backend: Backend {
            kind: "cos",
            settings: &["bucket", "encrypt", "key", "prefix", "region"],
            example: r#"terraform {
  backend "cos" {
    region = "ap-guangzhou"
    bucket = "your-terraform-state-1250000000"
    prefix = "codewhale"
    key    = "terraform.tfstate"
  }
}
"#,
        },
    },
    further_providers: &[],
    provisioning: provisioning::PROVISIONING,
    module_inputs: &[
        ("name", Fact::Name),
        ("deployment_id", Fact::Id),
        ("location", Fact::Location),
        ("zone", Fact::Variable),
        ("size", Fact::Size),
        ("blueprint_id", Fact::Variable),
        ("period", Fact::Variable),
        ("renew_flag", Fact::Variable),
        ("ssh_public_key", Fact::SshPublicKey),
        ("ssh_key_id", Fact::Variable),
        ("ssh_allowed_cidrs", Fact::SshAllowedCidrs),
        ("runtime_port", Fact::RuntimePort),
        ("cloud_init", Fact::CloudInit),
        ("tags", Fact::Tags),
    ],
    variables: &[
        variable(
            "zone",
            "string",
            "\"\"",
            "Zone within the region, such as ap-hongkong-2; empty: Tencent picks one",
        ),
        variable(
            "blueprint_id",
            "string",
            "\"\"",
            "Image to start from, such as lhbp-1l4ptuvm; empty: Ubuntu 24.04",
        ),
        variable(
            "ssh_key_id",
            "string",
            "\"\"",
            "Key pair of your public key that the account has already, such as lhkp-a1b2c3d4; empty: one is made",
        ),
        variable(
            "period",
            "number",
            "1",
            "Months that are paid for at first: 1 to 12, 24, 36, 48 or 60",
        ),
        variable(
            "renew_flag",
            "string",
            "\"NOTIFY_AND_MANUAL_RENEW\"",
            "When the paid time ends: NOTIFY_AND_AUTO_RENEW goes on paying, NOTIFY_AND_MANUAL_RENEW waits for you",
        ),
    ],
    module_outputs: &[
        ("instance_id", "Id of the machine"),
        (PRICE_OUTPUT, "Price of the machine, where Tencent tells it"),
        ("public_ip", "Public address of the machine"),
        ("ssh_command", "Opens a shell on the machine"),
        ("ssh_user", "Administrator's name on the machine"),
        ("tunnel_command", "Brings the runtime's loopback port to this computer"),
    ],
    rehearsal: rehearsal::REHEARSAL,
    module_files: module_files![
        "README.md",
        "bootstrap.tf",
        "catalogue.tf",
        "instance.tf",
        "main.tf",
        "network.tf",
        "outputs.tf",
        "terraform.tf",
        "variables.tf",
    ],
    at_hand: &[
        "A Tencent Cloud account with enough balance: the machine is prepaid, and paid for when it is made.",
        "An API key of a CAM user who may use Lighthouse and TAT (`QcloudLighthouseFullAccess`, `QcloudTATFullAccess`) \
         and pay: `export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`. With an account of tencentcloud.com also \
         `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`.",
        "TCCLI, Tencent Cloud's command line: `pip install tccli`, then `tccli sts GetCallerIdentity` says which account \
         will be used.",
        "Terraform or OpenTofu, 1.11 or newer: `brew install opentofu`, or as <https://opentofu.org/docs/intro/install> and \
         <https://developer.hashicorp.com/terraform/install> say.",
    ],
    troubles: &[
        (
            "`AuthFailure` or `UnauthorizedOperation`",
            "The API key is wrong, of the other kind of account (tencentcloud.com needs \
             `TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`), or its user may not use Lighthouse, TAT or the balance.",
        ),
        (
            "`Lighthouse sells no Linux bundle`, or the bundle is sold out",
            "`tccli lighthouse DescribeBundles --region REGION --Limit 100` shows what there is. Change `size` or `region` in \
             `deployment.yaml` and generate again. What `auto` chose is kept, even where it sold out before the machine was bought; to \
             have it choose anew, `terraform init`, then `terraform state rm 'module.agent.terraform_data.bundle[0]'`, and apply again.",
        ),
        (
            "`PurchaseSourceHasNoBundleConfigs`",
            "Tencent sells this bundle on its own pages only, as in a promotion. Take one whose label is not `ACTIVITY`.",
        ),
        (
            "`Lighthouse offers no image of Ubuntu 24.04`, or `BlueprintIdNotFound`",
            "Tencent withdrew the image; a machine that exists is not touched by that. For a new one, find another with \
             `tccli lighthouse DescribeBlueprints --region REGION --Limit 100`, put its id as `blueprint_id` into `terraform.tfvars`, name \
             that file under `extra_files` in `deployment.yaml`, and generate again.",
        ),
        (
            "`KeyPairPublicKeyDuplicated`",
            "Your account has this public key already, and Tencent takes it once. `tccli lighthouse DescribeKeyPairs --region REGION \
             --Limit 100` tells the id of that key pair. Put it as `ssh_key_id` into `terraform.tfvars`, name that file under `extra_files` \
             in `deployment.yaml`, and generate again: the pair is used, and never deleted from here.",
        ),
        (
            "The apply ends in an error while the machine is being made",
            "It may exist and be paid for, and Terraform does not know it. Look for it with \
             `tccli lighthouse DescribeInstances --region REGION`, and take it over: `terraform init`, then \
             `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. Then apply again.",
        ),
        (
            "`AgentStatusNotOnline`, or TAT says that the agent is offline",
            "Tencent's agent starts after the machine does. Apply again in a minute; where it never comes, use \
             `bootstrap: ssh` in `deployment.yaml`.",
        ),
        (
            "`invocation status is still pending`",
            "The script itself always ends well and in time, so TAT could not run it, or a version before this one left a run that failed. \
             The reason is in the console under TAT. Such a run can be neither repeated nor removed, so have the state forget it: \
             `terraform init`, then `terraform state rm 'module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]'`. Then \
             apply or destroy again.",
        ),
        (
            "`lighthouse instance` and `does not exist`, or `InstanceIdNotFound`",
            "The machine is gone, and the provider does not plan without it. Have the state forget it and what hung on it: `terraform init`, \
             then `terraform state rm module.agent.tencentcloud_lighthouse_instance.this \
             module.agent.tencentcloud_lighthouse_firewall_rule.ssh module.agent.tencentcloud_lighthouse_key_pair_attachment.this \
             module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`. Then apply, which makes a new machine, or destroy.",
        ),
        (
            "`CommandNotFound`, or `command` and `does not exist`",
            "Somebody deleted the TAT command. Have the state forget it and its run, which makes and runs it again: `terraform init`, then \
             `terraform state rm module.agent.tencentcloud_tat_command.bootstrap \
             module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`. Then apply again.",
        ),
        (
            "`KeyPairNotBoundToInstance`, or the machine does not take the right key any more",
            "Somebody unbound the key pair from the machine, which the provider does not notice. Have the state forget that it was bound: \
             `terraform init`, then `terraform state rm module.agent.tencentcloud_lighthouse_key_pair_attachment.this`. Then apply \
             again, which binds it. At `KeyPairBindDuplicate` it is bound all the same: unbind it in the console first.",
        ),
        (
            "`Instance cannot be destroyed`",
            "The machine is guarded, for what is on its disk exists nowhere else. `remote-setup destroy` lifts the guard for \
             that one run, after asking.",
        ),
        (
            "`ResourceNotReturnable` while destroying",
            "Tencent does not take this machine back before its paid time ends. See in the console that it does not renew itself, and have \
             the state forget it: `terraform init`, then `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`. Then \
             destroy again, which removes the rest.",
        ),
    ],
    run_without_ssh: RUN_BY_TAT,
    // Machines of Lighthouse bear no tags, but a name that nobody else gives.
    find_without_state: r#"tccli lighthouse DescribeInstances --region {region} --Filters '[{"Name":"instance-name","Values":["{name}-{id}"]}]'"#,
    remove_without_state: "Have Terraform know the machine again, then destroy it: `terraform init`, then \
                           `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. The firewall template, the \
                           key pair and the TAT command are named alike and cost nothing; delete them in the console.",
    pause: "It cannot be paused: the machine is paid for by the month in advance, and costs the same while it is \
            stopped. Let it run until the month ends, or destroy it.",
    after_destroy: "Tencent pays back what its refund rules allow, and keeps the record of what TAT ran: the text of the \
                    host files, no secret.",
    creates: &[
        "a firewall template without rules, so that the machine starts behind a closed firewall",
        "a Lighthouse machine with Ubuntu 24.04, prepaid",
        "a firewall rule that lets your networks open SSH; none without them",
        "a key pair of your public key, attached to the machine",
        "with `bootstrap: tat`, a TAT command that brings the host files to the machine, and its run",
    ],
};

const fn variable(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    description: &'static str,
) -> RootVariable {
    RootVariable {
        name,
        kind,
        default,
        description,
    }
}

/// TAT takes and gives base64, and answers before the script has ended.
const RUN_BY_TAT: &str = r#"sh -c 'run=$(tccli tat RunCommand --region {region} --filter InvocationId --output text \
    --InstanceIds "[\"$(terraform output -raw instance_id)\"]" --Content "$(printf %s "$0" | base64 | tr -d "\n")")
  sleep 10
  tccli tat DescribeInvocationTasks --region {region} --HideOutput False --output text \
    --Filters "[{\"Name\":\"invocation-id\",\"Values\":[\"$run\"]}]" \
    --filter "InvocationTaskSet[0].TaskResult.Output" | base64 -d' \
  "#;

/// What is on sale differs by region and day, and so do the prices: Tencent is asked while planning.
const SIZES: &[Size] = &[
    size("auto", 2, 4),
    size("bundle_rs_nmc_lin_med1_02", 2, 1),
    size("bundle_rs_nmc_lin_med2_01", 2, 2),
    size("bundle_starter_mc_med2_01", 2, 2),
    size("bundle_starter_mc_med4_02", 2, 4),
    size("bundle_starter_mc_promo_med4_02", 2, 4),
    size("bundle_starter_nmc_lin_med4_01", 2, 4),
];

const fn size(slug: &'static str, vcpus: u16, memory_gib: u16) -> Size {
    Size {
        slug,
        vcpus,
        memory_gib,
        monthly_usd: None,
    }
}

/// Every bundle is x64.
fn size_architecture(size: &str) -> Option<Architecture> {
    let is_bundle = size.strip_prefix("bundle").is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with('_')
            && (3..=61).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    });
    (size == "auto" || is_bundle).then_some(Architecture::X64)
}

/// Source: `tccli lighthouse DescribeRegions`.
const REGIONS: &[&str] = &[
    "ap-beijing",
    "ap-chengdu",
    "ap-guangzhou",
    "ap-hongkong",
    "ap-mumbai",
    "ap-nanjing",
    "ap-shanghai",
    "ap-singapore",
    "ap-tokyo",
    "eu-frankfurt",
    "na-siliconvalley",
];

const MAINLAND_REGIONS: &[&str] = &["ap-beijing", "ap-chengdu", "ap-guangzhou", "ap-nanjing", "ap-shanghai"];
