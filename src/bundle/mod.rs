//! The folder on disk: what it contains, how it differs from what was rendered, and how it is written.

pub mod diff;
mod extra;
pub mod folder;
pub mod lock;
mod open;
mod state;
mod terraform_input;
pub mod versions;
mod write;

pub use extra::ExtraFile;
pub use folder::Folder;
pub use open::{Bundle, Tolerated};
pub use write::{Seen, WriteOptions, Written, write};
