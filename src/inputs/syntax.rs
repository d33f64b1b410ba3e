//! The form of single values. Every function returns the value as it will be used.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::agents::Agent;
use crate::error::{Error, Result};
use crate::inputs::networks;
use crate::layout::{ROOT_MODULE, is_values};
use crate::tables::Row;
use crate::text::shown;

fn bad(value: &str, why: &str, hint: impl Into<String>) -> Error {
    Error::usage(format!("`{}` {why}", shown(value))).hint(hint)
}

/// A file of the operator's own that Terraform reads: its name in the bundle's folder.
pub fn extra_file(value: &str) -> Result<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let is_name =
        value.len() <= 64 && value.bytes().all(plain) && value.starts_with(|c: char| c.is_ascii_alphanumeric());
    let values = is_values(value);
    let configuration = value.ends_with(".tf") && value != "override.tf" && !value.ends_with("_override.tf");
    let ours = ROOT_MODULE.contains(&value);
    if is_name && (values || configuration) && !ours {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not the name of an extra file: `NAME.tf`, `terraform.tfvars` or `NAME.auto.tfvars`, none that is generated and no override",
            "name a file that lies in the bundle's folder, such as `backend.tf`",
        ))
    }
}

/// A deployment name: it becomes part of resource, host and vault names.
pub fn name(value: &str) -> Result<String> {
    let ok = (2..=24).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !value.contains("--")
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if ok {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not a name: 2 to 24 of `a-z`, `0-9` and single `-`, first a letter",
            "use a name such as `my-agent`",
        ))
    }
}

/// The six characters that make global names unique.
pub fn id(value: &str) -> Result<String> {
    if value.len() == 6 && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not an id: exactly 6 of `a-z` and `0-9`",
            "leave `id` out and one is made",
        ))
    }
}

/// A whole number within bounds.
pub fn number<T>(value: &str, least: T, most: T) -> Result<T>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    match value.trim().parse::<T>() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(bad(
            value,
            &format!("is not a whole number from {least} to {most}"),
            format!("give a number from {least} to {most}"),
        )),
    }
}

/// A CIDR that may reach something from outside: canonical, and not much of the internet.
pub fn cidr(value: &str) -> Result<IpNet> {
    let value = value.trim();
    if matches!(value.to_lowercase().as_str(), "*" | "any" | "internet") {
        return Err(bad(value, "is the whole internet", ADDRESS_HINT));
    }
    if let Ok(address) = value.parse::<IpAddr>() {
        let net = IpNet::from(address);
        if let Some(why) = networks::closed(&net) {
            return Err(bad(value, &why, ADDRESS_HINT));
        }
        return Err(bad(value, "is an address, not a CIDR", format!("write `{net}`")));
    }
    let net: IpNet = value
        .parse()
        .map_err(|_| bad(value, "is not a CIDR: an address, `/` and a prefix length", ADDRESS_HINT))?;
    if net.prefix_len() == 0 {
        return Err(bad(value, "is the whole internet", ADDRESS_HINT));
    }
    if let Some(why) = networks::closed(&net) {
        return Err(bad(value, &why, ADDRESS_HINT));
    }
    let least = if net.addr().is_ipv4() { 16 } else { 32 };
    if net.prefix_len() < least {
        return Err(bad(
            value,
            &format!("is too wide: /{least} is the shortest prefix allowed"),
            ADDRESS_HINT,
        ));
    }
    let canonical = net.trunc();
    if canonical.to_string() != value {
        return Err(bad(value, "is not in canonical form", format!("write `{canonical}`")));
    }
    Ok(canonical)
}

const ADDRESS_HINT: &str = "give the public address you come from, such as `203.0.113.7/32`, or `none`";

/// A model id as providers write them.
pub fn model(value: &str) -> Result<String> {
    let ok = (1..=200).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._:/@+-".contains(&b));
    if ok {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not a model id: letters, digits and `._:/@+-`, at most 200",
            "copy the id from the provider's model list, or use `auto`",
        ))
    }
}

