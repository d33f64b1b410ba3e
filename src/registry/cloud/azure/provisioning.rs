//! How Azure is provisioned.

use crate::registry::provisioning::{
    Account, IdentityShape, KnownFailure, Program, Provisioning, RuleShape, SecretUse, Stage, StepRow,
};

pub(super) const PROVISIONING: Provisioning = Provisioning {
    steps: &[
        StepRow {
            stage: Stage::Account,
            description: "see which subscription will be used",
            program: Program::Named("az"),
            args: &["account", "show", "--output", "json"],
            secrets: SecretUse::None,
        },
        StepRow {
            stage: Stage::Init,
            description: "fetch the provider",
            program: Program::Engine,
            args: &["init", "-input=false", "-no-color"],
            secrets: SecretUse::None,
        },
        StepRow {
            stage: Stage::Plan,
            description: "find out what would change",
            program: Program::Engine,
            args: &["plan", "-json", "-input=false", "-lock-timeout=60s", "-out={plan}"],
            secrets: SecretUse::Placeholder,
        },
        StepRow {
            stage: Stage::Apply,
            description: "change just that",
            program: Program::Engine,
            args: &["apply", "-json", "-input=false", "-lock-timeout=60s", "{plan}"],
            secrets: SecretUse::Values,
        },
        StepRow {
            stage: Stage::ReadyBySsh,
            description: "wait until the machine says that it is ready",
            program: Program::Named("ssh"),
            args: &[
                "-o",
                "BatchMode=yes",
                "-o",
                "ConnectTimeout=10",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "{ssh_target}",
                "cat /var/lib/codewhale-setup/result.json",
            ],
            secrets: SecretUse::None,
        },
        StepRow {
            stage: Stage::ReadyByCloud,
            description: "wait until the machine says that it is ready",
            program: Program::Named("az"),
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
                "cat /var/lib/codewhale-setup/result.json",
            ],
            secrets: SecretUse::None,
        },
    ],
    account: Account {
        own_credentials: &[
            "ARM_CLIENT_ID",
            "ARM_USE_OIDC",
            "ARM_USE_MSI",
            "ARM_USE_AKS_WORKLOAD_IDENTITY",
        ],
        login_hint: "run `az login`, then this again",
        pin: "ARM_SUBSCRIPTION_ID",
        id: "/id",
        name: "/name",
    },
    rules: RuleShape {
        resource_type: "azurerm_network_security_rule",
        direction: "direction",
        inbound: "Inbound",
        access: "access",
        allow: "Allow",
        sources: &["source_address_prefix", "source_address_prefixes"],
        destinations: &["destination_address_prefix", "destination_address_prefixes"],
        ports: &["destination_port_range", "destination_port_ranges"],
        anywhere: &["*", "0.0.0.0/0", "::/0", "Internet", "internet", "Any", "any"],
    },
    identity: Some(IdentityShape {
        resource_type: "azurerm_linux_virtual_machine",
        block: "identity",
    }),
    failures: FAILURES,
};

/// Matched in this order: the more special first.
const FAILURES: &[KnownFailure] = &[
    KnownFailure {
        needles: &["ForbiddenByRbac"],
        cause: "the role that lets you store secrets was granted moments ago and Azure has not spread it yet",
        hint: "apply again in a few minutes",
        passes: true,
    },
    KnownFailure {
        needles: &["ForbiddenByFirewall", "Client address is not authorized"],
        cause: "the vault's firewall does not know the address you come from now",
        hint: "allow it: `az keyvault network-rule add --name VAULT --ip-address YOUR_ADDRESS`, put it into `allow_vault_from` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["roleAssignments/write"],
        cause: "you may not assign roles in this subscription",
        hint: "ask for Owner, User Access Administrator or Role Based Access Control Administrator, then apply again",
        passes: false,
    },
    KnownFailure {
        needles: &["SkuNotAvailable", "QuotaExceeded", "exceeding approved"],
        cause: "the region has none of this machine size for you",
        hint: "see what it has: `az vm list-skus -l REGION --size Standard_B2 -o table`, change `size` or `region` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "VaultAlreadyExists",
            "ConflictError: A vault with the same name already exists",
        ],
        cause: "the vault's name is taken, perhaps by a deleted vault that is kept for a while",
        hint: "give the deployment a new `id` in deployment.yaml, generate and apply again",
        passes: false,
    },
    KnownFailure {
        needles: &[
            "az login",
            "could not acquire access token",
            "Please run 'az login'",
            "obtain a subscription",
        ],
        cause: "you are not logged in to Azure",
        hint: "run `az login`, then this again",
        passes: false,
    },
    KnownFailure {
        needles: &["Error acquiring the state lock"],
        cause: "another run holds the state",
        hint: "wait for it to end; if none is running, `terraform force-unlock ID` with the ID above",
        passes: false,
    },
];
