//! What a cloud gives a new machine at its first start.

use serde::Serialize;

/// How a new machine takes its first script.
#[derive(Clone, Copy, Debug)]
pub struct UserData {
    /// Bytes, before any base64 that the cloud counts or adds.
    pub limit: usize,
    pub encoding: Encoding,
}

/// What the module's input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