/// A repository on cnb.cool: `org/repo`, with groups between them where there are some.
pub fn repository(value: &str) -> Result<String> {
    let parts: Vec<&str> = value.split('/').collect();
    let ok = parts.len() >= 2
        && value.len() <= 200
        && parts.iter().all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        });
    if ok {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not a repository: `org/repo` of letters, digits, `.`, `_` and `-`",
            "write it as in its address on cnb.cool, such as `my-org/my-agent`",
        ))
    }
}

/// Top folders that hold the system or other people's data.
const SYSTEM_FOLDERS: &[&str] = &[
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib32",
    "lib64",
    "lost+found",
    "proc",
    "root",
    "run",
    "sbin",
    "snap",
    "sys",
    "tmp",
    "usr",
    "var",
];

/// The agent's workspace: an absolute path of its own on the machine.
pub fn workspace(value: &str) -> Result<String> {
    let parts: Vec<&str> = value.strip_prefix('/').unwrap_or("").split('/').collect();
    let well_formed = value.starts_with('/')
        && value.len() <= 200
        && parts.iter().all(|part| {
            !part.is_empty()
                && !part.starts_with(['.', '-'])
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        });
    let hint = "use a folder such as `/opt/whalebro`, `/srv/work` or `/data/work`";
    if !well_formed {
        return Err(bad(
            value,
            "is not a workspace: an absolute path of letters, digits, `.`, `_` and `-`",
            hint,
        ));
    }
    let system = SYSTEM_FOLDERS.contains(&parts[0])
        || (matches!(parts[0], "opt" | "srv" | "mnt" | "media") && parts.len() == 1)
        || Agent::rows()
            .iter()
            .any(|agent| parts.starts_with(&["opt", agent.slug]));
    if system {
        return Err(bad(value, "belongs to the system, not to an agent", hint));
    }
    Ok(value.to_owned())
}

/// A released version, without the `v` of its tag.
pub fn version(value: &str) -> Result<String> {
    let plain = value.strip_prefix('v').unwrap_or(value);
    let parts: Vec<&str> = plain.split('.').collect();
    let ok = parts.len() == 3
        && parts.iter().all(|part| {
            (1..=4).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_digit())
                && (*part == "0" || !part.starts_with('0'))
        });
    if ok {
        Ok(plain.to_owned())
    } else {
        Err(bad(
            value,
            "is not a version: three numbers with dots",
            "write a released version such as `0.9.9`",
        ))
    }
}

/// An http(s) address without user information, query or anything a shell or unit would read.
pub fn url(value: &str, schemes: &[&str]) -> Result<String> {
    let rest = schemes
        .iter()
        .find_map(|scheme| value.strip_prefix(&format!("{scheme}://")));
    let ok = rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._~:/[]-+%".contains(&b))
    }) && value.len() <= 300;
    if ok {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err(bad(
            value,
            &format!("is not an address of the form {}://HOST/PATH", schemes.join(":// or ")),
            "leave out user names, queries and fragments",
        ))
    }
}

/// A container image without tag or digest.
pub fn image(value: &str) -> Result<String> {
    let last = value.rsplit('/').next().unwrap_or("");
    let ok = (1..=200).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !last.is_empty()
        && !last.contains(':')
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._/:-".contains(&b));
    if ok {
        Ok(value.to_owned())
    } else {
        Err(bad(
            value,
            "is not an image name without tag: lower-case letters, digits and `._/:-`",
            "write a name such as `ghcr.io/my-org/my-agent`",
        ))
    }
}

/// `NAME=VALUE`.
pub fn pair(value: &str) -> Result<(String, String)> {
    match value.split_once('=') {
        Some((name, text)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), text.trim().to_owned())),
        _ => Err(bad(value, "is not NAME=VALUE", "write it as `team=research`")),
    }
}

/// A comma-separated list; blanks fall away.
pub fn list(value: &str) -> Vec<String> {
    value
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `none`, or a list of CIDRs; checked later, one by one.
pub fn cidr_list(values: &[String]) -> Vec<String> {
    let entries: Vec<String> = values.iter().flat_map(|value| list(value)).collect();
    if entries.iter().any(|entry| entry == "none") && entries.len() == 1 {
        Vec::new()
    } else {
        entries
    }
}
