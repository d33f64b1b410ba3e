//! The default verb: from answers to a bundle on disk, or to what differs.

mod answers;
mod check;
mod place;
mod secrets;
mod settle;

use std::io::IsTerminal;
use std::path::Path;

use serde::Serialize;
use settle::{Settled, settle};

use crate::bundle::{self, WriteOptions, Written};
use crate::cli::{BundleArgs, GenerateArgs, ProvisionArgs, RunArgs};
use crate::command::Context;
use crate::deployment::{Deployment, Warning};
use crate::error::Result;
use crate::inputs::wizard::{Support, Wizard};
use crate::machine::address;
use crate::process::environment::Environment;
use crate::render;
use crate::report::{self, Palette, SCHEMA_VERSION, count};

/// What `--json` prints after writing.
#[derive(Serialize)]
struct Generated<'a> {
    schema_version: u32,
    status: &'static str,
    out: String,
    id: &'a str,
    cloud: &'static str,
    bridge: &'static str,
    provider: &'static str,
    model: &'a str,
    monthly_usd_estimate: Option<f32>,
    files: Vec<&'a str>,
    changed: &'a [String],
    removed: &'a [String],
    backups: &'a [String],
    missing_secrets: &'a [&'static str],
    warnings: &'a [Warning],
}

/// Generates or checks a bundle.
///
/// # Errors
/// Bad input (2), a difference under `--check` (3), a "no" (4), an interruption (130).
pub fn run(args: &GenerateArgs, context: &mut Context) -> Result<()> {
    let interactive =
        !args.non_interactive && !args.check && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let children = Environment::of(std::env::vars());
    let support = Support {
        accepts: &Deployment::accepts,
        address_services: address::SERVICES,
        public_address: &|| address::public(&children),
    };
    let mut wizard = Wizard::new(support);
    let answers = answers::gather(args, interactive, &mut wizard)?;
    if args.check {
        let files = render::render(&Deployment::resolve(&answers.spec)?)?;
        return check::run(&answers.out, &files, args.json);
    }
    let Settled {
        answers,
        deployment,
        files,
        secrets,
    } = settle(args, answers, &mut wizard, interactive && !args.yes)?;
    let shown_out = answers.out.display().to_string();
    let palette = Palette::stderr();
    let written = bundle::write(
        &answers.out,
        &files,
        &WriteOptions {
            force: args.force,
            spec_is_input: answers.spec_is_in_out,
            stamp: &super::stamp()?,
            secrets: secrets.text,
            seen: answers.seen,
        },
    )?;
    if let Some(mode) = secrets.open_mode {
        report::note(&wizard.say(&report::closed(&answers.out.join(render::SECRETS_FILE), mode)));
    }
    for backup in &written.backups {
        report::note(&wizard.say(&format!("kept the edited file as `{backup}`")));
    }
    if args.apply {
        report::note(&palette.green(&wizard.say(&outcome(&written, &shown_out))));
        let provision = ProvisionArgs {
            run: RunArgs {
                bundle: BundleArgs {
                    dir: Some(answers.out),
                    engine: args.engine.clone(),
                    json: args.json,
                },
                non_interactive: args.non_interactive,
                no_wait: args.no_wait,
                ..RunArgs::default()
            },
            yes: args.yes,
            allow_destroy: args.allow_destroy,
        };
        return super::provision::apply_bundle(&provision, context);
    }
    if args.json {
        return json(&deployment, &answers.out, &files, &written, &secrets.missing);
    }
    report::note(&palette.green(&wizard.say(&outcome(&written, &shown_out))));
    let runbook = answers.out.join("RUNBOOK.md");
    report::note(&wizard.say(&format!("Next: read {}", runbook.display())));
    report::result(&format!("{shown_out}\n"))
}

fn outcome(written: &Written, out: &str) -> String {
    match (written.changed.len(), written.removed.len()) {
        (0, 0) => format!("{out} is up to date"),
        (changed, 0) => format!("wrote {out} ({} new or changed)", count(changed, "file")),
        (changed, removed) => format!("wrote {out} ({} new or changed, {removed} removed)", count(changed, "file")),
    }
}

fn json(
    d: &Deployment,
    out: &Path,
    files: &[render::RenderedFile],
    written: &Written,
    missing: &[&'static str],
) -> Result<()> {
    let object = Generated {
        schema_version: SCHEMA_VERSION,
        status: "generated",
        out: out.display().to_string(),
        id: &d.id,
        cloud: d.cloud.slug,
        bridge: d.bridge.slug,
        provider: d.provider.slug,
        model: &d.model,
        monthly_usd_estimate: d.monthly_usd,
        files: files.iter().map(|file| file.path.as_str()).collect(),
        changed: &written.changed,
        removed: &written.removed,
        backups: &written.backups,
        missing_secrets: missing,
        warnings: &d.warnings,
    };
    report::json(&object)
}
