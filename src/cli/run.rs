//! Verbs that act on a bundle.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// Which bundle, and what reads the outcome.
#[derive(Clone, Debug, Default, Args)]
pub struct BundleArgs {
    /// Bundle folder [default: the current one, or the only one under ./codewhale-deploy]
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// terraform or tofu [default: the first on PATH]
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<String>,
    /// Print one JSON object to stdout
    #[arg(long)]
    pub json: bool,
}

/// What every run that may reach the machine takes.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never prompt
    #[arg(long)]
    pub non_interactive: bool,
    /// Store a new value for this secret; repeatable
    #[arg(long, value_name = "NAME")]
    pub rotate: Vec<String>,
    /// Do not wait until the machine is ready
    #[arg(long)]
    pub no_wait: bool,
    /// The machine's SSH host key, or its SHA256 fingerprint, if known_hosts does not have it yet
    #[arg(long, value_name = "KEY|SHA256:…")]
    pub host_key: Option<String>,
    /// Private half of the deployment's SSH key [default: found in ~/.ssh or the SSH agent]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PushArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Skip the confirmation of the target machine
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ProvisionArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Skip the confirmation of the plan
    #[arg(long, short)]
    pub yes: bool,
    /// With --yes: allow resources to be destroyed or replaced
    #[arg(long)]
    pub allow_destroy: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// Exit 3 if anything would change
    #[arg(long)]
    pub exit_code: bool,
    /// Save the plan for `apply FILE`; the file holds hashes, no secrets
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// With a saved plan in place of DIR: the folder of its bundle
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub bundle: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PinArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never prompt
    #[arg(long)]
    pub non_interactive: bool,
    /// Skip the confirmation of what the machine installed
    #[arg(long, short)]
    pub yes: bool,
    /// Private half of the deployment's SSH key [default: found in ~/.ssh or the SSH agent]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct OutputArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Private half of the deployment's SSH key, named in the printed commands
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct SecretsArgs {
    /// Bundle folder [default: the current one, or the only one under ./codewhale-deploy]
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Print one JSON object to stdout
    #[arg(long)]
    pub json: bool,
}
