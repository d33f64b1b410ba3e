//! Verbs that act on a bundle.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// Which bundle, and what reads the outcome.
#[derive(Clone, Debug, Default, Args)]
pub struct BundleArgs {
    /// Folder of the bundle; the current one, or the only one under ./codewhale-deploy, when left out
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// terraform or tofu; the first on the path when left out
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<String>,
    /// Print one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}

/// What every run that may reach the machine takes.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never ask
    #[arg(long)]
    pub non_interactive: bool,
    /// Store a new value of a secret; repeatable
    #[arg(long, value_name = "NAME")]
    pub rotate: Vec<String>,
    /// Do not wait until the machine says that it is ready
    #[arg(long)]
    pub no_wait: bool,
    /// Where secrets are pushed: the machine's host key, or its SHA256 fingerprint, when known_hosts has none yet
    #[arg(long, value_name = "KEY|SHA256:…")]
    pub host_key: Option<String>,
    /// Private half of the deployment's SSH key; found in ~/.ssh or in an agent when left out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PushArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Say yes to the machine that is shown beforehand
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ProvisionArgs {
    #[command(flatten)]
    pub run: RunArgs,
    /// Say yes to the plan beforehand
    #[arg(long, short)]
    pub yes: bool,
    /// With --yes: also to destroying and replacing
    #[arg(long)]
    pub allow_destroy: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// Exit 3 when something would change
    #[arg(long)]
    pub exit_code: bool,
    /// Keep what was planned in a file, for `apply FILE`; it holds hashes, no secret
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// With a plan kept by `plan --save` in the place of DIR, which applies just that: the folder of its bundle
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub bundle: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct PinArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Never ask
    #[arg(long)]
    pub non_interactive: bool,
    /// Say yes to what the machine says beforehand
    #[arg(long, short)]
    pub yes: bool,
    /// Private half of the deployment's SSH key; found in ~/.ssh or in an agent when left out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct OutputArgs {
    #[command(flatten)]
    pub bundle: BundleArgs,
    /// Private half of the deployment's SSH key, for the commands that are printed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ssh_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct SecretsArgs {
    /// Folder of the bundle; the current one, or the only one under ./codewhale-deploy, when left out
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Print one JSON object on stdout
    #[arg(long)]
    pub json: bool,
}
