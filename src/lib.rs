//! Writes reviewed infrastructure-as-code for a remote CodeWhale agent.
//!
//! Data flows one way: `cli` → `inputs` → `deployment` → `render` → `bundle` → `report`. What differs
//! between clouds, bridges and providers is in the tables of `registry`.

pub mod bundle;
pub mod cli;
pub mod command;
pub mod deployment;
pub mod engine;
pub mod error;
pub mod files;
pub mod inputs;
pub mod registry;
pub mod rehearse;
pub mod render;
pub mod report;

use cli::{Cli, Verb};
use engine::step::Aim;
use error::Result;

/// Runs one command line.
///
/// # Errors
/// Whatever the verb could not do; the kind is the exit code.
pub fn run(cli: &Cli) -> Result<()> {
    let surroundings = command::provision::Surroundings::default;
    match &cli.verb {
        None => command::generate::run(&cli.generate, &mut surroundings()),
        Some(Verb::List(args)) => command::list::run(args),
        Some(Verb::Plan(args)) => command::provision::plan(args, &surroundings()),
        Some(Verb::Apply(args)) => command::provision::provision(args, Aim::Apply, &mut surroundings()),
        Some(Verb::Destroy(args)) => command::provision::provision(args, Aim::Destroy, &mut surroundings()),
        Some(Verb::Rehearse(args)) => command::rehearse::run(args),
        Some(Verb::Push(args)) => command::provision::push(args, &mut surroundings()),
        Some(Verb::Pin(args)) => command::provision::pin(args, &mut surroundings()),
        Some(Verb::Output(args)) => command::provision::output(args, &surroundings()),
        Some(Verb::Secrets(args)) => command::secrets::run(args),
        Some(Verb::Migrate(args)) => command::migrate::run(args),
        Some(Verb::Help(args)) => command::help::run(args),
        Some(Verb::Completions { shell }) => command::completions::run(*shell),
    }
}
