//! Releases of CodeWhale, and which of their contents are known.

use crate::tables::Architecture;

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
    pub fn label(self) -> &'static str {
        match self {
            Download::Image => "the container image",
            Download::Git => "the bridge's commit",
            Download::Binary(Architecture::X64) => "the x64 binary",
            Download::Binary(Architecture::Arm64) => "the arm64 binary",
        }
    }
}

/// One version as one mirror has it: CNB builds from source, so its binaries are other ones than GitHub's.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    pub version: &'static str,
    pub mirror: &'static str,
    /// Contents that were seen and checked. What is not here is not known, and is pinned by the first machine.
    pub pins: &'static [(Download, &'static str)],
}

impl Release {
    /// The row of a version on a mirror.
    pub fn find(version: &str, mirror: &str) -> Option<&'static Release> {
        RELEASES
            .iter()
            .find(|release| release.version == version && release.mirror == mirror)
    }

    pub fn pin(&self, download: Download) -> Option<&'static str> {
        self.pins
            .iter()
            .find(|(known, _)| *known == download)
            .map(|(_, pin)| *pin)
    }
}

/// Upstream signs nothing and publishes no digest beside its notes, and no hash of these could be checked from here.
pub const RELEASES: &[Release] = &[
    Release {
        version: "0.9.9",
        mirror: "github",
        pins: &[],
    },
    Release {
        version: "0.9.9",
        mirror: "cnb",
        pins: &[],
    },
];

/// Where the machine downloads from unless the spec's `sources` say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Mirror {
    pub slug: &'static str,
    pub sources: SourceDefaults,
    /// False where the mirror has no arm64 build.
    pub arm64: bool,
}

/// Download addresses of one mirror; an empty one means the operating system's own.
#[derive(Clone, Copy, Debug)]
pub struct SourceDefaults {
    /// `<this>/v<version>/<asset>`
    pub release_base_url: &'static str,
    pub git_url: &'static str,
    pub image: &'static str,
}

/// Source: CodeWhale v0.9.9, npm/codewhale/scripts/artifacts.js and .github/workflows/release.yml.
pub const MIRRORS: &[Mirror] = &[
    Mirror {
        slug: "github",
        sources: SourceDefaults {
            release_base_url: "https://github.com/Hmbown/CodeWhale/releases/download",
            git_url: "https://github.com/Hmbown/CodeWhale.git",
            image: "ghcr.io/hmbown/codewhale",
        },
        arm64: true,
    },
    Mirror {
        slug: "cnb",
        sources: SourceDefaults {
            release_base_url: "https://cnb.cool/codewhale.net/codewhale/-/releases/download",
            git_url: "https://cnb.cool/codewhale.net/codewhale.git",
            image: "ghcr.io/hmbown/codewhale",
        },
        arm64: false,
    },
];
