//! The only room that starts programs: what is run, with which environment, and who may stop it.

pub mod command;
pub mod environment;
pub mod interrupt;
pub mod retry;
mod run;

pub use run::*;
