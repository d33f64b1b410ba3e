//! What `apply` costs over the bare engine running the same plan and apply, against emulated Azure.
//!
//! Budget: 5 % or 150 ms, whichever is more.

// The tests use all of it.
#[allow(dead_code)]
#[path = "../tests/common.rs"]
mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use remote_setup::bundle::{self, WriteOptions};
use remote_setup::cli::{BundleArgs, ProvisionArgs, RunArgs};
use remote_setup::command::{Context, provision};
use remote_setup::rehearse::{Emulator, REATTACH_VARIABLE};
use remote_setup::render::render;

const ROUNDS: usize = 7;
const SECRETS: &str = "OPENROUTER_API_KEY=first-benched-value\nCODEWHALE_RUNTIME_TOKEN=second-benched-value\nTELEGRAM_BOT_TOKEN=third-benched-value\n";

fn main() {
    if Command::new("terraform")
        .arg("version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("SKIPPED: terraform is not installed");
        return;
    }
    let mut bare: Vec<Duration> = Vec::new();
    let mut ours: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        bare.push(timed(bare_run));
        ours.push(timed(our_run));
    }
    // The fastest of each: whatever else the machine does only adds.
    let fastest = |times: Vec<Duration>| times.into_iter().min().expect("a round");
    let (bare, ours) = (fastest(bare), fastest(ours));
    let added = ours.saturating_sub(bare);
    let budget = (bare / 20).max(Duration::from_millis(150));
    let verdict = if added <= budget { "ok" } else { "over" };
    println!("bare engine {bare:.0?}, remote-setup apply {ours:.0?}: adds {added:.0?}, budget {budget:.0?}, {verdict}");
    assert!(added <= budget, "apply adds too much");
}

fn timed(run: fn(&Path, &Emulator)) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bundle");
    let deployment = common::resolve(&common::spec());
    let options = WriteOptions {
        force: false,
        spec_is_input: false,
        stamp: "",
        secrets: Some(SECRETS.to_owned().into()),
        seen: bundle::Seen::now(&path).expect("a folder"),
    };
    bundle::write(&path, &render(&deployment).expect("renders"), &options).expect("writes");
    let emulator = Emulator::start(common::resolve(&common::spec()).cloud.rehearsal, Vec::new()).expect("an emulator");
    let began = Instant::now();
    run(&path, &emulator);
    began.elapsed()
}

fn bare_run(bundle: &Path, emulator: &Emulator) {
    for args in [
        &["init", "-input=false", "-no-color"][..],
        &["plan", "-json", "-input=false", "-out=x.tfplan"],
        &["apply", "-json", "-input=false", "x.tfplan"],
    ] {
        let mut command = Command::new("terraform");
        command
            .args(args)
            .current_dir(bundle)
            .env(REATTACH_VARIABLE, emulator.reattach())
            .env("CHECKPOINT_DISABLE", "1");
        for name in ["openrouter_api_key", "codewhale_runtime_token", "telegram_bot_token"] {
            command.env(format!("TF_VAR_{name}"), "value");
        }
        let output = command.output().expect("terraform");
        assert!(output.status.success(), "{output:?}");
    }
}

fn our_run(bundle: &Path, emulator: &Emulator) {
    let mut context = Context {
        variables: vec![
            (REATTACH_VARIABLE.to_owned(), emulator.reattach()),
            ("ARM_CLIENT_ID".to_owned(), "emulated".to_owned()),
        ],
        ..Context::default()
    };
    let args = ProvisionArgs {
        run: RunArgs {
            bundle: BundleArgs {
                dir: Some(bundle.to_owned()),
                ..BundleArgs::default()
            },
            no_wait: true,
            ..RunArgs::default()
        },
        yes: true,
        ..ProvisionArgs::default()
    };
    provision::apply_bundle(&args, &mut context).expect("applies");
}
