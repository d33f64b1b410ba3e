//! How long rendering takes, without files and processes.

use divan::{Bencher, black_box};
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::registry::{BRIDGES, Bridge, PROVIDERS, Provider};
use remote_setup::render::render;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGdOhwpS0nwiBZstnHQe/b7ndB5FFFxwqyJZ6uZTgBPz operator@example";

fn main() {
    divan::main();
}

fn spec(provider: &Provider, bridge: &Bridge) -> Spec {
    Spec {
        id: Some("abc123".to_owned()),
        cloud: Some("azure".to_owned()),
        bridge: Some(bridge.slug.to_owned()),
        provider: Some(provider.slug.to_owned()),
        ssh_public_key: Some(KEY.to_owned()),
        allow_ssh_from: Some(vec!["203.0.113.7/32".to_owned()]),
        ..Spec::default()
    }
}

fn rendered(spec: &Spec) -> usize {
    let deployment = Deployment::resolve(spec).expect("resolves");
    render(&deployment).expect("renders").len()
}

/// Budget: 0.3 s for all of them.
#[divan::bench(sample_count = 10)]
fn every_provider_and_bridge(bencher: Bencher) {
    let deployable = PROVIDERS.iter().filter(|provider| provider.unsupported.is_none());
    let specs: Vec<Spec> = deployable
        .flat_map(|provider| BRIDGES.iter().map(|bridge| spec(provider, bridge)))
        .collect();
    bencher.bench(|| specs.iter().map(|spec| rendered(black_box(spec))).sum::<usize>());
}

#[divan::bench]
fn one_bundle(bencher: Bencher) {
    let spec = spec(&PROVIDERS[0], &BRIDGES[0]);
    bencher.bench(|| rendered(black_box(&spec)));
}
