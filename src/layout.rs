//! Names of the files in a bundle's folder.

/// What the user asked for.
pub const SPEC_FILE: &str = "deployment.yaml";
/// The hashes of everything that was generated.
pub const LOCK_FILE: &str = "bundle.lock.json";
/// The only file that holds secrets; never rendered, never committed.
pub const SECRETS_FILE: &str = "secrets.env";
/// Which version each secret is at; Terraform reads it by itself.
pub const VERSIONS_FILE: &str = "secret_versions.auto.tfvars.json";
/// Keeps secrets, state and plans out of version control.
pub const IGNORE_FILE: &str = ".gitignore";
/// For the person who runs the machine.
pub const RUNBOOK: &str = "RUNBOOK.md";
/// For the person without this program.
pub const PROVISION_SCRIPT: &str = "provision.sh";
/// What the machine gets first, where the cloud takes user data.
pub const CLOUD_INIT: &str = "cloud-init.yaml";
/// What the machine gets first elsewhere.
pub const BOOTSTRAP: &str = "bootstrap.sh";
/// Checks a machine; it is sent whenever it is to run.
pub const DOCTOR: &str = "doctor.sh";
/// Terraform's root module.
pub const ROOT_MODULE: &[&str] = &["main.tf", "outputs.tf", "terraform.tf", "variables.tf"];

/// The plan that was shown, while a run lasts.
pub const PLAN_FILE: &str = "codewhale.tfplan";
/// The machine's host keys; they are public, so the file may be committed.
pub const KNOWN_HOSTS: &str = "known_hosts";
/// The providers that Terraform chose, with their hashes.
pub const PROVIDERS_FILE: &str = ".terraform.lock.hcl";
/// What Terraform knows to exist, where no backend keeps it.
pub const STATE_FILE: &str = "terraform.tfstate";
/// One receipt and one log a run.
pub const RECEIPTS: &str = "receipts";
/// Held while a run works on the folder.
pub const RUN_LOCK: &str = ".remote-setup-lock";

/// Whether Terraform would read a file of this name as values.
pub fn is_values(name: &str) -> bool {
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}
