//! The model provider's model and endpoint.

use super::refusal::named;
use super::{Facts, Warning};
use crate::error::Result;
use crate::inputs::model as check;
use crate::model_providers::Provider;
use crate::tables::{Lang, words};

pub(super) fn model(provider: &Provider, asked: &str, warnings: &mut Vec<Warning>) -> Result<String> {
    let model = check::model(provider, asked).map_err(|error| error.named(&named("model")))?;
    match provider.model_note {
        Some(note) if model == "auto" => warnings.push(Warning::Model {
            provider: provider.display_name,
            note,
        }),
        _ => {}
    }
    Ok(model)
}

pub(super) fn base_url(provider: &Provider, asked: Option<&str>) -> Result<Option<String>> {
    match asked {
        Some(asked) => check::base_url(provider, asked).map(Some),
        None if provider.is_keyless() => Err(check::no_base_url(provider)),
        None => Ok(None),
    }
    .map_err(|error| error.named(&named("base_url")))
}

impl Facts {
    /// The model as people should read it: with what `auto` stands for.
    pub fn model_in_words(&self, lang: Lang) -> String {
        match self.model.as_str() {
            "auto" => words("auto: {}", "auto：{}").with(lang, &[&self.provider.default_model]),
            model => model.to_owned(),
        }
    }
}
