//! One file per verb. Only here are all stages in sight.

pub mod completions;
pub mod generate;
pub mod list;
pub mod migrate;
pub mod provision;
pub mod rehearse;
