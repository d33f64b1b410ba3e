//! Renders a deployment to the text of every file: pure, without clock, randomness or I/O.
//!
//! The same deployment gives the same bytes, so writing and `--check` use the same result.

mod assets;
mod bootstrap;
mod cloud_init;
mod cnb;
mod hcl;
mod install;
mod lock;
mod mcp;
mod names;
mod payload;
pub mod ssh;
mod terraform;
mod text;

use std::collections::BTreeMap;

use crate::clouds::Encoding;
use crate::deployment::{Deployment, SecretFile};
use crate::error::{Error, Kind, Result};
use crate::layout::{BOOTSTRAP, CLOUD_INIT, DOCTOR, IGNORE_FILE, LOCK_FILE, PROVISION_SCRIPT, RUNBOOK, SPEC_FILE};
use crate::tables::Bootstrap;
use crate::tables::Install;
use crate::tables::Lang;
use bootstrap::Form;
use text::Templates;

pub use lock::{Lock, sha256};
pub use names::is_generated;
pub use payload::compacted;

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

/// The command that regenerates a bundle, as generated files and hints show it.
pub const REGENERATE: &str = "remote-setup --spec deployment.yaml";

/// Every file of the bundle except `secrets.env`, sorted by path, the lock last.
///
/// # Errors
/// User data over the cloud's limit, which only rendering can tell. A template error is a bug, and says so.
pub fn render(deployment: &Deployment) -> Result<Vec<RenderedFile>> {
    let templates = Templates::of(deployment)?;
    let host = host_files(deployment, &templates)?;
    let travelling = payload::travelling(&host);
    let first = match deployment.bootstrap {
        Bootstrap::CloudInit => user_data(deployment, &templates, &travelling)?,
        Bootstrap::CommandService | Bootstrap::Ssh | Bootstrap::Cnb => {
            let script = bootstrap::script(&templates, &travelling, Form::Alone)?;
            if let Some(service) = deployment.cloud.command_service {
                fits(BOOTSTRAP, script.len(), service.limit)?;
            }
            RenderedFile::script(BOOTSTRAP, script)
        }
    };
    let mut files = host;
    files.push(first);
    // Sent whenever it is to run, so that user data stays small and no machine has an older one.
    files.push(RenderedFile::script(DOCTOR, templates.render(DOCTOR)?));
    files.push(RenderedFile::new(SPEC_FILE, spec_file(deployment)?));
    files.extend(terraform::render(deployment)?);
    files.extend(cnb::render(deployment, &templates)?);
    if deployment.cloud.module().is_some() {
        files.push(RenderedFile::script(PROVISION_SCRIPT, templates.render(PROVISION_SCRIPT)?));
    }
    let runbook = match deployment.lang {
        Lang::En => templates.render(RUNBOOK)?,
        Lang::ZhCn => Templates::in_language(deployment, Lang::ZhCn)?.render("RUNBOOK.zh-CN.md")?,
    };
    files.push(RenderedFile::new(RUNBOOK, runbook));
    files.push(RenderedFile::new(IGNORE_FILE, templates.render(IGNORE_FILE)?));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.push(RenderedFile::new(LOCK_FILE, Lock::of(&files).to_text()));
    Ok(files)
}

/// The user data file. Its size is checked in the form that the cloud takes.
fn user_data(deployment: &Deployment, templates: &Templates, host: &[RenderedFile]) -> Result<RenderedFile> {
    let Some(user_data) = deployment.cloud.user_data else {
        return Err(bug(CLOUD_INIT, &"the cloud takes no user data"));
    };
    let file = match user_data.encoding {
        Encoding::CloudConfig => {
            let script = bootstrap::script(templates, host, Form::InCloudConfig)?;
            RenderedFile::new(CLOUD_INIT, cloud_init::render(deployment, &script)?)
        }
        Encoding::Script | Encoding::Base64 => {
            RenderedFile::script(BOOTSTRAP, bootstrap::script(templates, host, Form::Alone)?)
        }
        Encoding::GzipBase64 => RenderedFile::script(BOOTSTRAP, bootstrap::script(templates, host, Form::InGzip)?),
    };
    let size = match user_data.encoding {
        Encoding::GzipBase64 => {
            let gzip = payload::gzip(file.contents.as_bytes());
            gzip.map_err(|error| bug(&file.path, &error))?.len()
        }
        Encoding::CloudConfig | Encoding::Script | Encoding::Base64 => file.contents.len(),
    };
    fits(&file.path, size, user_data.limit)?;
    Ok(file)
}

fn fits(path: &str, size: usize, limit: usize) -> Result<()> {
    if size <= limit {
        return Ok(());
    }
    Err(Error::usage(format!("{path} has {size} bytes; the cloud takes {limit}")).hint("shorten the allowlist"))
}

/// The host files, however they get to the machine: name and SHA-256 of each as sent, which is also what the machine
/// reports. `bash bootstrap.sh --list` prints the same.
///
/// # Errors
/// As for [`render`].
pub fn host_hashes(deployment: &Deployment) -> Result<BTreeMap<String, String>> {
    let files = host_files(deployment, &Templates::of(deployment)?)?;
    Ok(Lock::of(&payload::travelling(&files)).files)
}

fn host_files(deployment: &Deployment, templates: &Templates) -> Result<Vec<RenderedFile>> {
    let agent = deployment.agent;
    let bridge = deployment.bridge.slug;
    let script = |path: &str| -> Result<RenderedFile> { Ok(RenderedFile::script(path, templates.render(path)?)) };
    let plain = |path: &str| -> Result<RenderedFile> { Ok(RenderedFile::new(path, templates.render(path)?)) };
    // Renders a template of the agent's own.
    let own = |path: &str, fragment: &str| -> Result<RenderedFile> {
        Ok(RenderedFile::new(path, templates.render(&format!("agent/{fragment}"))?))
    };
    let unit = |name: &str, template: &str| -> Result<RenderedFile> {
        let path = agent.names().fill(&format!("@agent@-{name}.service"));
        Ok(RenderedFile::new(path, templates.render(&format!("{template}.service"))?))
    };
    let mut files = vec![RenderedFile::script(
        "install.sh",
        install::render(deployment, templates)?,
    )];
    for path in deployment.cloud.secret_scripts() {
        files.push(match deployment.cloud.vault {
            Some(_) => RenderedFile::script(*path, templates.render(&text::fetch_of(deployment.cloud))?),
            None => script(path)?,
        });
    }
    files.push(script("deliver.sh")?);
    if deployment.broker.is_some() {
        files.push(script("broker-settings.sh")?);
        files.push(plain("broker.nginx.conf")?);
        files.push(unit("broker", "broker")?);
    }
    files.push(plain("metadata-block.nft")?);
    for name in ["metadata-block", "secrets", "runtime"] {
        files.push(unit(name, name)?);
    }
    files.push(unit(&format!("{bridge}-bridge"), "bridge")?);
    files.push(own("runtime.env", "runtime.env")?);
    files.push(own(&format!("{bridge}.env"), "bridge.env")?);
    for path in agent.config_files {
        files.push(own(path, path)?);
    }
    if let Some(path) = agent.mcp_file {
        files.push(RenderedFile::new(path, mcp::render(deployment)?));
    }
    if deployment.install == Install::Docker {
        files.push(own("Dockerfile", "Dockerfile")?);
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
