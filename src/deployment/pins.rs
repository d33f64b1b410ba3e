//! Which contents the machine must get.

use super::Warning;
use super::refusal::{check, refused};
use crate::agents::{Agent, Download, Mirror, Release};
use crate::error::{Error, Result};
use crate::inputs::{Pins, Sources, pins, syntax};

/// The pins that were asked for, in their one form.
pub(super) fn asked(asked: Option<&Pins>, version: &str) -> Result<Option<Pins>> {
    let nothing = Pins::default();
    let asked = asked.unwrap_or(&nothing);
    let mut checked = Pins::default();
    for &download in Download::ALL {
        if let Some(text) = asked.get(download) {
            let pin = check(text, &key(download), |text| pins::check(download, text))?;
            checked.set(download, pin);
        }
    }
    if checked == Pins::default() {
        return Ok(None);
    }
    let Some(of) = &asked.version else {
        return Err(Error::usage("`pins.version` is missing: it says which version the pins belong to")
            .about("pins", "", "")
            .hint(format!("add `version: {version}` under `pins`, if they belong to that")));
    };
    let of = check(of, "pins.version", syntax::version)?;
    if of != version {
        let why = format!("is not the version of this deployment, `{version}`");
        return Err(refused("pins.version", &of, why).hint(format!(
            "take `pins` out, or give those of {version}; once a machine runs it, `remote-setup pin` pins what it got"
        )));
    }
    checked.version = Some(of);
    Ok(Some(checked))
}

/// The pins asked for, and what is known of the release.
pub(super) fn all(
    asked: Option<Pins>,
    agent: &Agent,
    version: &str,
    mirror: Option<&Mirror>,
    sources: &Sources,
) -> Pins {
    let asked = asked.unwrap_or_default();
    match mirror.and_then(|mirror| agent.release(version, mirror.slug)) {
        Some(release) => with_known(asked, release, sources),
        None => asked,
    }
}

/// Adds what is known of a release and not said otherwise, where it comes from the mirror itself.
pub fn with_known(asked: Pins, release: &Release, sources: &Sources) -> Pins {
    let mut all = asked;
    for &download in Download::ALL {
        let elsewhere = match download {
            Download::Image => &sources.image,
            Download::Git => &sources.git_url,
            Download::Binary(_) => &sources.release_base_url,
        };
        // Somebody's own address may serve their own build.
        if let (None, None, Some(known)) = (all.get(download), elsewhere, release.pin(download)) {
            all.set(download, known.to_owned());
        }
    }
    all
}

/// What is taken on trust.
pub(super) fn warnings(pins: &Pins, pinnable: &[Download], sources: &Sources, warnings: &mut Vec<Warning>) {
    let open: Vec<Download> = pinnable
        .iter()
        .copied()
        .filter(|download| pins.get(*download).is_none())
        .collect();
    let is_pinned = |wanted: fn(&Download) -> bool| pinnable.iter().any(wanted) && !open.iter().any(wanted);
    for (key, url, checked) in [
        (
            "release_base_url",
            &sources.release_base_url,
            is_pinned(|download| matches!(download, Download::Binary(_))),
        ),
        ("git_url", &sources.git_url, is_pinned(|download| *download == Download::Git)),
        // Held against the lock file that comes with the bridge.
        ("npm_registry", &sources.npm_registry, true),
        // Signed.
        ("apt_mirror", &sources.apt_mirror, true),
    ] {
        if let Some(url) = url.as_ref().filter(|url| !url.starts_with("https://")) {
            warnings.push(Warning::PlainSource {
                key,
                url: url.clone(),
                checked,
            });
        }
    }
    if !open.is_empty() {
        warnings.push(Warning::NotPinned { downloads: open });
    }
}

fn key(download: Download) -> String {
    format!("pins.{}", download.key())
}
