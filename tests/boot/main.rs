//! The generated host, for real: bundles boot in throwaway Debian machines (real cloud-init, real
//! systemd) with stand-ins for everything outside, on a network of their own.

// The other test binary uses all of it.
#[allow(dead_code)]
#[path = "../common.rs"]
mod common;

// What the agent and the bridge can do on the machine, tried.
mod agent;
// A machine, from power-on to power-off.
mod bed;
// The key broker: who gets through, with which key, and what is left of it.
mod broker;
// The checks themselves, on a machine that is broken on purpose.
mod broken;
// What must hold on a machine that says it is ready.
mod checks;
// What goes wrong outside or inside, and what the machine says then.
mod faults;
// An agent that is a file of these tests.
mod hello;
// The agent's container image: what it is built from, and what its build can reach.
mod image;
// The files of the test that a machine has beside its own.
mod layout;
// A newer version, good or bad; a second run; a reboot; a new secret.
mod living;
// An agent that steals.
mod thief;
// What the agent leaves behind: files that run, links, locks, programs.
mod planted;
// Bundles that must come up.
mod scenarios;
// The contents that a machine says it got, and what it takes when they are pinned.
mod pins;
// The CNB pipeline's deployment, from outside.
mod pipeline;
// Secrets that are pushed: late, again, cut, onto a full disk; a release that is taken back.
mod pushed;
// Ways onto a machine: the cloud's agent, SSH.
mod reach;
// A machine of an earlier version becomes one of this version.
mod taken_over;
// What machines boot from, made once.
mod userland;
// Orders to the outside services, and their records.
mod world;
