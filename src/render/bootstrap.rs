//! `bootstrap.sh`: all host files in one script, a file of its own or carried by `cloud-init.yaml`.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};

use super::text::Templates;
use super::{RenderedFile, bug, sha256};
use crate::error::Result;
use crate::layout::BOOTSTRAP;

pub(super) fn script(templates: &Templates, host: &[RenderedFile]) -> Result<String> {
    let archive = archive(host).map_err(|error| bug(BOOTSTRAP, &error))?;
    templates.render_with(BOOTSTRAP, &[("archive", &base64(&archive)), ("archive_sha256", &sha256(&archive))])
}

/// The same files give the same bytes: no clock, no user, no machine is in it.
fn archive(files: &[RenderedFile]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(GzBuilder::new().mtime(0).write(Vec::new(), Compression::best()));
    for file in files {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_path(&file.path)?;
        header.set_size(file.contents.len() as u64);
        header.set_mode(if file.executable { 0o755 } else { 0o644 });
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_username("root")?;
        header.set_groupname("root")?;
        header.set_cksum();
        tar.append(&header, file.contents.as_bytes())?;
    }
    tar.into_inner()?.finish()
}

/// In lines, as `base64` itself writes it.
fn base64(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> = (0..text.len())
        .step_by(76)
        .map(|at| &text[at..text.len().min(at + 76)])
        .collect();
    lines.join("\n")
}

/// About as Terraform compresses it.
pub(super) fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::default());
    gzip.write_all(bytes)?;
    gzip.finish()
}
