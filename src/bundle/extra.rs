//! The operator's own Terraform files beside ours: named in the spec, shown in full, and barred from running programs,
//! loading other code or sending credentials elsewhere.

use hcl::{Block, Body, Structure};
use serde::Serialize;

use super::folder::Folder;
use crate::clouds::Module;
use crate::deployment::Deployment;
use crate::error::{Error, Result};
use crate::render::sha256;
use crate::text::acts_on_terminal;
use crate::text::shown;

/// Longer files cannot be reviewed at a prompt.
const LONGEST: usize = 64 * 1024;

/// Blocks that only declare. `import`, `removed` and `check` blocks can pull in another provider, which is a program
/// that planning starts.
const PLAIN_BLOCKS: &[&str] = &["variable", "locals", "output", "moved"];

/// One extra file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtraFile {
    /// Name in the bundle's folder.
    pub name: String,
    #[serde(skip)]
    pub text: String,
    pub sha256: String,
    /// It configures the backend.
    #[serde(skip)]
    pub backend: bool,
}

impl ExtraFile {
    /// Reads every file that the spec names.
    ///
    /// # Errors
    /// A file that is missing, is not text, or has something that extra files may not.
    pub(super) fn read_all(folder: &Folder, d: &Deployment) -> Result<Vec<ExtraFile>> {
        let names = d.extra_files.iter();
        names
            .map(|name| ExtraFile::read(folder, name, d, d.module()?))
            .collect()
    }

    fn read(folder: &Folder, name: &str, d: &Deployment, module: &Module) -> Result<ExtraFile> {
        let refused = |why: String| Error::usage(format!("extra file `{name}`: {why}"));
        let bytes = folder.bytes(name)?.ok_or_else(|| {
            refused("it is not in the folder".to_owned()).hint("put it there, or remove it from `extra_files`")
        })?;
        let sha256 = sha256(&bytes);
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|text| text.len() <= LONGEST && text.chars().all(|c| c == '\n' || c == '\t' || !is_unseen(c)))
            .ok_or_else(|| {
                refused(format!("it is not plain text of at most {LONGEST} bytes"))
                    .hint("it is shown in full before applying, so keep it readable")
            })?;
        let body = hcl::parse(&text).map_err(|error| {
            let at = match &error {
                hcl::Error::Parse(error) => format!("line {}: ", error.location().line()),
                _ => String::new(),
            };
            refused(format!("{at}this is not HCL, Terraform's language"))
                .hint("run `terraform fmt`: it shows what is wrong")
        })?;
        let problem = match name.ends_with(".tfvars") {
            true => in_values(&body, d),
            false => in_configuration(&body, module),
        };
        match problem {
            Some(problem) => Err(refused(problem).hint(format!(
                "an extra file may hold values, a `{}` backend, and resources of the provider `{}`",
                module.backend.kind,
                module.own_provider().name
            ))),
            None => Ok(ExtraFile {
                name: name.to_owned(),
                text,
                sha256,
                backend: any_block(&body, "backend").is_some(),
            }),
        }
    }
}

/// Control characters, and characters of no width.
fn is_unseen(c: char) -> bool {
    acts_on_terminal(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}')
}

/// Finds what a file of values may not have.
fn in_values(body: &Body, d: &Deployment) -> Option<String> {
    if body.blocks().next().is_some() {
        return Some("a file of values cannot have blocks".to_owned());
    }
    let is_secret = |key: &str| d.secrets.iter().any(|slot| slot.terraform_variable() == key);
    let secret = body
        .attributes()
        .map(|attribute| attribute.key())
        .find(|key| is_secret(key))?;
    Some(format!("`{secret}` is a secret and belongs in secrets.env"))
}

/// Finds what a configuration file may not have.
fn in_configuration(body: &Body, module: &Module) -> Option<String> {
    if body.attributes().next().is_some() {
        return Some("a value is outside every block".to_owned());
    }
    body.blocks().find_map(|block| in_block(block, module))
}

fn in_block(block: &Block, module: &Module) -> Option<String> {
    let provider = module.own_provider().name;
    let kind = block.identifier();
    if let Some(inner) = any_block(block.body(), "provisioner") {
        return Some(format!("a `provisioner` runs programs on this computer: {}", shown(&label(inner))));
    }
    match kind {
        "terraform" => in_settings(block.body(), module),
        "resource" | "data" | "ephemeral" => {
            if block.body().attributes().any(|attribute| attribute.key() == "provider") {
                return Some("the argument `provider` may load another provider".to_owned());
            }
            let of = label(block);
            let ours = of.starts_with(&format!("{provider}_")) || (kind == "resource" && of == "terraform_data");
            (!ours).then(|| format!("`{kind} \"{}\"` does not belong to the provider `{provider}`", shown(&of)))
        }
        _ if PLAIN_BLOCKS.contains(&kind) => None,
        _ => Some(format!("a `{}` block may load or run other code", shown(kind))),
    }
}

/// Only the backend may be set: the cloud's own kind, and no other host.
fn in_settings(body: &Body, module: &Module) -> Option<String> {
    let allowed = module.backend;
    if let Some(attribute) = body.attributes().next() {
        return Some(format!(
            "the `terraform` block may only have a backend here, not `{}`",
            shown(attribute.key())
        ));
    }
    body.blocks().find_map(|block| {
        let kind = label(block);
        if block.identifier() != "backend" || kind != allowed.kind {
            return Some(format!("`{} \"{}\"` is not allowed", shown(block.identifier()), shown(&kind)));
        }
        block.body().iter().find_map(|structure| match structure {
            Structure::Attribute(attribute) if allowed.settings.contains(&attribute.key()) => None,
            Structure::Attribute(attribute) => Some(format!(
                "the backend's `{}` is not allowed; allowed: {}",
                shown(attribute.key()),
                allowed.settings.join(", ")
            )),
            Structure::Block(block) => Some(format!("the backend's `{}` is not allowed", shown(block.identifier()))),
        })
    })
}

fn any_block<'a>(body: &'a Body, kind: &str) -> Option<&'a Block> {
    body.blocks().find_map(|block| match block.identifier() == kind {
        true => Some(block),
        false => any_block(block.body(), kind),
    })
}

/// The first label of a block.
fn label(block: &Block) -> String {
    block
        .labels()
        .first()
        .map(|label| label.as_str().to_owned())
        .unwrap_or_default()
}
