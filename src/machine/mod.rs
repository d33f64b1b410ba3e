//! The running host: its address, its key, and everything that is done to it.

pub mod address;
pub mod host_key;
pub mod installed;
pub mod push;
pub mod ready;
pub mod recipient;
pub mod ssh;
pub mod target;
