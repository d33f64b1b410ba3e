//! What a cloud gives a new machine at its first start.

use std::path::Path;

use serde::Serialize;

use crate::layout::{BOOTSTRAP, CLOUD_INIT};

/// How a new machine takes its first script.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UserData {
    /// Bytes, before any base64 that the cloud counts or adds.
    #[serde(skip)]
    pub limit: usize,
    pub encoding: Encoding,
}

/// What the module's input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// The script itself.
    Script,
    /// The script in base64.
    Base64,
    /// The script compressed with gzip, in base64.
    GzipBase64,
    /// A cloud-config that carries the script.
    CloudConfig,
}

impl Encoding {
    /// Shell command that prints the script, from the file in a bundle's folder.
    pub fn script_in(self, folder: &str) -> String {
        let file = |name| Path::new(folder).join(name).display().to_string();
        match self {
            Encoding::CloudConfig => {
                format!("sed '1,/^  content: |/d; /^runcmd:/,$d; s/^    //' {}", file(CLOUD_INIT))
            }
            Encoding::Script | Encoding::Base64 | Encoding::GzipBase64 => format!("cat {}", file(BOOTSTRAP)),
        }
    }
}

/// The cloud's own agent on the machine, which runs commands without SSH.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CommandService {
    /// What people call it.
    pub name: &'static str,
    /// Bytes of a script that it takes.
    pub limit: usize,
    /// Address of the run in the module, which replacing repeats.
    pub run: &'static str,
}
