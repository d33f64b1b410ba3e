//! How long rendering takes, without files and processes.

// The tests use all of it.
#[allow(dead_code)]
#[path = "../tests/common.rs"]
mod common;
#[path = "../tests/made_up/largest.rs"]
mod largest;

use divan::{Bencher, black_box};
use remote_setup::chats::CHATS;
use remote_setup::chats::Chat;
use remote_setup::clouds::Cloud;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::model_providers::{PROVIDERS, Provider};
use remote_setup::render::render;
use remote_setup::tables::Row;

fn main() {
    Cloud::table().extend(&[largest::in_gzip()]);
    for (what, (bytes, of), limit) in [
        ("as text", largest::text(), largest::TEXT),
        ("in gzip", largest::binary(), largest::BINARY),
    ] {
        println!("largest payload {what}: {bytes} bytes of {limit} ({of})");
    }
    divan::main();
}

fn deployable() -> impl Iterator<Item = &'static Provider> {
    PROVIDERS
        .iter()
        .filter(|provider| common::view(provider).unsupported().is_none())
}

fn spec_of(provider: &Provider, bridge: &Chat) -> Spec {
    Spec {
        bridge: Some(bridge.slug.to_owned()),
        ..common::spec_with(provider.slug)
    }
}

fn rendered(spec: &Spec) -> usize {
    let deployment = Deployment::resolve(spec).expect("resolves");
    render(&deployment).expect("renders").len()
}

/// Budget: 0.3 s for all of them.
#[divan::bench(sample_count = 10)]
fn every_provider_and_bridge(bencher: Bencher) {
    let specs: Vec<Spec> = deployable()
        .flat_map(|provider| CHATS.iter().map(|bridge| spec_of(provider, bridge)))
        .collect();
    bencher.bench(|| specs.iter().map(|spec| rendered(black_box(spec))).sum::<usize>());
}

#[divan::bench]
fn one_bundle(bencher: Bencher) {
    let spec = spec_of(&PROVIDERS[0], &CHATS[0]);
    bencher.bench(|| rendered(black_box(&spec)));
}
