//! The texts of the tables in Chinese.

use super::TemplateContext;
use crate::deployment::{Deployment, Warning};
use crate::tables::translation;

/// A text without a translation stays English; the tests allow none.
pub(super) fn translated<'a>(mut context: TemplateContext<'a>, d: &Deployment) -> TemplateContext<'a> {
    let single = [
        &mut context.cloud_display,
        &mut context.other_cost_note,
        &mut context.remove_without_state,
        &mut context.pause,
        &mut context.after_destroy,
    ];
    let lists = context.creates.iter_mut().chain(&mut context.at_hand);
    let troubles = context
        .troubles
        .iter_mut()
        .flat_map(|t| [&mut t.symptom, &mut t.remedy]);
    for text in single.into_iter().chain(lists).chain(troubles) {
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
