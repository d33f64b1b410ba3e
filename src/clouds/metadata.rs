//! Where a cloud tells its machines about themselves.

/// An address of the service that tells a machine about itself and gives out its identity, or of another service that agents have
/// no business with.
#[derive(Clone, Copy, Debug)]
pub struct MetadataAddress {
    /// IPv4 or IPv6.
    pub address: &'static str,
    /// The TCP ports that are closed to agents; every port where there are none. Some of these addresses are the machine's DNS
    /// server too.
    pub ports: &'static [u16],
}

impl MetadataAddress {
    pub const fn whole(address: &'static str) -> MetadataAddress {
        MetadataAddress { address, ports: &[] }
    }

    pub fn is_ipv6(&self) -> bool {
        self.address.contains(':')
    }

    pub fn is_whole(&self) -> bool {
        self.ports.is_empty()
    }
}

/// Closed on every cloud: the addresses of metadata services on IPv6.
pub const ON_IPV6: &[&str] = &["fd00:ec2::254", "fd20:ce::254"];
