//! Releases of an agent, where they are downloaded, and which of their contents are known.

use crate::tables::{Architecture, Words, words};

/// Something that a machine downloads and that a pin holds to one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Download {
    /// The container image, by the digest of its manifest.
    Image,
    /// The repository that the bridge comes from, by commit.
    Git,
    /// The runtime, by its SHA-256.
    Binary(Architecture),
}

impl Download {
    pub const ALL: &'static [Download] = &[
        Download::Image,
        Download::Git,
        Download::Binary(Architecture::X64),
        Download::Binary(Architecture::Arm64),
    ];

    /// Its key under `pins` in the spec, and in the machine's own report.
    pub fn key(self) -> &'static str {
        match self {
            Download::Image => "image",
            Download::Git => "git",
            Download::Binary(Architecture::X64) => "binary_x64",
            Download::Binary(Architecture::Arm64) => "binary_arm64",
        }
    }

    /// What a person calls the thing that is pinned.
    pub fn label(self) -> Words {
        match self {
            Download::Image => words("the container image", "容器镜像"),
            Download::Git => words("the bridge's commit", "桥接程序的提交"),
            Download::Binary(Architecture::X64) => words("the x64 binary", "x64 程序"),
            Download::Binary(Architecture::Arm64) => words("the arm64 binary", "arm64 程序"),
        }
    }
}

/// One version as one mirror has it: a mirror may build for itself, so its binaries are other ones.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    pub version: &'static str,
    pub mirror: &'static str,
    /// Contents that were seen and checked. What is not here is not known, and is pinned by the first machine.
    pub pins: &'static [(Download, &'static str)],
}

impl Release {
    pub fn pin(&self, download: Download) -> Option<&'static str> {
        self.pins
            .iter()
            .find(|(known, _)| *known == download)
            .map(|(_, pin)| *pin)
    }
}

/// Where the machine downloads from unless the spec's `sources` say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Mirror {
    pub slug: &'static str,
    /// Near to machines in mainland China.
    pub mainland: bool,
    pub sources: SourceDefaults,
    /// False where the mirror has no arm64 build.
    pub arm64: bool,
}

/// Download addresses of one mirror; an empty one means the operating system's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SourceDefaults {
    /// `<this>/v<version>/<asset>`
    pub release_base_url: &'static str,
    pub git_url: &'static str,
    pub image: &'static str,
}
