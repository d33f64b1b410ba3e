//! Opens a bundle, after proving that it is what its spec says.
//!
//! The folder is input: it may be stale, edited, or a stranger's clone. So nothing acts on it before its spec has been
//! resolved and rendered again, and every generated file has been found to match.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::diff::{FileState, compare};
use super::extra::ExtraFile;
use super::folder::Folder;
use super::state;
use super::terraform_input;
use super::versions::Versions;
use crate::deployment::Deployment;
use crate::error::{Error, Result};
use crate::files;
use crate::inputs::spec_file;
use crate::layout::{
    KNOWN_HOSTS, LOCK_FILE, PLAN_FILE, PROVIDERS_FILE, RECEIPTS, RUN_LOCK, SECRETS_FILE, SPEC_FILE, STATE_FILE,
    VERSIONS_FILE,
};
use crate::render::{RenderedFile, render, sha256};
use crate::text::shown;

/// What a run keeps next to the generated files; none of it may be a link.
const KEPT: &[&str] = &[
    RUN_LOCK,
    PROVIDERS_FILE,
    ".terraform.tfstate.lock.info",
    PLAN_FILE,
    "errored.tfstate",
    KNOWN_HOSTS,
    STATE_FILE,
    "terraform.tfstate.backup",
    SECRETS_FILE,
    VERSIONS_FILE,
];

/// The folders among them.
const KEPT_FOLDERS: &[&str] = &[RECEIPTS];

/// A file that the program itself adds for one run: name and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerated {
    pub name: String,
    pub text: String,
}

/// A folder whose generated files match its spec.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Absolute.
    pub directory: PathBuf,
    pub deployment: Deployment,
    pub files: Vec<RenderedFile>,
    pub extra: Vec<ExtraFile>,
    tolerated: Vec<Tolerated>,
    /// Hash of the spec that all of this was made from.
    spec: String,
}

impl Bundle {
    /// Resolves the folder's spec, renders it, and compares.
    ///
    /// # Errors
    /// A spec that cannot be resolved, a folder that differs from it, and whatever cannot be read.
    pub fn open(directory: &Path) -> Result<Bundle> {
        let directory = std::path::absolute(directory).map_err(anyhow::Error::from)?;
        let folder = Folder::read(&directory)?;
        let spec = folder.bytes(SPEC_FILE)?.ok_or_else(|| {
            Error::usage(format!("`{}` is missing", directory.join(SPEC_FILE).display()))
                .hint("restore it from version control: a bundle is generated from it")
        })?;
        let deployment = Deployment::resolve(&spec_file::load(&directory.join(SPEC_FILE))?)?;
        let guard = deployment.cloud.module().and_then(|module| module.destroy_guard);
        let bundle = Bundle {
            files: render(&deployment)?,
            extra: Vec::new(),
            tolerated: guard
                .map(|guard| Tolerated {
                    name: guard.file.to_owned(),
                    text: guard.text.to_owned(),
                })
                .into_iter()
                .collect(),
            spec: sha256(&spec),
            directory,
            deployment,
        };
        bundle.compare(&folder)?;
        let extra = ExtraFile::read_all(&folder, &bundle.deployment)?;
        Ok(Bundle { extra, ..bundle })
    }

