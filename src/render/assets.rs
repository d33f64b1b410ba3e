//! The embedded templates. `templates/` mirrors the bundle: a template's path is its output's path plus `.tera`, and a
//! unit's name gets the agent's as a prefix. Those in `install/` and `parts/` are included by others. Agents bring
//! their own, see `agents`.

macro_rules! templates {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../templates/", $path, ".tera")))),+]
    };
}

/// Template name and source.
pub(super) const TEMPLATES: &[(&str, &str)] = templates![
    ".cnb/Dockerfile",
    ".cnb/check.sh",
    ".cnb/deploy.sh",
    ".cnb/run-by-tat.py",
    ".gitignore",
    "RUNBOOK.md",
    "RUNBOOK.zh-CN.md",
    "bootstrap.sh",
    "bridge.service",
    "broker-settings.sh",
    "broker.nginx.conf",
    "broker.service",
    "deliver.sh",
    "doctor.sh",
    "install.sh",
    "install/activate.sh",
    "install/changes.sh",
    "install/environment.sh",
    "install/folders.sh",
    "install/going-back.sh",
    "install/keep.sh",
    "install/metadata-block.sh",
    "install/names.sh",
    "install/packages.sh",
    "install/parts/apt-mirror.sh",
    "install/parts/broker-without-vault.sh",
    "install/parts/broker.sh",
    "install/parts/docker.sh",
    "install/parts/native.sh",
    "install/parts/pushed.sh",
    "install/parts/user-data.sh",
    "install/parts/vault.sh",
    "install/parts/without-broker.sh",
    "install/parts/without-vault.sh",
    "install/pins.sh",
    "install/readiness.sh",
    "install/recipe.sh",
    "install/result.sh",
    "install/retire.sh",
    "install/runtime.sh",
    "install/settings.sh",
    "install/start.sh",
    "install/steps.sh",
    "install/system.sh",
    "install/units.sh",
    "install/users.sh",
    "install/values.sh",
    "load-secrets.sh",
    "metadata-block.nft",
    "metadata-block.service",
    "parts/secret-files.sh",
    "parts/secret-values.sh",
    "provision.sh",
    "runtime.service",
    "secrets.service",
    "store-secrets.sh",
];

/// The agent's part of `install.sh`.
pub(super) const OF_AGENT: &str = "agent/install.sh";

/// Whether this template neither includes others nor is included.
pub(super) fn is_document(path: &str) -> bool {
    path.starts_with("RUNBOOK") || path.starts_with(".cnb/")
}

/// Whether this template is included by others instead of being a file of the bundle.
pub(super) fn is_included(path: &str) -> bool {
    path.starts_with("install/") || path.starts_with("parts/")
}
