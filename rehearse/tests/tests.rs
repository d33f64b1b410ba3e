//! Real Terraform against emulated providers: real schemas, reduced, and a made-up one for what none of them has.

mod stage;

// Functions that a provider offers to configurations.
mod functions;
// Every kind of nesting, planned, applied, changed and destroyed.
mod nesting;
// Reduced schemas of real providers.
mod real;
// What a provider refuses by itself.
mod refusals;
// What happens behind Terraform's back.
mod behaviour;
