//! Who may reach the machine.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::Warning;
use super::refusal::{check, refused};
use crate::clouds::Cloud;
use crate::error::Result;
use crate::inputs::{networks, syntax};

fn cidrs(asked: &[String], key: &str) -> Result<Vec<IpNet>> {
    let unique: BTreeSet<IpNet> = syntax::cidr_list(asked)
        .iter()
        .map(|text| check(text, key, syntax::cidr))
        .collect::<Result<_>>()?;
    Ok(unique.into_iter().collect())
}

/// Who may reach SSH, as far as the cloud's firewall can say it.
pub(super) fn ssh_cidrs(cloud: &Cloud, asked: &[String]) -> Result<Vec<IpNet>> {
    let nets = cidrs(asked, "allow_ssh_from")?;
    match nets.iter().find(|net| net.addr().is_ipv6() && !cloud.ssh_ipv6) {
        Some(net) => Err(refused(
            "allow_ssh_from",
            &net.to_string(),
            format_args!("is IPv6, which firewall rules of {} do not take", cloud.display_name.en),
        )
        .hint("give the IPv4 address you come from, such as `203.0.113.7/32`")),
        None => Ok(nets),
    }
}

/// Networks that somebody copied out of a text.
pub(super) fn examples(nets: &[IpNet]) -> impl Iterator<Item = Warning> {
    let copied = nets.iter().filter(|net| networks::is_example(net));
    copied.map(|net| Warning::ExampleAddress(*net))
}
