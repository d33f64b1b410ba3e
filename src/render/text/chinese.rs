//! The texts of the tables in Chinese.

use super::TemplateContext;
use crate::deployment::{Deployment, Warning};
use crate::tables::translation;

/// A text without a translation stays English; the tests allow none.
pub(super) fn translated<'a>(mut context: TemplateContext<'a>, d: &Deployment) -> TemplateContext<'a> {
    let single = [
        &mut context.provider_display,
        &mut context.bridge_display,
        &mut context.bridge_caution,
        &mut context.allowlist_form,
        &mut context.refusal_ids,
    ];
    let secrets = context.secrets.iter_mut().flat_map(|s| [&mut s.label, &mut s.hint]);
    for text in single.into_iter().chain(secrets) {
        if let Some(chinese) = translation::chinese(text) {
            *text = chinese;
        }
    }
    context.warnings = d
        .warnings
        .iter()
        .filter(|warning| warning.lasts())
        .map(Warning::chinese)
        .collect();
    context
}
