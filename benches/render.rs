//! How long rendering takes, without files and processes.

// The tests use all of it.
#[allow(dead_code)]
#[path = "../tests/common.rs"]
mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use divan::{Bencher, black_box};
use remote_setup::chats::CHATS;
use remote_setup::chats::Chat;
use remote_setup::deployment::Deployment;
use remote_setup::inputs::Spec;
use remote_setup::model_providers::{PROVIDERS, Provider};
use remote_setup::render::render;

fn main() {
    let largest = deployable()
        .flat_map(|provider| CHATS.iter().map(move |bridge| spec_of(provider, bridge)))
        .flat_map(|spec| {
            [("azure", "docker"), ("azure", "native"), ("lighthouse", "native")].map(|row| payload_of(&spec, row))
        })
        .max_by_key(String::len)
        .unwrap_or_default();
    println!(
        "largest payload: {} bytes as text, {} as gzip of it",
        largest.len(),
        gzipped(&largest)
    );
    divan::main();
}

fn deployable() -> impl Iterator<Item = &'static Provider> {
    PROVIDERS
        .iter()
        .filter(|provider| common::view(provider).unsupported().is_none())
}

/// Where a cloud takes bytes.
fn gzipped(text: &str) -> usize {
    let mut gzip = Command::new("gzip")
        .args(["-9", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip");
    let mut input = gzip.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("written");
    drop(input);
    gzip.wait_with_output().expect("gzip").stdout.len()
}

/// The first file that a machine gets.
fn payload_of(spec: &Spec, (cloud, install): (&str, &str)) -> String {
    let spec = Spec {
        cloud: Some(cloud.to_owned()),
        install: Some(install.to_owned()),
        ..spec.clone()
    };
    let Ok(deployment) = Deployment::resolve(&spec) else {
        return String::new();
    };
    let files = render(&deployment).expect("renders");
    let first = files
        .into_iter()
        .find(|file| ["cloud-init.yaml", "bootstrap.sh"].contains(&file.path.as_str()));
    first.expect("a payload").contents
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

/// Budget: 1 s for all of them.
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
