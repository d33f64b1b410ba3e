//! Clouds and agents whose rows come from outside the library, each from its own folder or file: nothing else in it knows them.

// The other test binaries use all of it.
#[allow(dead_code)]
#[path = "../common.rs"]
mod common;

// Agents: one that nobody can talk to, and one that differs by its name alone.
mod agents;
mod encodings;
mod largest;
// A cloud that Terraform makes machines on.
mod nimbus;
// A machine that is there already.
mod shed;

use std::fs;
use std::sync::Once;

use clap::Parser;
use remote_setup::agents::Agent;
use remote_setup::cli::Cli;
use remote_setup::clouds::Cloud;
use remote_setup::tables::Row;

/// The tables take further rows once, before anything reads them.
fn introduce() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        Cloud::table().extend(&[
            nimbus::NIMBUS,
            shed::SHED,
            largest::in_gzip(),
            encodings::BASE64,
            encodings::GZIP,
            encodings::TINY_GZIP,
        ]);
        Agent::table().extend(&[agents::MUTE, agents::TWIN]);
    });
}

/// Runs the program in this process.
fn program(args: &[&str]) -> Result<(), String> {
    introduce();
    let all = ["remote-setup"].iter().chain(args);
    let cli = Cli::try_parse_from(all).map_err(|error| error.to_string())?;
    remote_setup::run(&cli).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_cloud_in_a_folder_of_its_own_is_generated_checked_and_rehearsed() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("bundle");
    let out = bundle.to_str().expect("text");
    let generate = [
        "--cloud=rain",
        "--bridge=telegram",
        "--provider=openrouter",
        "--ssh-public-key",
        common::KEY,
        "--allow-ssh-from=203.0.113.7/32",
        "--non-interactive",
        "--yes",
        "--out",
        out,
    ];
    program(&generate).unwrap_or_else(|error| panic!("{error}"));
    let read = |name: &str| fs::read_to_string(bundle.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(read("deployment.yaml").contains("cloud: nimbus\n"));
    assert!(
        read("main.tf").contains("file(\"${path.module}/bootstrap.sh\")"),
        "{}",
        read("main.tf")
    );
    assert!(read("modules/nimbus/main.tf").contains("resource \"nimbus_firewall\""));
    assert!(read("bootstrap.sh").starts_with("#!"));
    let runbook = read("RUNBOOK.md");
    for said in ["NIMBUS_TOKEN", "`drop_limit`", "one in `high`", "Nothing stays."] {
        assert!(runbook.contains(said), "`{said}` is missing");
    }
    program(&["--spec", &format!("{out}/deployment.yaml"), "--out", out, "--check"])
        .unwrap_or_else(|error| panic!("{error}"));
    if common::tool("terraform").is_none() {
        return common::skip("terraform");
    }
    program(&["rehearse", out]).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_largest_payload_is_small() {
    introduce();
    let (text, of) = largest::text();
    assert!(text > 18_000 && text <= largest::TEXT, "{text} bytes of text: {of}");
    let (binary, of) = largest::binary();
    println!("{text} {binary}");
    assert!(binary > 13_000 && binary <= largest::BINARY, "{binary} bytes of gzip: {of}");
}
