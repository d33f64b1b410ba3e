//! The only room that starts programs: what is run, with which environment, and who may stop it.

pub mod environment;
pub mod interrupt;
pub mod patience;
mod run;
pub mod step;

pub use run::*;
