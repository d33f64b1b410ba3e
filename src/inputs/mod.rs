//! What can be asked for, and what the user said of it: every source merged into one [`Spec`] and its [`Secrets`].
//!
//! Checks syntax, decides nothing.

pub mod agent;
pub mod answers;
pub mod environment;
pub mod flags;
pub mod legacy;
pub mod model;
pub mod networks;
pub mod origin;
pub mod pins;
pub mod preferences;
pub mod secret;
pub mod secrets_file;
pub mod spec;
pub mod spec_file;
pub mod ssh_key;
pub mod syntax;
pub mod wizard;
pub mod yaml;

pub use pins::Pins;
pub use secret::Secret;
pub use secrets_file::Secrets;
pub use spec::{Cnb, McpServer, Sources, Spec};
