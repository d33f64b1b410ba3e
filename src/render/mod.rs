//! From a deployment to the text of every file: pure, no clock, no randomness, no I/O.
//!
//! The same deployment gives the same bytes, so writing and `--check` are two readers of one value.

mod assets;
mod bootstrap;
mod cloud_init;
mod cnb;
mod env;
mod hcl;
mod install;
mod lock;
mod mcp;
mod names;
mod payload;
mod terraform;
mod text;

use std::collections::BTreeMap;

use crate::deployment::{Deployment, SecretFile};
use crate::error::{Error, Kind, Result};
use crate::tables::Bootstrap;
use crate::tables::Install;
use crate::tables::Lang;
use text::Templates;

pub use lock::{Lock, sha256};
pub use names::is_generated;
pub use payload::without_comments;

/// One file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedFile {
    /// Path inside the bundle, with `/`.
    pub path: String,
    pub contents: String,
    pub executable: bool,
}

impl RenderedFile {
    fn new(path: impl Into<String>, contents: String) -> Self {
        RenderedFile {
            path: path.into(),
            contents,
            executable: false,
        }
    }

    fn script(path: impl Into<String>, contents: String) -> Self {
        RenderedFile {
            executable: true,
            ..RenderedFile::new(path, contents)
        }
    }
}

/// Name of the spec inside the bundle.
pub const SPEC_FILE: &str = "deployment.yaml";
/// Name of the list of hashes inside the bundle.
pub const LOCK_FILE: &str = "bundle.lock.json";
/// What the machine gets first, where the cloud takes user data.
const CLOUD_INIT: &str = "cloud-init.yaml";
/// What the machine gets first elsewhere.
pub const BOOTSTRAP: &str = "bootstrap.sh";
/// Name of the only file that holds secrets; never rendered, never committed.
pub const SECRETS_FILE: &str = "secrets.env";

/// The command that writes a bundle again, as generated files and hints show it.
pub const REGENERATE: &str = "remote-setup --spec deployment.yaml";

/// Azure takes no more user data than this, in bytes: 87380 characters of base64.
/// Source: https://learn.microsoft.com/azure/virtual-machines/custom-data
const USER_DATA_LIMIT: usize = 65_535;

/// Every file of the bundle but `secrets.env`, sorted by path, the lock last.
///
/// # Errors
/// Only what the deployment cannot rule out: user data over the cloud's limit. A template error is
/// a bug, and says so.
pub fn render(deployment: &Deployment) -> Result<Vec<RenderedFile>> {
    let templates = Templates::of(deployment)?;
    let host = host_files(deployment, &templates)?;
    let travelling = payload::travelling(&host);
    let first = match deployment.bootstrap {
        Bootstrap::CloudInit => RenderedFile::new(CLOUD_INIT, user_data(deployment, &templates, &travelling)?),
        Bootstrap::Tat | Bootstrap::Ssh | Bootstrap::Cnb => {
            RenderedFile::script(BOOTSTRAP, bootstrap::render(&templates, &travelling)?)
        }
    };
    let mut files = host;
    files.push(first);
    files.push(RenderedFile::new(SPEC_FILE, spec_file(deployment)?));
    files.extend(terraform::render(deployment)?);
    files.extend(cnb::render(deployment, &templates)?);
    files.push(RenderedFile::script("provision.sh", templates.render("provision.sh")?));
    let runbook = match deployment.lang {
        Lang::En => templates.render("RUNBOOK.md")?,
        Lang::ZhCn => Templates::in_chinese(deployment)?.render("RUNBOOK.zh-CN.md")?,
    };
    files.push(RenderedFile::new("RUNBOOK.md", runbook));
    files.push(RenderedFile::new(".gitignore", templates.render(".gitignore")?));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.push(RenderedFile::new(LOCK_FILE, Lock::of(&files).to_text()));
    Ok(files)
}

