//! From a spec to a deployment: every lookup, default and cross-check.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use super::{DEFAULT_VERSION, Deployment, Facts, OLDEST_VERSION, ResolvedSources, secrets};
use crate::error::{Error, Result};
use crate::inputs::{Sources, Spec, field, spec, ssh_key, syntax};
use crate::registry::{
    Architecture, BaseUrl, Bridge, Cloud, Install, MIRRORS, Mirror, Provider, SecretStore, find,
    nearest, shown,
};

/// Longest allowlist; far over any real one, and small enough for an env file.
const MOST_ALLOWED: usize = 100;

impl Deployment {
    /// Resolves a spec against the tables. The only way to make a deployment.
    ///
    /// # Errors
    /// The first value that is missing or not accepted, by flag, with what is allowed.
    pub fn resolve(asked: &Spec) -> Result<Deployment> {
        if let Some(version) = asked.version.filter(|version| *version != spec::VERSION) {
            return Err(Error::usage(format!(
                "`version` is `{version}`; this program reads version {}",
                spec::VERSION
            ))
            .hint("use the release of remote-setup that wrote the file"));
        }
        let cloud: &Cloud = find(required(asked.cloud.as_deref(), "cloud")?)?;
        let bridge: &Bridge = find(required(asked.bridge.as_deref(), "bridge")?)?;
        let provider: &Provider = find(required(asked.provider.as_deref(), "provider")?)?;
        if let Some(reason) = provider.unsupported {
            return Err(Error::usage(format!(
                "provider `{}` cannot be deployed: {reason}",
                provider.slug
            ))
            .hint("choose another: `remote-setup list providers`"));
        }
        let mut warnings = Vec::new();
        let id = check(required(asked.id.as_deref(), "id")?, "id", syntax::id)?;
        let name = check(asked.name.as_deref().unwrap_or("codewhale"), "name", syntax::name)?;
        let region = region(cloud, asked.region.as_deref(), &mut warnings)?;
        let size = asked.size.as_deref().unwrap_or(cloud.default_size);
        let architecture = architecture(cloud, size, &mut warnings)?;
        let known_size = cloud.sizes.iter().find(|known| known.slug == size);
        let install = install(asked.install.as_deref(), cloud)?;
        let mirror = mirror(asked.mirror.as_deref().unwrap_or(cloud.default_mirror))?;
        if install == Install::Native && architecture == Architecture::Arm64 && !mirror.arm64 {
            return Err(Error::usage(format!(
                "mirror `{}` has no arm64 build, and size `{size}` is arm64",
                mirror.slug
            ))
            .hint("use `--mirror github`, or an x64 size"));
        }
        let version = version(asked.codewhale_version.as_deref().unwrap_or(DEFAULT_VERSION))?;
        let asked_sources = asked.sources.clone().unwrap_or_default();
        let model = model(provider, asked.model.as_deref().unwrap_or("auto"), &mut warnings)?;
        let base_url = base_url(provider, asked.base_url.as_deref())?;
        let ssh_public_key = check(
            required(asked.ssh_public_key.as_deref(), "ssh_public_key")?,
            "ssh_public_key",
            ssh_key::check,
        )?;
        let ssh_list = asked
            .allow_ssh_from
            .as_ref()
            .ok_or_else(|| missing("allow_ssh_from"))?;
        let ssh_cidrs = cidrs(ssh_list, "allow_ssh_from")?;
        if ssh_cidrs.iter().any(|net| net.addr().is_ipv6()) {
            warnings.push("the machine has an IPv4 address only, so the IPv6 SSH rules reach nothing yet".to_owned());
        }
        let vault_cidrs = vault_cidrs(asked.allow_vault_from.as_deref(), &ssh_cidrs)?;
        if vault_cidrs.is_empty() {
            warnings.push(
                "no address may store secrets in the vault: give --allow-vault-from before applying".to_owned(),
            );
        }
        let allowlist = allowlist(bridge, asked.allowlist.as_deref().unwrap_or(&[]))?;
        let bridge_settings = bridge_settings(bridge, asked.bridge_settings.as_ref())?;
        let workspace = check(asked.workspace.as_deref().unwrap_or("/opt/whalebro"), "workspace", syntax::workspace)?;
        let port = asked.port.unwrap_or(7878);
        let workers = asked.workers.unwrap_or(2);
        check(&port.to_string(), "port", |text| syntax::number(text, 1024, u16::MAX))?;
        check(&workers.to_string(), "workers", |text| syntax::number(text, 1, 8))?;
        let tags = tags(cloud, asked.tags.as_ref())?;
        let sources = sources(mirror, &asked_sources)?;

        let resolved_spec = Spec {
            version: Some(spec::VERSION),
            id: Some(id.clone()),
            name: Some(name.clone()),
            cloud: Some(cloud.slug.to_owned()),
            region: Some(region.clone()),
            size: Some(size.to_owned()),
            bridge: Some(bridge.slug.to_owned()),
            bridge_settings: (!bridge_settings.is_empty()).then(|| {
                let owned = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone());
                bridge_settings.iter().map(owned).collect()
            }),
            allowlist: Some(allowlist.clone()),
            provider: Some(provider.slug.to_owned()),
            model: Some(model.clone()),
            base_url: base_url.clone(),
            ssh_public_key: Some(ssh_public_key.clone()),
            allow_ssh_from: Some(ssh_cidrs.iter().map(ToString::to_string).collect()),
            allow_vault_from: Some(vault_cidrs.iter().map(ToString::to_string).collect()),
            workspace: Some(workspace.clone()),
            port: Some(port),
            workers: Some(workers),
            install: Some(install.slug().to_owned()),
            codewhale_version: Some(version.clone()),
            mirror: Some(mirror.slug.to_owned()),
            sources: (asked_sources != Sources::default()).then_some(asked_sources),
            tags: Some(tags.iter().cloned().collect()),
        };
        let memory_mib = known_size.map_or(2048, |known| u32::from(known.memory_gib) * 1024);
        Ok(Deployment(Facts {
            spec: resolved_spec,
            trusted_launch: (cloud.trusted_launch)(size),
            monthly_usd: known_size.map(|known| known.monthly_usd + cloud.other_monthly_usd),
            key_vault_name: match cloud.secret_store {
                SecretStore::KeyVault => key_vault_name(&name, &id),
            },
            secrets: secrets::slots(provider, bridge),
            container_memory_mib: memory_mib / 4 * 3,
            size: size.to_owned(),
            id,
            name,
            cloud,
            region,
            architecture,
            bridge,
            bridge_settings,
            allowlist,
            provider,
            model,
            base_url,
            ssh_public_key,
            ssh_cidrs,
            vault_cidrs,
            workspace,
            port,
            workers,
            install,
            version,
            sources,
            tags,
            warnings,
        }))
    }

    /// Keys of the spec that have no value and no default.
    pub fn missing(asked: &Spec) -> Vec<&'static field::Field> {
        let absent = [
            ("cloud", asked.cloud.is_none()),
            ("bridge", asked.bridge.is_none()),
            ("provider", asked.provider.is_none()),
            ("ssh_public_key", asked.ssh_public_key.is_none()),
            ("allow_ssh_from", asked.allow_ssh_from.is_none()),
        ];
        let absent = absent.into_iter().filter(|(_, absent)| *absent);
        absent.map(|(key, _)| field::by_key(key)).collect()
    }
}

