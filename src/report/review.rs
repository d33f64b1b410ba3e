//! What is shown before anybody is asked.

use std::fmt::Write as _;

use super::{Palette, count};
use crate::bundle::ExtraFile;
use crate::deployment::{Deployment, SecretFile, SecretSlot, mcp};
use crate::engine::account::AccountInUse;
use crate::engine::plan::{Action, Plan, Rule};
use crate::engine::recipient::Recipient;
use crate::engine::step::Step;
use crate::registry::PRICE_OUTPUT;
use crate::registry::provisioning::Stdin;

/// A plan with everything a person should know before saying yes.
#[derive(Debug)]
pub struct Review<'a> {
    pub deployment: &'a Deployment,
    pub account: Option<&'a AccountInUse>,
    pub plan: &'a Plan,
    /// Files of the operator's own that Terraform read too.
    pub extra: &'a [ExtraFile],
    /// Commands that a yes would run.
    pub remaining: &'a [Step],
    pub digest: &'a str,
    /// Who gets the secrets, where they are pushed to a machine that exists.
    pub recipient: Option<&'a Recipient>,
}

impl Review<'_> {
    /// The text, for stderr.
    pub fn text(&self, palette: Palette) -> String {
        let d = self.deployment;
        let mut text = String::new();
        let mut section = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = writeln!(text, "\n{}", palette.bold(title));
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
        };
        if let Some(account) = self.account {
            section("Account", vec![format!("{} ({})", account.name, account.id)]);
        }
        if self.plan.is_empty() {
            section("Nothing to change in the cloud", vec!["its side is as the bundle says".to_owned()]);
        }
        section(
            &self.counts(),
            self.plan
                .changes
                .iter()
                .map(|change| {
                    let line = format!("{} {}", symbol(change.action), change.address);
                    match change.action {
                        Action::Create => palette.green(&line),
                        Action::Update => palette.yellow(&line),
                        Action::Replace | Action::Delete => palette.red(&line),
                    }
                })
                .collect(),
        );
        let allowed = |inbound: bool| {
            let rules = self
                .plan
                .rules
                .iter()
                .filter(move |rule| rule.inbound == inbound && rule.allows);
            rules.map(rule_line).collect::<Vec<_>>()
        };
        let inbound = allowed(true);
        section("Let in", if inbound.is_empty() { vec!["nothing".to_owned()] } else { inbound });
        section("Let out", allowed(false));
        for file in self.extra {
            let title = format!("Extra file {} (SHA-256 {})", file.name, file.sha256);
            section(&title, file.text.lines().map(str::to_owned).collect());
        }
        section(
            "Secrets",
            d.secrets
                .iter()
                .map(|slot| match &d.key_vault_name {
                    Some(vault) => format!("{} goes to {} in the Key Vault {vault}", slot.env, slot.vault_name()),
                    None => format!("{} goes to {}", slot.env, self.on_machine(slot)),
                })
                .collect(),
        );
        section("Secrets go to", self.recipient.map(Recipient::lines).unwrap_or_default());
        let servers = d.mcp_servers.iter();
        section(
            "MCP servers of the agent",
            servers.map(|(name, server)| mcp::described(name, server)).collect(),
        );
        section(
            "Pinned",
            d.pinned()
                .map(|(download, pin)| format!("{}: {pin}", download.label()))
                .collect(),
        );
        section(
            "Warnings",
            d.warnings
                .iter()
                .map(|warning| palette.yellow(&warning.to_string()))
                .collect(),
        );
        section(
            "Cost",
            vec![match (self.plan.output(PRICE_OUTPUT), d.monthly_usd) {
                (Some(price), _) => format!("{price}, as {} says today", d.cloud.display_name),
                (None, Some(usd)) => format!("about ${usd:.0} a month for everything (estimate of {})", d.cloud.priced),
                (None, None) => "not known for this machine size".to_owned(),
            }],
        );
        let shown = |step: &Step| match step.stdin {
            Stdin::Secrets => format!("{}  # reads the secrets", palette.cyan(&step.shown())),
            Stdin::Nothing | Stdin::File(_) => palette.cyan(&step.shown()),
        };
        section("A yes runs", self.remaining.iter().map(shown).collect());
        section("Digest of bundle and plan", vec![self.digest.to_owned()]);
        text
    }

    /// Where a secret ends that no vault takes.
    fn on_machine(&self, slot: &SecretSlot) -> String {
        let files = slot.files.iter().map(|file| match file {
            SecretFile::Broker => "/etc/codewhale/broker.secrets.env".to_owned(),
            SecretFile::Runtime => "/etc/codewhale/runtime.secrets.env".to_owned(),
            SecretFile::Bridge => format!("/etc/codewhale/{}.secrets.env", self.deployment.bridge.slug),
        });
        let files = files.collect::<Vec<_>>().join(" and ");
        match self.remaining.iter().any(|step| step.stdin == Stdin::Secrets) {
            true => format!("{files} on the machine, over SSH"),
            false => format!("{files} on the machine later, by hand or by `remote-setup push`"),
        }
    }

    fn counts(&self) -> String {
        let parts: Vec<String> = [
            (Action::Create, "to create"),
            (Action::Update, "to change"),
            (Action::Replace, "to replace"),
            (Action::Delete, "to destroy"),
        ]
        .into_iter()
        .map(|(action, words)| (self.plan.count(action), words))
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{} {words}", count(number, "resource")))
        .collect();
        parts.join(", ")
    }
}

fn symbol(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Update => "~",
        Action::Replace => "±",
        Action::Delete => "-",
    }
}

fn rule_line(rule: &Rule) -> String {
    let what = |noun: &str| match rule.ports.as_slice() {
        [] => rule.protocol.clone(),
        ports => format!("{noun} {}", ports.join(", ")),
    };
    if rule.inbound {
        format!("{} from {} ({})", what("port"), rule.sources.join(", "), rule.name)
    } else {
        format!("{} to {} ({})", what("ports"), rule.destinations.join(", "), rule.name)
    }
}
