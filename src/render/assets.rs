//! The templates, embedded. `templates/` mirrors the bundle: a template's path is its output's path plus `.tera`; a unit gets
//! the agent's name in front. Those in `parts/` are included by others; an agent brings its own, see `agents`.

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
    "doctor.sh",
    "fetch-secrets.sh",
    "install.sh",
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
