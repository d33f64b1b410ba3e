//! The model provider's model and endpoint.

use super::refusal::named;
use super::{Facts, Warning};
use crate::error::Result;
use crate::inputs::model as check;
use crate::model_providers::View;
use crate::tables::{Lang, words};

pub(super) fn model(view: &View, asked: &str, warnings: &mut Vec<Warning>) -> Result<String> {
    let model = check::model(view, asked).map_err(|error| error.named(&named("model")))?;
    match view.model_note() {
        Some(note) if model == "auto" => warnings.push(Warning::Model {
            provider: view.provider.display_name,
            note,
        }),
        _ => {}
    }
    Ok(model)
}

pub(super) fn base_url(view: &View, asked: Option<&str>) -> Result<Option<String>> {
    match asked {
        Some(asked) => check::base_url(view, asked).map(Some),
        None if view.provider.own_server => Err(check::no_base_url(view)),
        None => Ok(None),
    }
    .map_err(|error| error.named(&named("base_url")))
}

impl Facts {
    /// The model as people should read it: with what `auto` stands for.
    pub fn model_in_words(&self, lang: Lang) -> String {
        match (self.model.as_str(), self.view.default_model()) {
            ("auto", Some(default)) => words("auto: {}", "auto：{}").with(lang, &[&default]),
            (model, _) => model.to_owned(),
        }
    }
}
