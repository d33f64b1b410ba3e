//! The CNB pipeline.

use super::RenderedFile;
use super::text::Templates;
use crate::deployment::Deployment;
use crate::error::Result;

/// Nothing for clouds without one.
pub(super) fn render(_: &Deployment, _: &Templates) -> Result<Vec<RenderedFile>> {
    Ok(Vec::new())
}
