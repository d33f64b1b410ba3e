//! One binary for all tests but those that boot machines: tests/boot.

mod common;

// Plan, gate, apply, destroy, with real Terraform and an emulated cloud.
mod apply;
// The source tree keeps to the design: one direction, one place for programs and files.
mod architecture;
// The CNB pipeline: its files, and its scripts as they run there.
mod cnb;
// What answers mean: endpoints, networks, and the place an error sends people to.
mod answers;
// The declarations of answers, and what follows from them.
mod declared;
// The command line: help, lists, and a refusal for a bad value of every flag.
mod cli;
// The script that brings everything to machines without user data.
mod bootstrap;
// What travels in it: without comments, small, and refused when it is not whole.
mod payload;
// The key broker: who has one, and what it is told.
mod broker;
// Writing, writing again, edits by hand, `--check`, modes, killed runs.
mod bundle;
// The script that fetches secrets on the machine.
mod fetching;
// Regular files only, and no link followed.
mod files;
// Real Terraform against the emulated providers.
mod emulator;
// What install.sh is made of.
mod fragments;
// Whole bundles under examples/, and every provider × bridge.
mod golden;
// Hostile text in every free field.
mod hostile;
// Where answers come from, and which one wins.
mod layers;
// The Lighthouse module: what changes the machine, and what must not.
mod lighthouse;
// MCP servers of the agent.
mod mcp;
// Old env files.
mod migrating;
// The house style of Terraform modules.
mod modules;
// The script that applies without this program.
mod provisioning;
// What the machine takes and nothing else.
mod pins;
// What the README says.
mod readme;
// The scripts that take secrets and hand them on.
mod storing;
// Generating in a folder that somebody else prepared.
mod strangers;
// The tables.
mod registry;
// The rehearsal.
mod rehearsal;
// What the runbook tells people to do.
mod runbook;
// Every --json output against its published schema.
mod schemas;
// Marked secrets, searched for everywhere.
mod secrets;
// A real sshd on loopback, for what reaches a machine over SSH.
mod sshd;
// The modules and the root, against the real provider schema.
mod terraform;
// Real validators on every example.
mod validators;
// Broken input of every kind, and no library's wording about it.
mod wording;
// A person at a terminal.
mod wizard;
