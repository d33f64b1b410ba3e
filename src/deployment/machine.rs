//! What the machine is and what it installs.

use super::refusal::{check, refused};
use super::{ResolvedSources, Warning};
use crate::agents::{Agent, Mirror, SourceDefaults};
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::inputs::{Sources, syntax};
use crate::tables::Architecture;
use crate::tables::Install;
use crate::text::nearest;

pub(super) fn region(cloud: &Cloud, asked: Option<&str>, warnings: &mut Vec<Warning>) -> Result<String> {
    let region = asked.unwrap_or(cloud.default_region);
    if cloud.region(region).is_some() {
        return Ok(region.to_owned());
    }
    let plain: String = region.to_lowercase().split_whitespace().collect();
    if let Some(near) = nearest(&plain, cloud.regions.iter().map(|known| known.slug)) {
        return Err(
            refused("region", region, format_args!("is not a region of {}", cloud.display_name.en)).better(
                "did you mean {}?",
                "region",
                near,
            ),
        );
    }
    let well_formed = (2..=30).contains(&region.len())
        && region
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !well_formed {
        return Err(
            refused("region", region, "is not a region: lower-case letters, digits and `-`").better(
                "use a region such as {}",
                "region",
                cloud.default_region,
            ),
        );
    }
    warnings.push(Warning::UnknownRegion {
        region: region.to_owned(),
        cloud: cloud.display_name,
    });
    Ok(region.to_owned())
}

pub(super) fn architecture(cloud: &Cloud, size: &str, warnings: &mut Vec<Warning>) -> Result<Architecture> {
    let Some(architecture) = (cloud.size_architecture)(size) else {
        let error = refused("size", size, format_args!("is not {}", cloud.size_form));
        return Err(match nearest(size, cloud.sizes.iter().map(|known| known.slug)) {
            Some(near) => error.better("did you mean {}?", "size", near),
            None => error.better("use {}", "size", cloud.default_size),
        });
    };
    match cloud.sizes.iter().find(|known| known.slug == size) {
        Some(known) if known.memory_gib < 2 => warnings.push(Warning::LittleMemory {
            size: known.slug,
            gib: known.memory_gib,
        }),
        Some(_) => {}
        None => warnings.push(Warning::UnknownPrice { size: size.to_owned() }),
    }
    Ok(architecture)
}

pub(super) fn install(asked: Option<&str>, cloud: &Cloud, agent: &Agent) -> Result<Install> {
    let both = cloud.installs.iter().filter(|install| agent.installs.contains(install));
    let Some(asked) = asked else {
        return both.copied().next().ok_or_else(|| {
            Error::usage(format!("{} cannot be installed on {}", agent.display_name, cloud.display_name.en))
                .hint("choose another cloud: `remote-setup list clouds`")
        });
    };
    let known = Install::ALL.iter().find(|install| install.slug() == asked);
    if known.is_some_and(|install| !cloud.installs.contains(install)) {
        return Err(refused(
            "install",
            asked,
            format_args!(
                "cannot be used with {}: user id 1000, which the container has, belongs to its image's own user",
                cloud.display_name.en
            ),
        )
        .better("use {}", "install", cloud.installs[0].slug()));
    }
    known
        .filter(|install| agent.installs.contains(install))
        .copied()
        .ok_or_else(|| {
            let slugs: Vec<_> = both.map(|install| install.slug()).collect();
            refused(
                "install",
                asked,
                format_args!("is not a way to install; allowed: {}", slugs.join(", ")),
            )
            .better("use {}", "install", slugs.first().copied().unwrap_or_default())
        })
}

/// `None` for an agent that nobody mirrors.
pub(super) fn mirror(agent: &Agent, asked: Option<&str>, mainland: bool) -> Result<Option<&'static Mirror>> {
    let Some(asked) = asked else {
        return Ok(agent.default_mirror(mainland));
    };
    let found = agent.mirrors.iter().find(|mirror| mirror.slug == asked);
    found.map(Some).ok_or_else(|| {
        let slugs: Vec<_> = agent.mirrors.iter().map(|mirror| mirror.slug).collect();
        refused("mirror", asked, format_args!("is not a mirror; allowed: {}", slugs.join(", ")))
            .hint("for one of your own, set `sources` in the spec")
    })
}

/// A mirror without a build for the machine's architecture.
pub(super) fn check_build(agent: &Agent, mirror: &Mirror, size: &str) -> Result<()> {
    if mirror.arm64 {
        return Ok(());
    }
    let why = format!("has no arm64 build, and size `{size}` is arm64");
    let error = refused("mirror", mirror.slug, why);
    Err(match agent.mirrors.iter().find(|other| other.arm64) {
        Some(other) => error.better("use {}, or an x64 size", "mirror", other.slug),
        None => error.hint("use an x64 size"),
    })
}

pub(super) fn version(agent: &Agent, asked: Option<&str>) -> Result<String> {
    let asked = asked.unwrap_or(agent.version);
    let version = check(asked, "codewhale_version", syntax::version)?;
    let numbers: Vec<u16> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    let oldest = agent.oldest;
    if numbers.as_slice() < oldest.version.as_slice() {
        let [major, minor, patch] = oldest.version;
        return Err(refused(
            "codewhale_version",
            asked,
            format_args!("is too old: {major}.{minor}.{patch} {}", oldest.because.en),
        )
        .in_chinese(format!("`{asked}` 太旧：{major}.{minor}.{patch} {}", oldest.because.zh))
        .better("use {}", "codewhale-version", agent.version));
    }
    Ok(version)
}

pub(super) fn sources(mirror: Option<&Mirror>, asked: &Sources) -> Result<ResolvedSources> {
    let web = |value: &Option<String>, key: &str, default: &str| match value {
        Some(text) => check(text, &format!("sources.{key}"), |text| syntax::url(text, &["https", "http"])),
        None => Ok(default.to_owned()),
    };
    let defaults = mirror.map_or_else(SourceDefaults::default, |mirror| mirror.sources);
    Ok(ResolvedSources {
        release_base_url: web(&asked.release_base_url, "release_base_url", defaults.release_base_url)?,
        git_url: match &asked.git_url {
            Some(text) => check(text, "sources.git_url", |text| syntax::url(text, &["https", "http", "git"]))?,
            None => defaults.git_url.to_owned(),
        },
        image: match &asked.image {
            Some(text) => check(text, "sources.image", syntax::image)?,
            None => defaults.image.to_owned(),
        },
        npm_registry: web(&asked.npm_registry, "npm_registry", "")?,
        apt_mirror: web(&asked.apt_mirror, "apt_mirror", "")?,
    })
}
