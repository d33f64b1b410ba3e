//! `bootstrap.sh`: all host files in one script, for machines without user data.

use super::text::Templates;
use super::{RenderedFile, bug};
use crate::deployment::Deployment;
use crate::error::Result;

pub(super) fn render(_: &Deployment, _: &Templates, _: &[RenderedFile]) -> Result<String> {
    Err(bug("bootstrap.sh", &"no template"))
}
