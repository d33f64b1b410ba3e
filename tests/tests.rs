//! One binary for all tests.

mod common;

// The source tree keeps to the design: one direction, one place for programs and files.
mod architecture;
// The command line: help, lists, and a refusal for a bad value of every flag.
mod cli;
// Writing, writing again, edits by hand, `--check`, modes, killed runs.
mod bundle;
// Hostile text in every free field.
mod hostile;
// Where answers come from, and which one wins.
mod layers;
// The tables.
mod registry;
// Marked secrets, searched for everywhere.
mod secrets;
// A person at a terminal.
mod wizard;
