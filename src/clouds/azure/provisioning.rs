//! How Azure is provisioned.

use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::Pin;
use crate::clouds::provisioning::Program;
use crate::clouds::provisioning::Provisioning;
use crate::clouds::provisioning::SecretUse;
use crate::clouds::provisioning::Stage;
use crate::clouds::provisioning::Stdin;
use crate::clouds::provisioning::StepRow;

pub(super) const PROVISIONING: Provisioning = Provisioning {
    steps: &[
        StepRow::other(
            Stage::Account,
            "see which subscription will be used",
            Program::Named("az"),
            &["account", "show", "--output", "json"],
            Stdin::Nothing,
        ),
        StepRow::INIT,
        StepRow::plan(SecretUse::Placeholder),
        StepRow::apply(SecretUse::Values),
        StepRow::other(
            Stage::ReadyBySsh,
            "wait until the machine says that it is ready",
            Program::Named("ssh"),
            &[
                "-o",
                "BatchMode=yes",
                "-o",
                "ConnectTimeout=10",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "--",
                "{ssh_target}",
                "cat /var/lib/codewhale-setup/result.json",
            ],
            Stdin::Nothing,
        ),
        StepRow::other(
            Stage::ReadyByCloud,
            "wait until the machine says that it is ready",
            Program::Named("az"),
            &[
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
                "cat /var/lib/codewhale-setup/result.json",
            ],
            Stdin::Nothing,
        ),
    ],
    account: Some(Account {
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
    over_ssh: None,
};