fn user_data(deployment: &Deployment, templates: &Templates, host: &[RenderedFile]) -> Result<String> {
    let text = cloud_init::render(deployment, &bootstrap::script(templates, host)?)?;
    if text.len() > USER_DATA_LIMIT {
        return Err(Error::usage(format!(
            "cloud-init.yaml has {} bytes; the cloud takes {USER_DATA_LIMIT}",
            text.len()
        ))
        .hint("shorten the allowlist"));
    }
    Ok(text)
}

/// What lands on the machine, whatever brings it there: name and SHA-256 of each file as it travels, which is what the
/// machine itself reports. `bash bootstrap.sh --list` prints the same.
///
/// # Errors
/// As for [`render`].
pub fn host_hashes(deployment: &Deployment) -> Result<BTreeMap<String, String>> {
    let files = host_files(deployment, &Templates::of(deployment)?)?;
    Ok(Lock::of(&payload::travelling(&files)).files)
}

fn host_files(deployment: &Deployment, templates: &Templates) -> Result<Vec<RenderedFile>> {
    let bridge = deployment.bridge.slug;
    let script = |path: &str| -> Result<RenderedFile> { Ok(RenderedFile::script(path, templates.render(path)?)) };
    let plain = |path: &str| -> Result<RenderedFile> { Ok(RenderedFile::new(path, templates.render(path)?)) };
    let mut files = vec![RenderedFile::script(
        "install.sh",
        install::render(deployment, templates)?,
    )];
    for path in deployment.cloud.secret_store.scripts() {
        files.push(script(path)?);
    }
    files.push(script("doctor.sh")?);
    if deployment.broker.is_some() {
        files.push(script("broker-settings.sh")?);
        files.push(plain("broker.nginx.conf")?);
        files.push(plain("codewhale-broker.service")?);
    }
    for path in [
        "metadata-block.nft",
        "codewhale-metadata-block.service",
        "codewhale-secrets.service",
        "codewhale-runtime.service",
    ] {
        files.push(plain(path)?);
    }
    files.push(RenderedFile::new(
        format!("codewhale-{bridge}-bridge.service"),
        templates.render("codewhale-bridge.service")?,
    ));
    files.push(RenderedFile::new("runtime.env", env::runtime(deployment)));
    files.push(RenderedFile::new(format!("{bridge}.env"), env::bridge(deployment)));
    files.push(plain("config.toml")?);
    files.push(RenderedFile::new("mcp.json", mcp::render(deployment)?));
    if deployment.install == Install::Docker {
        files.push(plain("Dockerfile")?);
    }
    Ok(files)
}

fn spec_file(deployment: &Deployment) -> Result<String> {
    let yaml = serde_yaml::to_string(&deployment.spec).map_err(|error| bug("deployment.yaml", &error))?;
    Ok(format!(
        "# Generated by remote-setup {}: the answers this bundle was made from. To change one, edit it here and run\n\
         # `{REGENERATE}` in this folder. No secret belongs in this file.\n{yaml}",
        env!("CARGO_PKG_VERSION")
    ))
}

/// The lines every generated file starts with.
fn header(comment: &str) -> String {
    format!(
        "{comment} Generated by remote-setup {}. Edits are not kept: change deployment.yaml, then run\n\
         {comment} `{REGENERATE}` in this folder.",
        env!("CARGO_PKG_VERSION")
    )
}

/// The header of `secrets.env`, which is written once and then kept.
pub fn secrets_header() -> String {
    "# Secret values, one NAME=value a line, without quotes. This file stays on your computer:\n\
     # it is not committed, and remote-setup keeps what stands here. Empty means not given yet."
        .to_owned()
}

fn bug(what: &str, error: &dyn std::fmt::Display) -> Error {
    Error::new(Kind::Failed, format!("cannot render {what}: {error}"))
        .hint("this is a bug in remote-setup; please report it with your deployment.yaml")
}

fn file_of(slot: SecretFile) -> &'static str {
    match slot {
        SecretFile::Broker => "broker",
        SecretFile::Runtime => "runtime",
        SecretFile::Bridge => "bridge",
    }
}
