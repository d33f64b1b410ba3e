//! What the emulated Nimbus must know.

use rehearse::{Computed, Provider, computed};

pub const REHEARSAL: &[Provider] = &[Provider {
    values: VALUES,
    ..Provider::new(include_str!("schema.json"))
}];

const VALUES: &[Computed] = &[
    computed("nimbus_firewall", "id", "wall-{code}"),
    computed("nimbus_machine", "id", "drop-{code}"),
    computed("nimbus_machine", "address", "203.0.113.{name|octet}"),
];
