//! `pins`: the contents that the machine takes, and nothing else.

use serde::{Deserialize, Serialize};

use crate::agents::Download;
use crate::error::{Error, Result};
use crate::tables::Architecture;
use crate::text::shown;

/// Contents of one version of the agent; what is left out is not pinned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// The version they belong to, so that those of another one are never kept by mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary_x64: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary_arm64: Option<String>,
}

impl Pins {
    pub fn get(&self, download: Download) -> Option<&str> {
        match download {
            Download::Image => &self.image,
            Download::Git => &self.git,
            Download::Binary(Architecture::X64) => &self.binary_x64,
            Download::Binary(Architecture::Arm64) => &self.binary_arm64,
        }
        .as_deref()
    }

    pub fn set(&mut self, download: Download, pin: String) {
        *match download {
            Download::Image => &mut self.image,
            Download::Git => &mut self.git,
            Download::Binary(Architecture::X64) => &mut self.binary_x64,
            Download::Binary(Architecture::Arm64) => &mut self.binary_arm64,
        } = Some(pin);
    }
}

/// A pin in the one form that its download has.
///
/// # Errors
/// Any other form.
pub fn check(download: Download, value: &str) -> Result<String> {
    let (hash, digits, form, example) = match download {
        Download::Image => (
            value.strip_prefix("sha256:").unwrap_or(""),
            64,
            "is not a digest: `sha256:` and 64 of `0-9` and `a-f`",
            "copy it from `docker image inspect --format '{{.RepoDigests}}' IMAGE`",
        ),
        Download::Git => (
            value,
            40,
            "is not a commit: 40 of `0-9` and `a-f`",
            "copy it from `git ls-remote REPOSITORY`; a tag can be moved, a commit cannot",
        ),
        Download::Binary(_) => (value, 64, "is not a SHA-256: 64 of `0-9` and `a-f`", "copy it from `sha256sum FILE`"),
    };
    let is_hash = hash.len() == digits && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if is_hash {
        Ok(value.to_owned())
    } else {
        Err(Error::usage(format!("`{}` {form}", shown(value))).hint(example))
    }
}
