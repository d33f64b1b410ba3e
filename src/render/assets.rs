//! The templates, embedded. `templates/` mirrors the bundle: a template's path is its output's
//! path plus `.tera`. Those in `parts/` are included by others.

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
    "Dockerfile",
    "RUNBOOK.md",
    "RUNBOOK.zh-CN.md",
    "bootstrap.sh",
    "broker-settings.sh",
    "broker.nginx.conf",
    "codewhale-bridge.service",
    "codewhale-broker.service",
    "codewhale-metadata-block.service",
    "codewhale-runtime.service",
    "codewhale-secrets.service",
    "config.toml",
    "doctor.sh",
    "install.sh",
    "load-secrets.sh",
    "metadata-block.nft",
    "parts/secret-files.sh",
    "parts/secret-values.sh",
    "provision.sh",
    "store-secrets.sh",
];