fn missing(key: &str) -> Error {
    Error::usage(format!("`{key}` is missing")).hint(format!("add `{key}` to the spec"))
}

fn required<'a>(value: Option<&'a str>, key: &str) -> Result<&'a str> {
    value.ok_or_else(|| missing(key))
}

fn named(key: &str) -> String {
    match field::FIELDS.iter().find(|field| field.key == key) {
        Some(field) => field.name(),
        None => format!("`{key}`"),
    }
}

fn check<T>(value: &str, key: &str, parse: impl Fn(&str) -> Result<T>) -> Result<T> {
    parse(value).map_err(|error| error.context(named(key)))
}

fn refused(key: &str, value: &str, why: impl std::fmt::Display) -> Error {
    Error::usage(format!("{}: `{}` {why}", named(key), shown(value)))
}

fn region(cloud: &Cloud, asked: Option<&str>, warnings: &mut Vec<String>) -> Result<String> {
    let region = asked.unwrap_or(cloud.default_region);
    if cloud.regions.contains(&region) {
        return Ok(region.to_owned());
    }
    let plain: String = region.to_lowercase().split_whitespace().collect();
    if let Some(near) = nearest(&plain, cloud.regions.iter().copied()) {
        return Err(refused("region", region, format_args!("is not a region of {}", cloud.display_name))
            .hint(format!("did you mean `--region {near}`?")));
    }
    let well_formed = (2..=30).contains(&region.len())
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !well_formed {
        return Err(refused("region", region, "is not a region: lower-case letters, digits and `-`")
            .hint(format!("use a region such as `{}`", cloud.default_region)));
    }
    warnings.push(format!("region `{region}` is not one this version knows; {} will say whether it exists", cloud.display_name));
    Ok(region.to_owned())
}

