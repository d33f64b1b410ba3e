//! Where a bundle goes, and what is there already.

use std::path::{Path, PathBuf};

use crate::agents::Agent;
use crate::bundle::Folder;
use crate::chats::Chat;
use crate::cli::GenerateArgs;
use crate::clouds::Cloud;
use crate::command::DEFAULT_FOLDER;
use crate::error::{Error, Result, why};
use crate::files;
use crate::inputs::{self, Spec, spec_file};
use crate::layout::{LOCK_FILE, SPEC_FILE};
use crate::tables::{Lang, Row, find, words};

/// What is known of the place before anything is asked.
pub(super) struct Standing {
    /// The spec to begin with.
    pub spec: Option<PathBuf>,
    pub out: Option<PathBuf>,
    /// The current folder is a bundle, and nothing else was named.
    pub inside: bool,
}

impl Standing {
    pub fn of(args: &GenerateArgs) -> Standing {
        let inside = args.spec.is_none() && args.out.is_none() && is_bundle(Path::new("."));
        if inside {
            return Standing {
                spec: Some(PathBuf::from(SPEC_FILE)),
                out: Some(PathBuf::from(".")),
                inside,
            };
        }
        // A bundle's own spec is generated where it lies.
        let own = args.spec.as_deref().filter(|path| path.ends_with(SPEC_FILE));
        let folder = own
            .and_then(Path::parent)
            .map(|folder| match folder.as_os_str().is_empty() {
                true => PathBuf::from("."),
                false => folder.to_owned(),
            });
        Standing {
            spec: args.spec.clone(),
            out: args.out.clone().or_else(|| folder.filter(|folder| is_bundle(folder))),
            inside,
        }
    }
}

fn is_bundle(folder: &Path) -> bool {
    files::is_file(&folder.join(LOCK_FILE)) && files::is_file(&folder.join(SPEC_FILE))
}

/// The folder used when none is named: of its own for every deployment.
///
/// # Errors
/// A link on the way to it, which leads out of here.
pub(super) fn default_out(spec: &Spec) -> Result<PathBuf> {
    let placed = |error: Error| spec.origins.placed(error);
    let cloud: &Cloud = find(spec.cloud.as_deref().unwrap_or_default()).map_err(placed)?;
    let chat: &Chat = find(spec.bridge.as_deref().unwrap_or_default()).map_err(placed)?;
    let folder = match spec.name.as_deref().filter(|name| *name != default_name(spec)) {
        None => format!("{}-{}", cloud.slug(), chat.slug()),
        // The deployment checks names later; here one must only not lead elsewhere.
        Some(name) => inputs::syntax::name(name).map_err(|error| placed(error.about("name", "`--name`", name)))?,
    };
    let inside = format!("{DEFAULT_FOLDER}/{folder}");
    files::beneath(Path::new("."), &format!("{inside}/{SPEC_FILE}")).map_err(|error| {
        Error::usage(format!("`./{inside}`: {}", why(&error))).hint("name another folder with --out")
    })?;
    Ok(PathBuf::from(format!("./{inside}")))
}

/// The answers, with what only the bundle in this folder knows, if it is of the same deployment.
///
/// # Errors
/// The folder holds another deployment, which would be lost.
pub(super) fn beside_what_is_there(spec: Spec, out: &Path) -> Result<Spec> {
    let folder = Folder::read(out)?;
    if !folder.is_bundle() {
        return Ok(spec);
    }
    let path = out.join(SPEC_FILE);
    let there = spec_file::load(&path)
        .map_err(|error| error.hint(format!("`{}` holds a bundle; name another folder with --out", out.display())))?;
    let other_id = spec.id.is_some() && there.id.is_some() && spec.id != there.id;
    if other_id || identity(&spec)? != identity(&there)? {
        let folder = spec.name.as_deref().unwrap_or("another-name");
        return Err(Error::usage(format!(
            "`{}` holds another deployment, {}; this would be {}",
            out.display(),
            named(&there),
            named(&spec)
        ))
        .hint(format!(
            "to keep both, give this one its own folder: `--out ./{DEFAULT_FOLDER}/{folder}`"
        ))
        .hint(format!("to change that one, start from its answers: `--spec {}`", path.display())));
    }
    // Nobody repeats these on a command line, and losing one locks somebody out or drops a file.
    let same_bridge = spec.bridge == there.bridge;
    // Pins are of one version.
    let same_version = spec.codewhale_version.is_none() || spec.codewhale_version == there.codewhale_version;
    Ok(spec.or(Spec {
        allowlist: there.allowlist.filter(|_| same_bridge),
        extra_files: there.extra_files,
        mcp_servers: there.mcp_servers,
        pins: there.pins.filter(|_| same_version),
        ..Spec::default()
    }))
}

/// The name of a deployment that nobody named: its agent's. An agent that does not exist is refused elsewhere.
fn default_name(spec: &Spec) -> &'static str {
    inputs::agent::of(spec).unwrap_or(Agent::default_row()).slug
}

fn name(spec: &Spec) -> &str {
    spec.name.as_deref().unwrap_or_else(|| default_name(spec))
}

/// What makes a deployment another one.
fn identity(spec: &Spec) -> Result<(String, &'static str)> {
    let cloud: &Cloud = find(spec.cloud.as_deref().unwrap_or_default()).map_err(|error| spec.origins.placed(error))?;
    Ok((name(spec).to_owned(), cloud.slug()))
}

fn named(spec: &Spec) -> String {
    let name = name(spec);
    let cloud = spec.cloud.as_deref().unwrap_or("an unknown cloud");
    match &spec.id {
        Some(id) => format!("`{name}` on {cloud} (id {id})"),
        None => format!("`{name}` on {cloud}"),
    }
}

/// What a person is about to edit.
pub(super) fn shown(spec: &Spec, lang: Lang) -> String {
    let name = name(spec);
    let cloud = spec.cloud.as_deref().unwrap_or("?");
    let place = match &spec.id {
        Some(id) => format!("{cloud} (id {id})"),
        None => cloud.to_owned(),
    };
    words(
        "This folder holds the deployment `{}` on {}. You can change it here.",
        "这个目录里是部署 `{}`，位于 {}，可以在这里修改。",
    )
    .with(lang, &[&name, &place])
}
