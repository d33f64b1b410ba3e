//! The model provider's model and endpoint.

use std::net::IpAddr;

use super::Warning;
use super::refusal::{check, refused};
use crate::error::Result;
use crate::inputs::syntax;
use crate::registry::{BaseUrl, Provider};

pub(super) fn model(provider: &Provider, asked: &str, warnings: &mut Vec<Warning>) -> Result<String> {
    let model = check(asked, "model", syntax::model)?;
    if model == "auto" {
        if let Some(note) = provider.model_note {
            warnings.push(Warning::Model {
                provider: provider.display_name,
                note,
            });
        }
        return Ok(model);
    }
    match provider.model_prefix {
        Some(prefix) if !model.to_lowercase().contains(prefix) => Err(refused(
            "model",
            asked,
            format_args!("is not a {} model: the runtime refuses to start with it", provider.display_name),
        )
        .hint(format!("use `--model {}` or `--model auto`", provider.default_model))),
        _ => Ok(model),
    }
}

pub(super) fn base_url(provider: &Provider, asked: Option<&str>) -> Result<Option<String>> {
    let Some(asked) = asked else { return Ok(None) };
    let url = check(asked, "base_url", |text| syntax::url(text, &["https", "http"]))?;
    let authority = url.split('/').nth(2).unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match provider.base_url {
        BaseUrl::Any => Ok(Some(url)),
        BaseUrl::Loopback if loopback => Ok(Some(url)),
        BaseUrl::Loopback => Err(refused(
            "base_url",
            asked,
            format_args!("is not on the machine itself, and {} is keyless only there", provider.display_name),
        )
        .hint(format!("use an address such as `{}`", provider.default_base_url))),
        BaseUrl::Fixed => Err(refused(
            "base_url",
            asked,
            format_args!(
                "cannot be used with {}: the runtime sends the key to the provider's own host only",
                provider.display_name
            ),
        )
        .hint("leave --base-url out")),
    }
}
