//! Renders shell, units and prose with tera, over one typed context.

mod agent;
mod context;
mod metadata;
mod trouble;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde::Serialize;
use tera::{Context, Kwargs, State, Tera};

use super::{assets, bug};
use crate::agents::Agent;
use crate::clouds::Cloud;
use crate::deployment::Deployment;
use crate::error::Result;
use crate::tables::{Lang, Row};

/// Agent, and a document that is parsed by itself.
type Parsed = (&'static str, Option<&'static str>);

/// One engine per agent, since its names are in all templates and it brings its own. Documents are large and only some
/// of them are needed, so that each is parsed with the first bundle that has it.
static ENGINES: LazyLock<Mutex<HashMap<Parsed, Arc<Tera>>>> = LazyLock::new(Mutex::default);

fn engine(agent: &Agent, document: Option<&str>) -> Result<Tera, String> {
    let mut tera = Tera::default();
    tera.autoescape_on(Vec::<&str>::new());
    tera.register_filter("sh", shell_quoted);
    let names = agent.names();
    let is_wanted = |name: &str| document.map_or(!assets::is_document(name), |document| document == name);
    let shared = assets::TEMPLATES.iter().filter(|(name, _)| is_wanted(name));
    let shared = shared.map(|(name, text)| ((*name).to_owned(), *text));
    let fragments = if document.is_some() { &[] } else { agent.fragments };
    let own = fragments.iter().map(|(name, text)| (format!("agent/{name}"), *text));
    let vaults = Cloud::rows().iter().filter(|_| document.is_none());
    let vaults = vaults.filter_map(|cloud| Some((fetch_of(cloud), cloud.vault?.fetch)));
    let named = shared.chain(own).chain(vaults).map(|(name, text)| {
        let text = names.fill(&lines_of_tags_joined(&name, text));
        (name, text)
    });
    tera.add_raw_templates(named.collect::<Vec<_>>())
        .map_err(|error| error.to_string())?;
    Ok(tera)
}

/// In `install.sh`, a tag alone on a line leaves no line behind, so that the fragments read like shell.
fn lines_of_tags_joined(name: &str, source: &'static str) -> Cow<'static, str> {
    if !name.starts_with("install") && name != assets::OF_AGENT {
        return source.into();
    }
    let is_tag = |line: &str| {
        let line = line.trim();
        (line.starts_with("{%") && line.ends_with("%}") && line.matches("{%").count() == 1)
            || (line.starts_with("{{ hooks.") && line.ends_with("}}"))
    };
    let lines = source.split_inclusive('\n');
    lines
        .map(|line| if is_tag(line) { line.trim() } else { line })
        .collect::<String>()
        .into()
}

/// The templates with one deployment's context.
pub(super) struct Templates {
    agent: &'static Agent,
    context: Context,
}

impl Templates {
    pub(super) fn of(deployment: &Deployment) -> Result<Templates> {
        Templates::in_language(deployment, Lang::En)
    }

    /// With the tables' texts in another language: for prose, not for what a machine runs.
    pub(super) fn in_language(deployment: &Deployment, lang: Lang) -> Result<Templates> {
        Ok(Templates {
            agent: deployment.agent,
            context: context::of(deployment, lang)?,
        })
    }

    /// Renders one template by name.
    pub(super) fn render(&self, template: &str) -> Result<String> {
        self.rendered(template, &self.context)
    }

    /// The same with additional names.
    pub(super) fn render_with<T: Serialize>(&self, template: &str, more: &[(&'static str, T)]) -> Result<String> {
        let mut context = self.context.clone();
        for (name, value) in more {
            context.insert(*name, value);
        }
        self.rendered(template, &context)
    }

    fn rendered(&self, template: &str, context: &Context) -> Result<String> {
        let tera = self.engine(template)?;
        tera.render(template, context)
            .map_err(|error| bug(template, &format!("{error:?}")))
    }

    fn engine(&self, template: &str) -> Result<Arc<Tera>> {
        let documents = assets::TEMPLATES.iter().map(|(name, _)| *name);
        let document = documents
            .filter(|name| assets::is_document(name))
            .find(|name| *name == template);
        let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engines.get(&(self.agent.slug, document)) {
            return Ok(engine.clone());
        }
        let engine = Arc::new(engine(self.agent, document).map_err(|error| bug(template, &error))?);
        engines.insert((self.agent.slug, document), engine.clone());
        Ok(engine)
    }

    /// Renders one block of a template.
    pub(super) fn block(&self, template: &str, block: &str) -> Result<String> {
        let tera = self.engine(template)?;
        tera.render_block(template, block, &self.context)
            .map_err(|error| bug(template, &format!("{error:?}")))
    }
}

/// The name of the template of the script that fetches secrets from a cloud's vault.
pub(super) fn fetch_of(cloud: &Cloud) -> String {
    format!("{}/fetch-secrets.sh", cloud.slug)
}

/// Quotes any value as one shell word.
fn shell_quoted(value: &tera::Value, _: Kwargs, _: &State) -> tera::TeraResult<String> {
    Ok(format!("'{}'", value.to_string().replace('\'', r"'\''")))
}
