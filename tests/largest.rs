//! The largest payload of all clouds, chat apps, model providers and installs, without what one person may add.

use std::io::Write;

use remote_setup::chats::CHATS;
use remote_setup::clouds::{CLOUDS, Cloud, Encoding, UserData};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::render::render;
use remote_setup::tables::Install;

use crate::common::{deployable_providers, spec_with};

/// As much as a cloud takes that takes text.
pub const TEXT: usize = 20 * 1024;

/// As much as a cloud takes that takes bytes.
pub const BINARY: usize = 15 * 1024;

const IN_GZIP: &str = "azure-in-gzip";

/// Azure, if it took user data as bytes.
pub fn in_gzip() -> Cloud {
    Cloud {
        slug: IN_GZIP,
        aliases: &[],
        user_data: Some(UserData {
            limit: BINARY,
            encoding: Encoding::GzipBase64,
        }),
        ..*CLOUDS
            .iter()
            .find(|cloud| cloud.vault.is_some())
            .expect("a cloud with a vault")
    }
}

/// Bytes, and what has so many.
pub type Largest = (usize, String);

/// The payload as text on every cloud there is.
pub fn text() -> Largest {
    largest(CLOUDS.iter().map(|cloud| cloud.slug), str::len)
}

/// The payload in gzip, on the cloud [`in_gzip`].
pub fn binary() -> Largest {
    largest([IN_GZIP], |text| gzipped(text).len())
}

pub fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).expect("memory");
    gzip.finish().expect("memory")
}

fn largest(clouds: impl IntoIterator<Item = &'static str>, size: fn(&str) -> usize) -> Largest {
    let mut largest = (0, String::new());
    for cloud in clouds {
        for provider in deployable_providers() {
            for (chat, install) in CHATS
                .iter()
                .flat_map(|chat| [Install::Docker, Install::Native].map(|way| (chat, way)))
            {
                let spec = Spec {
                    cloud: Some(cloud.to_owned()),
                    install: Some(install.slug().to_owned()),
                    bridge: Some(chat.slug.to_owned()),
                    ..spec_with(provider.slug)
                };
                let Ok(deployment) = Deployment::resolve(&spec) else {
                    continue;
                };
                let files = render(&deployment).unwrap_or_else(|error| panic!("{error}"));
                let first = files
                    .iter()
                    .find(|file| ["cloud-init.yaml", "bootstrap.sh"].contains(&file.path.as_str()));
                let what = format!("{cloud}, {}, {}, {}", install.slug(), chat.slug, provider.slug);
                largest = largest.max((size(&first.expect("a payload").contents), what));
            }
        }
    }
    largest
}
