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
use crate::clouds::provisioning::reads_variable;
use crate::command::Context;
use crate::deployment::{Deployment, Warning};
use crate::error::Result;
use crate::inputs::wizard::{Support, Wizard};
use crate::layout::SECRETS_FILE;
use crate::machine::address;
use crate::process::environment::Environment;
use crate::render;
use crate::report::{self, Palette, SCHEMA_VERSION, count};
use crate::tables::{Lang, words};

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
    let children = Environment::of(std::env::vars(), reads_variable);
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
        report::note(&report::closed(&answers.out.join(SECRETS_FILE), mode, wizard.lang));
    }
    for backup in &written.backups {
        let kept = words("kept the edited file as `{}`", "修改过的文件已保留为 `{}`");
        report::note(&kept.with(wizard.lang, &[backup]));
    }
    if args.apply {
        report::note(&palette.green(&outcome(&written, &shown_out, wizard.lang)));
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
    report::note(&palette.green(&outcome(&written, &shown_out, wizard.lang)));
    let runbook = answers.out.join("RUNBOOK.md");
    report::note(&words("Next: read {}", "下一步：阅读 {}").with(wizard.lang, &[&runbook.display()]));
    report::result(&format!("{shown_out}\n"))
}

fn outcome(written: &Written, out: &str, lang: Lang) -> String {
    let changed = match lang {
        Lang::En => count(written.changed.len(), "file"),
        Lang::ZhCn => format!("{} 个文件", written.changed.len()),
    };
    match (written.changed.len(), written.removed.len()) {
        (0, 0) => words("{} is up to date", "{} 已是最新").with(lang, &[&out]),
        (_, 0) => words("wrote {} ({} new or changed)", "已写入 {}（新增或修改 {}）").with(lang, &[&out, &changed]),
        (_, removed) => words("wrote {} ({} new or changed, {} removed)", "已写入 {}（新增或修改 {}，删除 {} 个）")
            .with(lang, &[&out, &changed, &removed]),
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
