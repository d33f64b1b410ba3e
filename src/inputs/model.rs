//! The model, and the endpoint of a provider that needs no key: the checks of flags, files and questions alike.

use std::net::IpAddr;

use crate::error::{Error, Result};
use crate::inputs::syntax;
use crate::model_providers::View;
use crate::text::shown;

/// A model that a provider may have; `auto` where it has a default of its own.
///
/// # Errors
/// No model id, one that the runtime refuses with this provider, and `auto` without a key: only its owner knows what
/// such a server has.
pub fn model(view: &View, value: &str) -> Result<String> {
    let refused = |why: &str| {
        let error = Error::usage(format!("`{}` {why}", shown(value)));
        error.about("model", "", value)
    };
    let model = syntax::model(value).map_err(|error| error.about("model", "", value))?;
    let name = view.provider.display_name.en;
    if model == "auto" && view.provider.own_server {
        return Err(refused(&format!(
            "cannot be used with {name}: your server has the models you put there, and no default"
        ))
        .hint("name a model that the server has; it lists them at `/v1/models`"));
    }
    match (view.model_prefix(), view.default_model()) {
        (_, None) if model == "auto" => Err(refused(&format!(
            "cannot be used with {name}: {} has no default model there",
            view.agent.display_name
        ))
        .hint("name a model that the provider has")),
        (Some(prefix), Some(default)) if model != "auto" && !model.to_lowercase().contains(prefix) => Err(refused(
            &format!("is not a {name} model: the runtime refuses to start with it"),
        )
        .better("use {} or `auto`", "model", default)),
        _ => Ok(model),
    }
}

/// Where a provider without a key answers.
///
/// # Errors
/// No http(s) address, one of a provider that has its own, and one that the runtime would want a key for.
pub fn base_url(view: &View, value: &str) -> Result<String> {
    let refused = |why: String| Error::usage(format!("`{}` {why}", shown(value))).about("base_url", "", value);
    let name = view.provider.display_name.en;
    let url = syntax::url(value, &["https", "http"]).map_err(|error| error.about("base_url", "", value))?;
    match (view.provider.own_server, view.loopback_only()) {
        (true, false) => Ok(url),
        (true, true) if is_loopback(&url) => Ok(url),
        (true, true) => {
            let why = format!("is not on the machine itself, and {name} is keyless only there");
            Err(refused(why).better("use an address such as {}", "base-url", view.endpoint().base_url))
        }
        (false, _) => {
            let why = format!("cannot be used with {name}: the runtime sends the key to the provider's own host only");
            Err(refused(why).hint("leave it out"))
        }
    }
}

/// What is said where a keyless provider has no endpoint.
pub fn no_base_url(view: &View) -> Error {
    let error = Error::usage(format!(
        "{} needs the address of your model server: nothing here installs one",
        view.provider.display_name.en
    ));
    let error = error.about("base_url", "", "");
    match view.loopback_only() {
        true => {
            let text = "give {} for a server that you run on the machine itself";
            error.better(text, "base-url", view.endpoint().base_url)
        }
        false => {
            let text = "give the address at which the machine reaches it, such as {} in its private network";
            error.better(text, "base-url", "http://10.0.0.5:8000/v1")
        }
    }
}

/// Whether an address is on the machine itself.
pub fn is_loopback(url: &str) -> bool {
    let authority = url.split('/').nth(2).unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