fn architecture(cloud: &Cloud, size: &str, warnings: &mut Vec<String>) -> Result<Architecture> {
    let Some(architecture) = (cloud.size_architecture)(size) else {
        let error = refused("size", size, format_args!("is not {}", cloud.size_form));
        return Err(match nearest(size, cloud.sizes.iter().map(|known| known.slug)) {
            Some(near) => error.hint(format!("did you mean `--size {near}`?")),
            None => error.hint(format!("use `--size {}`", cloud.default_size)),
        });
    };
    match cloud.sizes.iter().find(|known| known.slug == size) {
        Some(known) if known.memory_gib < 2 => warnings.push(format!(
            "`{size}` has {} GiB of memory; an agent that builds code wants 4",
            known.memory_gib
        )),
        Some(_) => {}
        None => warnings.push(format!("the price of size `{size}` is not known to this version")),
    }
    Ok(architecture)
}

fn install(asked: Option<&str>, cloud: &Cloud) -> Result<Install> {
    let Some(asked) = asked else {
        return Ok(cloud.default_install);
    };
    Install::ALL
        .into_iter()
        .find(|install| install.slug() == asked)
        .ok_or_else(|| {
            refused("install", asked, "is not a way to install; allowed: native, docker")
                .hint(format!("use `--install {}`", cloud.default_install.slug()))
        })
}

fn mirror(asked: &str) -> Result<&'static Mirror> {
    MIRRORS.iter().find(|mirror| mirror.slug == asked).ok_or_else(|| {
        let slugs: Vec<_> = MIRRORS.iter().map(|mirror| mirror.slug).collect();
        refused("mirror", asked, format_args!("is not a mirror; allowed: {}", slugs.join(", ")))
            .hint("for one of your own, set `sources` in the spec")
    })
}

fn version(asked: &str) -> Result<String> {
    let version = check(asked, "codewhale_version", syntax::version)?;
    let numbers: Vec<u16> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_VERSION.as_slice() {
        let [major, minor, patch] = OLDEST_VERSION;
        return Err(refused(
            "codewhale_version",
            asked,
            format_args!("is too old: {major}.{minor}.{patch} is the first with static binaries for both architectures"),
        )
        .hint(format!("use `--codewhale-version {DEFAULT_VERSION}`")));
    }
    Ok(version)
}

