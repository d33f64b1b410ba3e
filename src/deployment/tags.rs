//! Names and tags in the cloud.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::{named, refused};
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::text::count;

pub(super) fn tags(cloud: &Cloud, asked: Option<&BTreeMap<String, String>>) -> Result<Vec<(String, String)>> {
    let rules = cloud.tags;
    let empty = BTreeMap::new();
    let asked = asked.unwrap_or(&empty);
    if asked.len() > rules.most {
        return Err(Error::usage(format!(
            "{} given; {} takes at most {}",
            count(asked.len(), "tag"),
            cloud.display_name.en,
            rules.most
        ))
        .about("tags", &named("tags"), "")
        .hint("keep the ones somebody reads"));
    }
    let mut seen = BTreeSet::new();
    for (key, value) in asked {
        let lower = key.to_lowercase();
        let why = if ["deployment_id", "managed_by"].contains(&lower.as_str()) {
            "is set by remote-setup itself".to_owned()
        } else if lower == "owner" && (key != "owner" || value.trim().is_empty()) {
            "must be spelled `owner`, and say who answers for the deployment".to_owned()
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
        return Err(refused("tags", key, why).better("write tags as {}", "tag", "team=research"));
    }
    let mut tags: BTreeMap<String, String> = asked.clone();
    tags.entry("owner".to_owned())
        .or_insert_with(|| "remote-setup".to_owned());
    Ok(tags.into_iter().collect())
}
