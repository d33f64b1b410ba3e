//! The only place that runs programs.
//!
//! A cloud's row says which commands there are ([`step`]); [`process`] is the one function that turns
//! one into a running program; nothing is applied without an [`gate::Approval`].

pub mod account;
pub mod address;
pub mod apply;
pub mod carry_over;
pub mod data_folder;
pub mod environment;
pub mod failure;
pub mod gate;
pub mod host_key;
pub mod installed;
pub mod interrupt;
pub mod leak;
pub mod messages;
pub mod patience;
pub mod plan;
pub mod policy;
pub mod process;
pub mod push;
pub mod ready;
pub mod receipt;
pub mod recipient;
pub mod rotation;
pub mod saved;
pub mod ssh;
pub mod state;
pub mod step;
pub mod target;
pub mod terraform;
