//! Networks that no connection to a public address can come from.
//!
//! Source: the IANA special-purpose address registries.

use ipnet::IpNet;

/// A block, and what it is.
struct Block(&'static str, &'static str);

/// From the narrow to the wide: the first one that holds a network names it.
const CLOSED: &[Block] = &[
    Block("10.0.0.0/8", "a private network"),
    Block("172.16.0.0/12", "a private network"),
    Block("192.168.0.0/16", "a private network"),
    Block("100.64.0.0/10", "a network behind carrier-grade NAT"),
    Block("127.0.0.0/8", "loopback"),
    Block("169.254.0.0/16", "link-local"),
    Block("0.0.0.0/8", "reserved"),
    Block("192.0.0.0/24", "reserved"),
    Block("198.18.0.0/15", "reserved for benchmarks"),
    Block("224.0.0.0/4", "multicast"),
    Block("240.0.0.0/4", "reserved"),
    Block("::1/128", "loopback"),
    Block("::ffff:0:0/96", "IPv4 written as IPv6"),
    Block("fc00::/7", "a private network"),
    Block("fe80::/10", "link-local"),
    Block("fec0::/10", "a private network"),
    Block("ff00::/8", "multicast"),
];

/// Every public IPv6 address lies in here.
const PUBLIC_V6: &str = "2000::/3";

/// Networks that only documentation uses.
const EXAMPLES: &[&str] = &[
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001:db8::/32",
    "3fff::/20",
];

/// Why no connection from a network reaches a public address, where none does. One that merely holds such a block is
/// judged by the rest of it.
pub fn closed(net: &IpNet) -> Option<String> {
    let never = "no connection from there reaches a public address";
    if let Some(Block(block, what)) = CLOSED.iter().find(|Block(block, _)| holds(block, net)) {
        return Some(format!("is {what} ({block}): {never}"));
    }
    let outside = net.addr().is_ipv6() && !holds(PUBLIC_V6, net);
    outside.then(|| format!("is reserved (public IPv6 is {PUBLIC_V6}): {never}"))
}

/// Whether only documentation uses a network, so that somebody copied it.
pub fn is_example(net: &IpNet) -> bool {
    EXAMPLES.iter().any(|block| holds(block, net))
}

fn holds(block: &str, net: &IpNet) -> bool {
    block.parse::<IpNet>().is_ok_and(|block| block.contains(net))
}
