//! The running machine: its address, its host key, how to reach it, and what is done on it.

pub mod address;
pub mod commands;
pub mod connection;
pub mod host_key;
pub mod identity;
pub mod installed;
mod known_hosts;
pub mod push;
pub mod ready;
pub mod recipient;
mod ssh;
mod target;
pub mod transport;
pub mod wait;

pub use known_hosts::forget;
pub use target::Machine;
