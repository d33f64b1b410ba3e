//! Clouds: where the agent runs and where its secrets live. Each is a folder here, and one line in this file.

mod azure;
mod cloud;
pub mod lighthouse;
mod places;
pub mod provisioning;

pub use cloud::{
    Backend, Cloud, Fact, FurtherProvider, Metadata, PRICE_OUTPUT, RootVariable, Size, TagRules, TerraformProvider,
};
pub use places::place;

use crate::tables::row;

/// In the order users see them.
pub const CLOUDS: &[Cloud] = &[azure::AZURE, lighthouse::LIGHTHOUSE];

row!(Cloud, "cloud", CLOUDS);
