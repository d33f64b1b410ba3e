//! How Lighthouse is provisioned.

use super::failures::UNBOUND_KEY;
use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::CloudCommand;
use crate::clouds::provisioning::Console;
use crate::clouds::provisioning::Provisioning;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    account: Some(Account {
        program: "tccli",
        args: &["sts", "GetCallerIdentity", "--output", "json"],
        purpose: "see which account will be used",
        own_credentials: &["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_CAM_ROLE_NAME"],
        login_hint: "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or run `tccli auth login`, then this again",
        pin: None,
        id: "/AccountId",
        name: "/Arn",
    }),
    environment: &["TENCENTCLOUD_", "TCCLI_"],
    refused_environment: &[],
    console: Console {
        fingerprint: "the machine's own console, or the output of its last command in the console under TencentCloud Automation Tools",
        shell: "log in from the console (Lighthouse, the machine, Log in)",
    },
    cloud_command: Some(CloudCommand {
        typed: RUN_BY_TAT,
        invocation: None,
    }),
    unbound_key: Some(&UNBOUND_KEY),
};

/// TAT takes and gives base64, and answers before the script has ended.
const RUN_BY_TAT: &str = r#"sh -c 'run=$(tccli tat RunCommand --region {region} --filter InvocationId --output text \
    --InstanceIds "[\"$(terraform output -raw instance_id)\"]" --Content "$(printf %s "$0" | base64 | tr -d "\n")")
  sleep 10
  tccli tat DescribeInvocationTasks --region {region} --HideOutput False --output text \
    --Filters "[{\"Name\":\"invocation-id\",\"Values\":[\"$run\"]}]" \
    --filter "InvocationTaskSet[0].TaskResult.Output" | base64 -d' \
  "#;