    /// The same bundle in a folder of our own, with one more file.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn laid_out(&self, directory: &Path, more: Tolerated) -> Result<Bundle> {
        let extra = self.extra.iter().map(|file| (&file.name, &file.text));
        let own = self.files.iter().map(|file| (&file.path, &file.contents));
        for (name, text) in own.chain(extra).chain([(&more.name, &more.text)]) {
            let path = files::make_folders(directory, name).map_err(anyhow::Error::from)?;
            files::place(directory, &path, text.as_bytes(), 0o644)?;
        }
        let spec = self.files.iter().find(|file| file.path == SPEC_FILE);
        Ok(Bundle {
            directory: directory.to_owned(),
            tolerated: self.tolerated.iter().cloned().chain([more]).collect(),
            spec: spec.map(|file| sha256(file.contents.as_bytes())).unwrap_or_default(),
            ..self.clone()
        })
    }

    /// Checks that nothing changed since it was opened.
    ///
    /// # Errors
    /// Something changed.
    pub fn verify(&self) -> Result<()> {
        self.unchanged().map_err(Error::failed)
    }

    fn unchanged(&self) -> Result<()> {
        let folder = Folder::read(&self.directory)?;
        let spec = folder.bytes(SPEC_FILE)?.unwrap_or_default();
        if sha256(&spec) != self.spec || ExtraFile::read_all(&folder, &self.deployment)? != self.extra {
            return Err(Error::usage(format!("`{}` changed while it was in use", self.directory.display()))
                .hint("run this again"));
        }
        self.compare(&folder)
    }

    /// Whether the state is kept elsewhere.
    pub fn has_backend(&self) -> bool {
        self.extra.iter().any(|file| file.backend)
    }

    /// Digest of everything that Terraform and the machine get.
    pub fn digest(&self) -> String {
        let own = self.files.iter().filter(|file| file.path != LOCK_FILE);
        let own = own.map(|file| (file.path.as_str(), sha256(file.contents.as_bytes())));
        let extra = self.extra.iter().map(|file| (file.name.as_str(), file.sha256.clone()));
        let mut text = String::new();
        for (name, hash) in own.chain(extra) {
            let _ = writeln!(text, "{hash}  {name}");
        }
        sha256(text.as_bytes())
    }

    fn compare(&self, folder: &Folder) -> Result<()> {
        self.check_kept()?;
        Versions::read(folder)?;
        state::check(folder, &self.deployment)?;
        let mut found: Vec<(String, &str)> = compare(folder, &self.files)?
            .into_iter()
            // The spec may be written in any form that means the same.
            .filter(|diff| diff.path != SPEC_FILE || diff.state == FileState::Missing)
            .map(|diff| {
                let what = match diff.state {
                    FileState::Missing => "missing",
                    FileState::Different => "differs from the spec",
                    FileState::Stale => "no longer generated",
                };
                (diff.path, what)
            })
            .collect();
        for name in terraform_input::in_folders(&self.directory, &self.files)? {
            let generated = self.files.iter().any(|file| file.path == name);
            let named = self.deployment.extra_files.contains(&name) || name == VERSIONS_FILE;
            if !generated && !named && !self.is_tolerated(folder, &name)? {
                found.push((name, "not ours, and Terraform would read it"));
            }
        }
        match found.is_empty() {
            true => Ok(()),
            false => Err(self.differs(folder, &found)),
        }
    }

    fn is_tolerated(&self, folder: &Folder, name: &str) -> Result<bool> {
        let text = folder.text(name)?;
        Ok(self
            .tolerated
            .iter()
            .any(|own| own.name == name && text.as_ref() == Some(&own.text)))
    }

    fn check_kept(&self) -> Result<()> {
        let all = KEPT.iter().map(|name| (name, false));
        for (name, is_folder) in all.chain(KEPT_FOLDERS.iter().map(|name| (name, true))) {
            let path = self.directory.join(name);
            let Some(kind) = files::kind(&path).map_err(anyhow::Error::from)? else {
                continue;
            };
            if (is_folder && !kind.is_dir()) || (!is_folder && !kind.is_file()) {
                let wanted = if is_folder { "a folder" } else { "a regular file" };
                let found = files::name(kind);
                return Err(Error::usage(format!("`{}`: it is {found}, not {wanted}", path.display()))
                    .hint("remove it: a run would write to wherever it leads"));
            }
        }
        Ok(())
    }

    fn differs(&self, folder: &Folder, found: &[(String, &str)]) -> Error {
        let directory = self.directory.display();
        let version = format!("remote-setup {}", env!("CARGO_PKG_VERSION"));
        let mut text = match folder.generated_by() {
            by if by == version || by.is_empty() => format!("`{directory}` does not match its deployment.yaml"),
            by => format!("`{directory}` was written by {}, but this is {version}", shown(by)),
        };
        let width = found.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, what) in found {
            let _ = write!(text, "\n  {:<width$}  {what}", shown(name));
        }
        let error = Error::usage(text).hint(format!(
            "regenerate it, then review what changed: `remote-setup --spec {}`",
            self.directory.join(SPEC_FILE).display()
        ));
        match found.iter().any(|(_, what)| what.starts_with("not ours")) {
            true => error.hint(
                "to use a file of your own, name it under `extra_files` in deployment.yaml; otherwise move it away",
            ),
            false => error,
        }
    }
}
