//! Writes reviewed infrastructure-as-code for a remote coding agent.
//!
//! Data flows one way: `cli` → `inputs` → `deployment` → `render` → `bundle` → `report`. What differs
//! between clouds, agents, chat apps and model providers is in the tables of the same names.

pub mod agents;
pub mod bundle;
pub mod chats;
pub mod cli;
pub mod clouds;
pub mod command;
pub mod deployment;
pub mod error;
pub mod files;
pub mod inputs;
pub mod layout;
pub mod machine;
pub mod model_providers;
pub mod process;
pub mod render;
pub mod report;
pub mod tables;
pub mod terraform;
pub mod text;

// Rows of clouds are made of it.
pub use rehearse;

use cli::{Cli, Verb};
use error::Result;

/// Exit code of `plan --exit-code` where something would change.
pub const CHANGES: u8 = 3;

/// Runs one command line; its exit code is 0 unless that was asked to tell something.
///
/// # Errors
/// Whatever the verb could not do; the kind is the exit code.
pub fn run(cli: &Cli) -> Result<u8> {
    let context = command::Context::default;
    match &cli.verb {
        None => command::generate::run(&cli.generate, &mut context()),
        Some(Verb::Choices(args)) => command::choices::run(args),
        Some(Verb::Plan(args)) => {
            let would_change = command::provision::plan(args, &context())?;
            return Ok(if would_change && args.exit_code { CHANGES } else { 0 });
        }
        Some(Verb::Apply(args)) => command::provision::apply(args, &mut context()),
        Some(Verb::Destroy(args)) => command::provision::destroy(args, &mut context()),
        Some(Verb::Rehearse(args)) => command::rehearse::run(args),
        Some(Verb::Push(args)) => command::provision::push(args, &mut context()),
        Some(Verb::Pin(args)) => command::provision::pin(args, &mut context()),
        Some(Verb::Output(args)) => command::provision::output(args, &context()),
        Some(Verb::Secrets(args)) => command::secrets::run(args),
        Some(Verb::Migrate(args)) => command::migrate::run(args),
        Some(Verb::Help(args)) => command::help::run(args),
        Some(Verb::Completions { shell }) => command::completions::run(*shell),
    }
    .map(|()| 0)
}
