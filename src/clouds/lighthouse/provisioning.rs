//! How Lighthouse is provisioned.

use super::failures::UNBOUND_KEY;
use crate::clouds::provisioning::Account;
use crate::clouds::provisioning::OverSsh;
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
            "see which account will be used",
            Program::Named("tccli"),
            &["sts", "GetCallerIdentity", "--output", "json"],
            Stdin::Nothing,
        ),
        StepRow::INIT,
        StepRow::plan(SecretUse::None),
        StepRow::apply(SecretUse::None),
        StepRow::other(
            Stage::HostKey,
            "see which key the machine shows, unless known_hosts has it",
            Program::Named("ssh-keyscan"),
            &["-T", "10", "-t", "ed25519", "--", "{host}"],
            Stdin::Nothing,
        ),
        StepRow::other(
            Stage::AwaitSsh,
            "wait until the machine lets you in",
            Program::OnMachine,
            &["true"],
            Stdin::Nothing,
        ),
        StepRow::other(
            Stage::Bootstrap,
            "bring the host files",
            Program::OnMachine,
            &["sudo bash -s"],
            Stdin::File("bootstrap.sh"),
        ),
        StepRow::other(
            Stage::Push,
            "bring the secrets",
            Program::OnMachine,
            &["sudo bash /var/lib/codewhale-setup/bundle/store-secrets.sh"],
            Stdin::Secrets,
        ),
        StepRow::other(
            Stage::ReadyBySsh,
            "wait until the machine says that it is ready",
            Program::OnMachine,
            &["cat /var/lib/codewhale-setup/result.json"],
            Stdin::Nothing,
        ),
    ],
    account: Some(Account {
        own_credentials: &["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_CAM_ROLE_NAME"],
        login_hint: "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or run `tccli auth login`, then this again",
        pin: None,
        id: "/AccountId",
        name: "/Arn",
    }),
    environment: &["TENCENTCLOUD_", "TCCLI_"],
    refused_environment: &[],
    over_ssh: Some(OverSsh {
        fingerprint: "the machine's own console, or the output of its last command in the console under TencentCloud Automation Tools",
        console: "log in from the console (Lighthouse, the machine, Log in)",
        unbound_key: &UNBOUND_KEY,
    }),
};
