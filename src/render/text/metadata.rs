//! What of a cloud's metadata services is closed to the agent.

use serde::Serialize;

use crate::clouds::{Cloud, MetadataAddress, ON_IPV6};

/// An address and its closed TCP ports, as an nftables set; empty for all of it.
#[derive(Debug, Serialize)]
pub(super) struct MetadataEndpoint {
    /// `ip` or `ip6`.
    family: &'static str,
    address: &'static str,
    ports: String,
}

/// In the order of the row.
pub(super) fn endpoints(cloud: &Cloud) -> Vec<MetadataEndpoint> {
    cloud.metadata.iter().map(endpoint).collect()
}

fn endpoint(metadata: &MetadataAddress) -> MetadataEndpoint {
    let ports: Vec<String> = metadata.ports.iter().map(ToString::to_string).collect();
    MetadataEndpoint {
        family: if metadata.is_ipv6() { "ip6" } else { "ip" },
        address: metadata.address,
        ports: ports.join(", "),
    }
}

/// Addresses of both families that are closed entirely.
pub(super) fn whole(cloud: &Cloud) -> Vec<&'static str> {
    let own = cloud.metadata.iter().filter(|one| one.is_whole() && !one.is_ipv6());
    own.map(|one| one.address).chain(whole_ipv6(cloud)).collect()
}

/// IPv6 addresses that are closed entirely, including those that only other clouds use.
pub(super) fn whole_ipv6(cloud: &Cloud) -> Vec<&'static str> {
    let own = cloud.metadata.iter().filter(|one| one.is_whole() && one.is_ipv6());
    let others = ON_IPV6
        .iter()
        .copied()
        .filter(|other| !cloud.metadata.iter().any(|own| own.address == *other));
    own.map(|one| one.address).chain(others).collect()
}