fn model(provider: &Provider, asked: &str, warnings: &mut Vec<String>) -> Result<String> {
    let model = check(asked, "model", syntax::model)?;
    if model == "auto" {
        if let Some(note) = provider.model_note {
            warnings.push(format!("{}: {note}", provider.display_name));
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

fn base_url(provider: &Provider, asked: Option<&str>) -> Result<Option<String>> {
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
        BaseUrl::Loopback => Err(refused("base_url", asked, format_args!("is not on the machine itself, and {} is keyless only there", provider.display_name))
            .hint(format!("use an address such as `{}`", provider.default_base_url))),
        BaseUrl::Fixed => Err(refused("base_url", asked, format_args!("cannot be used with {}: the runtime sends the key to the provider's own host only", provider.display_name))
            .hint("leave --base-url out")),
    }
}

fn cidrs(asked: &[String], key: &str) -> Result<Vec<IpNet>> {
    let unique: BTreeSet<IpNet> = syntax::cidr_list(asked)
        .iter()
        .map(|text| check(text, key, syntax::cidr))
        .collect::<Result<_>>()?;
    Ok(unique.into_iter().collect())
}

/// A vault's firewall takes public IPv4 ranges only.
/// Source: https://learn.microsoft.com/azure/key-vault/general/network-security
fn vault_cidrs(asked: Option<&[String]>, ssh: &[IpNet]) -> Result<Vec<IpNet>> {
    let public_v4 = |net: &IpNet| match net.addr() {
        IpAddr::V4(v4) => !v4.is_private() && !v4.is_loopback() && !v4.is_link_local(),
        IpAddr::V6(_) => false,
    };
    let Some(asked) = asked else {
        return Ok(ssh.iter().copied().filter(public_v4).collect());
    };
    let nets = cidrs(asked, "allow_vault_from")?;
    match nets.iter().find(|net| !public_v4(net)) {
        Some(net) => Err(refused("allow_vault_from", &net.to_string(), "is not a public IPv4 range, and a vault's firewall takes no other")
            .hint("give the public IPv4 address you apply from, such as `203.0.113.7/32`")),
        None => Ok(nets),
    }
}

fn allowlist(bridge: &Bridge, asked: &[String]) -> Result<Vec<String>> {
    if asked.len() > MOST_ALLOWED {
        return Err(Error::usage(format!("--allowlist has {} ids; at most {MOST_ALLOWED} are allowed", asked.len()))
            .hint("keep the ids of people who use the agent"));
    }
    for entry in asked {
        if !(bridge.allowlist_entry)(entry) {
            return Err(refused("allowlist", entry, format_args!("is not {}", bridge.allowlist_form))
                .hint("leave the list empty and pair later: the bridge tells strangers their ids"));
        }
    }
    Ok(asked.to_vec())
}

fn bridge_settings(
    bridge: &Bridge,
    asked: Option<&BTreeMap<String, String>>,
) -> Result<Vec<(&'static str, String)>> {
    let empty = BTreeMap::new();
    let asked = asked.unwrap_or(&empty);
    let known: Vec<_> = bridge.settings.iter().map(|setting| setting.env).collect();
    for name in asked.keys() {
        if !known.contains(&name.as_str()) {
            let allowed = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(refused("bridge_settings", name, format_args!("is not a setting of {}; allowed: {allowed}", bridge.display_name))
                .hint("leave it out"));
        }
    }
    bridge
        .settings
        .iter()
        .map(|setting| {
            let value = asked.get(setting.env).map_or(setting.allowed[0], String::as_str);
            if setting.allowed.contains(&value) {
                Ok((setting.env, value.to_owned()))
            } else {
                Err(refused("bridge_settings", value, format_args!("is not a value of {}; allowed: {}", setting.env, setting.allowed.join(", ")))
                    .hint(format!("use `--bridge-setting {}={}`", setting.env, setting.allowed[0])))
            }
        })
        .collect()
}

fn tags(cloud: &Cloud, asked: Option<&BTreeMap<String, String>>) -> Result<Vec<(String, String)>> {
    let rules = cloud.tags;
    let empty = BTreeMap::new();
    let asked = asked.unwrap_or(&empty);
    if asked.len() > rules.most {
        return Err(Error::usage(format!("{} tags; {} takes at most {}", asked.len(), cloud.display_name, rules.most))
            .hint("keep the ones somebody reads"));
    }
    let mut seen = BTreeSet::new();
    for (key, value) in asked {
        let lower = key.to_lowercase();
        let why = if ["deployment_id", "managed_by"].contains(&lower.as_str()) {
            "is set by remote-setup itself".to_owned()
        } else if key.is_empty() || key.chars().count() > rules.longest_key {
            format!("is not 1 to {} characters long", rules.longest_key)
        } else if key.contains(|c: char| c.is_control() || rules.not_in_key.contains(c)) {
            format!("holds one of `{}` or a control character", rules.not_in_key)
        } else if rules.reserved_prefixes.iter().any(|prefix| lower.starts_with(prefix)) {
            format!("starts with a reserved word: {}", rules.reserved_prefixes.join(", "))
        } else if !seen.insert(lower) {
            "is there twice; case does not count".to_owned()
        } else if value.chars().count() > rules.longest_value {
            format!("has a value of more than {} characters", rules.longest_value)
        } else if value.contains(char::is_control) {
            "has a value with a control character".to_owned()
        } else {
            continue;
        };
        return Err(refused("tags", key, why).hint("write tags as `--tag team=research`"));
    }
    let mut tags: BTreeMap<String, String> = asked.clone();
    tags.entry("owner".to_owned()).or_insert_with(|| "remote-setup".to_owned());
    Ok(tags.into_iter().collect())
}

fn sources(mirror: &Mirror, asked: &Sources) -> Result<ResolvedSources> {
    let web = |value: &Option<String>, key: &str, default: &str| match value {
        Some(text) => syntax::url(text, &["https", "http"]).map_err(|error| error.context(format!("`sources.{key}`"))),
        None => Ok(default.to_owned()),
    };
    let defaults = mirror.sources;
    Ok(ResolvedSources {
        release_base_url: web(&asked.release_base_url, "release_base_url", defaults.release_base_url)?,
        git_url: match &asked.git_url {
            Some(text) => syntax::url(text, &["https", "http", "git"]).map_err(|error| error.context("`sources.git_url`"))?,
            None => defaults.git_url.to_owned(),
        },
        image: match &asked.image {
            Some(text) => syntax::image(text).map_err(|error| error.context("`sources.image`"))?,
            None => defaults.image.to_owned(),
        },
        npm_registry: web(&asked.npm_registry, "npm_registry", "")?,
        apt_mirror: web(&asked.apt_mirror, "apt_mirror", "")?,
    })
}

/// 3 to 24 characters, no double dash, the same for the same deployment.
fn key_vault_name(name: &str, id: &str) -> String {
    let short: String = name.chars().take(13).collect();
    format!("kv-{}-{id}", short.trim_end_matches('-'))
}
