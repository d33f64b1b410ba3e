//! How Azure is provisioned.

use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::CloudCommand;
use crate::clouds::provisioning::Console;
use crate::clouds::provisioning::Invocation;
use crate::clouds::provisioning::Pin;
use crate::clouds::provisioning::Provisioning;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    account: Some(Account {
        program: "az",
        args: &["account", "show", "--output", "json"],
        purpose: "see which subscription will be used",
        own_credentials: &[
            "ARM_CLIENT_ID",
            "ARM_USE_OIDC",
            "ARM_USE_MSI",
            "ARM_USE_AKS_WORKLOAD_IDENTITY",
        ],
        login_hint: "run `az login`, then this again",
        pin: Some(Pin {
            variable: "ARM_SUBSCRIPTION_ID",
            arguments: &["--subscription"],
        }),
        id: "/id",
        name: "/name",
    }),
    environment: &[
        "ARM_",
        "AZURE_CONFIG_DIR",
        "AZURE_HTTP_USER_AGENT",
        "ACTIONS_ID_TOKEN_REQUEST_",
        "SYSTEM_OIDCREQUESTURI",
        "SYSTEM_ACCESSTOKEN",
    ],
    // From version 5 the provider takes it as an error.
    refused_environment: &["ARM_PROVIDER_ENHANCED_VALIDATION"],
    console: Console {
        fingerprint: "the answer of `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the portal (the machine, Run command)",
        shell: "use Run command on the machine's page in the portal",
    },
    cloud_command: Some(CloudCommand {
        typed: "az vm run-command invoke --ids \"$(terraform output -raw vm_id)\" \\\n  \
                --command-id RunShellScript --query 'value[0].message' --output tsv \\\n  \
                --scripts",
        invocation: Some(Invocation {
            program: "az",
            args: &[
                "vm",
                "run-command",
                "invoke",
                "--ids",
                "{vm_id}",
                "--command-id",
                "RunShellScript",
                "--query",
                "value[0].message",
                "--output",
                "tsv",
                "--scripts",
            ],
            answer: printed,
            logged_out: "az login",
        }),
    }),
    unbound_key: None,
};

/// The answer has both streams of the script in it, each under its name.
fn printed(answer: &str) -> &str {
    let (_, rest) = answer.split_once("[stdout]\n").unwrap_or(("", answer));
    rest.split_once("\n[stderr]").map_or(rest, |(stdout, _)| stdout)
}
