//! The only room that starts programs: with which environment, and how they are interrupted.

pub mod command;
pub mod environment;
pub mod interrupt;
pub mod retry;
mod run;

pub use run::*;
