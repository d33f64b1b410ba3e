//! One answer by itself, as a prompt needs it judged before it goes on to the next.

use super::Deployment;
use super::chat::allowlist;
use super::delivery;
use super::machine::{architecture, region};
use super::model::{base_url, model};
use super::network::ssh_cidrs;
use super::refusal::required;
use crate::chats::Chat;
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::inputs::{Spec, agent, ssh_key};
use crate::model_providers::View;
use crate::tables::Lang;
use crate::tables::find;

impl Deployment {
    /// Judges the answer with this key by what [`Deployment::resolve`] judges it by; the others count as far as they are
    /// there. A person at a prompt gave no flag, so no text names one.
    ///
    /// # Errors
    /// What the same answer as a flag ends in.
    pub fn accepts(asked: &Spec, key: &str) -> Result<()> {
        judged(asked, key).map_err(Error::asked)
    }

    /// The language that was asked for; a region's own is for what is written, not for who is asked.
    ///
    /// # Errors
    /// None that there is.
    pub fn lang_of(asked: &Spec) -> Result<Lang> {
        delivery::lang(asked.lang.as_deref(), false).map_err(|error| asked.origins.placed(error))
    }
}

fn judged(asked: &Spec, key: &str) -> Result<()> {
    let mut warnings = Vec::new();
    let cloud = || find::<Cloud>(required(asked.cloud.as_deref(), "cloud")?);
    let view = || -> Result<View> {
        let provider = find(required(asked.provider.as_deref(), "provider")?)?;
        Ok(View::of(provider, agent::of(asked)?))
    };
    match key {
        "region" => region(cloud()?, asked.region.as_deref(), &mut warnings).map(drop),
        "size" => architecture(cloud()?, required(asked.size.as_deref(), "size")?, &mut warnings).map(drop),
        "model" => model(&view()?, required(asked.model.as_deref(), "model")?, &mut warnings).map(drop),
        "base_url" => base_url(&view()?, asked.base_url.as_deref()).map(drop),
        "ssh_public_key" => ssh_key::check(required(asked.ssh_public_key.as_deref(), "ssh_public_key")?).map(drop),
        "allow_ssh_from" => ssh_cidrs(cloud()?, asked.allow_ssh_from.as_deref().unwrap_or_default()).map(drop),
        "allowlist" => {
            let chat: &Chat = find(required(asked.bridge.as_deref(), "bridge")?)?;
            allowlist(chat, asked.allowlist.as_deref().unwrap_or_default()).map(drop)
        }
        _ => Ok(()),
    }
}
