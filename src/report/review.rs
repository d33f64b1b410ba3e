//! The review, shown before asking.

use std::fmt::Write as _;

use super::{Palette, count};
use crate::bundle::ExtraFile;
use crate::clouds::PRICE_OUTPUT;
use crate::deployment::{Deployment, SecretFile, SecretSlot, mcp};
use crate::machine::recipient::Recipient;
use crate::process::command::{Command, Stdin};
use crate::terraform::account::AccountInUse;
use crate::terraform::operation::Operation;
use crate::terraform::plan::Action;
use crate::terraform::plan::Change;
use crate::terraform::plan::Plan;
use crate::terraform::plan::Rule;

/// A title and its lines; not shown without lines.
type Section = (String, Vec<String>);

/// A plan with everything a person should know before approving it.
#[derive(Debug)]
pub struct Review<'a> {
    pub operation: Operation,
    pub deployment: &'a Deployment,
    pub account: Option<&'a AccountInUse>,
    pub plan: &'a Plan,
    /// The operator's own files that Terraform read too.
    pub extra: &'a [ExtraFile],
    /// Commands that run once approved.
    pub remaining: &'a [Command],
    pub digest: &'a str,
    /// The machine that gets the secrets, if it exists already.
    pub recipient: Option<&'a Recipient>,
}

impl Review<'_> {
    /// The text for the person.
    pub fn text(&self, palette: Palette) -> String {
        let mut sections = self.changes(palette);
        match self.operation {
            Operation::Destroy => sections.push(("What stays".to_owned(), self.stays())),
            Operation::Apply | Operation::Push => sections.extend(self.outcome(palette)),
        }
        let shown = |command: &Command| match command.stdin {
            Stdin::Secrets => format!("{}  # reads the secrets", palette.cyan(&command.shown())),
            Stdin::Nothing | Stdin::File(_) => palette.cyan(&command.shown()),
        };
        sections.push(("Will run".to_owned(), self.remaining.iter().map(shown).collect()));
        sections.push(("Digest of bundle and plan".to_owned(), vec![self.digest.to_owned()]));
        let mut text = String::new();
        for (title, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
            let _ = writeln!(text, "\n{}", palette.bold(title));
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }

    /// Where, and what happens to each resource.
    fn changes(&self, palette: Palette) -> Vec<Section> {
        let mut sections = Vec::new();
        if let Some(account) = self.account {
            sections.push(("Account".to_owned(), vec![format!("{} ({})", account.name, account.id)]));
        }
        if self.plan.is_empty() {
            let title = "Cloud".to_owned();
            sections.push((title, vec!["no changes".to_owned()]));
        }
        let line = |change: &Change| {
            let because = change.because.as_ref().map(|because| format!(": {because}"));
            let line = format!("{} {}{}", symbol(change.action), change.address, because.unwrap_or_default());
            match change.action {
                Action::Create => palette.green(&line),
                Action::Update => palette.yellow(&line),
                Action::Replace | Action::Delete => palette.red(&line),
            }
        };
        sections.push((self.counts(), self.plan.changes.iter().map(line).collect()));
        if self.plan.loses_machine() {
            let title = palette.red("Lost with the machine's disk, without a backup");
            sections.push((title, self.lost()));
        }
        for file in self.extra {
            let title = format!("Extra file {} (SHA-256 {})", file.name, file.sha256);
            sections.push((title, file.text.lines().map(str::to_owned).collect()));
        }
        sections
    }

    /// The situation afterwards: who gets in, where secrets go, what it costs.
    fn outcome(&self, palette: Palette) -> Vec<Section> {
        let d = self.deployment;
        let allowed = |inbound: bool| {
            let rules = self
                .plan
                .rules
                .iter()
                .filter(move |rule| rule.inbound == inbound && rule.allows);
            rules.map(rule_line).collect::<Vec<_>>()
        };
        let inbound = allowed(true);
        let secret = |slot: &SecretSlot| match d.cloud.vault.zip(d.vault_name.as_ref()) {
            Some((vault, name)) => format!("{} goes to {} in the {} {name}", slot.env, slot.vault_name(), vault.kind),
            None => format!("{} goes to {}", slot.env, self.on_machine(slot)),
        };
        let servers = d.mcp_servers.iter();
        let pinned = d
            .pinned()
            .map(|(download, pin)| format!("{}: {pin}", download.label().en));
        let warnings = d.warnings.iter().map(|warning| palette.yellow(&warning.to_string()));
        let cost = match (self.plan.output(PRICE_OUTPUT), d.monthly_usd) {
            (Some(price), _) => format!("{price} ({}'s price today)", d.cloud.display_name.en),
            (None, Some(usd)) => format!("about ${usd:.0} a month in total (estimate of {})", d.cloud.priced),
            (None, None) => "unknown for this machine size".to_owned(),
        };
        [
            ("Inbound", if inbound.is_empty() { vec!["nothing".to_owned()] } else { inbound }),
            ("Outbound", allowed(false)),
            ("Secrets", d.secrets.iter().map(secret).collect()),
            ("Secrets go to", self.recipient.map(Recipient::lines).unwrap_or_default()),
            (
                "MCP servers of the agent",
                servers.map(|(name, server)| mcp::described(name, server)).collect(),
            ),
            ("Pinned", pinned.collect()),
            ("Warnings", warnings.collect()),
            ("Cost", vec![cost]),
        ]
        .map(|(title, lines)| (title.to_owned(), lines))
        .to_vec()
    }

    /// What only exists on the machine's disk.
    fn lost(&self) -> Vec<String> {
        let d = self.deployment;
        let mut lines = vec![
            format!("the workspace {}, except what was pushed elsewhere", d.workspace),
            "the agent's memory and sessions".to_owned(),
            format!("which {} chat belongs to which session", d.chat.display_name.en),
        ];
        if self.operation == Operation::Destroy {
            lines.push("the machine's address and host key; a new machine gets new ones".to_owned());
        }
        lines
    }

    /// What destroying leaves behind, and for how long.
    fn stays(&self) -> Vec<String> {
        let d = self.deployment;
        let mut lines = vec![
            "this folder, with the paired chats and secrets.env: `remote-setup apply` creates a new, empty machine from it"
                .to_owned(),
            d.cloud.after_destroy.en.to_owned(),
        ];
        let bot = format!("the {} bot", d.chat.display_name.en);
        lines.push(match d.provider.key() {
            Some(_) => format!("{bot} and the {} API key: revoke them there", d.provider.display_name.en),
            None => format!("{bot}: revoke it there"),
        });
        lines
    }

    /// Where a secret ends up without a vault.
    fn on_machine(&self, slot: &SecretSlot) -> String {
        let names = self.deployment.agent.names();
        let files = slot.files.iter().map(|file| {
            let service = match file {
                SecretFile::Broker => "broker",
                SecretFile::Runtime => "runtime",
                SecretFile::Bridge => self.deployment.bridge.slug,
            };
            names.fill(&format!("/etc/@agent@/{service}.secrets.env"))
        });
        let files = files.collect::<Vec<_>>().join(" and ");
        match self.remaining.iter().any(|command| command.stdin == Stdin::Secrets) {
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
