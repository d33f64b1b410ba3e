//! Runs Terraform or OpenTofu on one bundle: plans, shows a review, and applies exactly that plan, given an
//! [`gate::Approval`].

pub mod account;
pub mod apply;
pub mod carry_over;
pub mod data_folder;
pub mod engine;
pub mod failure;
pub mod gate;
pub mod leak;
pub mod messages;
pub mod operation;
pub mod plan;
pub mod policy;
pub mod receipt;
pub mod rotation;
pub mod saved;
pub mod state;
mod way_out;
