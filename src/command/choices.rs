//! `remote-setup choices`: the tables, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;

use crate::agents::Agent;
use crate::chats::Chat;
use crate::cli::ChoicesArgs;
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::model_providers::{Provider, View};
use crate::report::{self, Palette, SCHEMA_VERSION};
use crate::tables::Row;
use crate::text::nearest;
use crate::text::shown;

/// Tables by name, each with its older names.
const TABLES: &[(&str, &[&str])] = &[
    ("clouds", &[]),
    ("chats", &["bridges"]),
    ("providers", &[]),
    ("agents", &[]),
];

/// What `--json` prints; a table that was not asked for is left out.
#[derive(Serialize)]
struct ChoicesObject {
    schema_version: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clouds: Vec<CloudEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bridges: Vec<BridgeEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    providers: Vec<ProviderEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    agents: Vec<AgentEntry>,
}

#[derive(Serialize)]
struct CloudEntry {
    slug: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    default_region: &'static str,
    default_size: &'static str,
    default_install: &'static str,
}

#[derive(Serialize)]
struct BridgeEntry {
    slug: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    secrets: Vec<&'static str>,
    allowlist: &'static str,
}

#[derive(Serialize)]
struct ProviderEntry {
    slug: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    /// The secret that holds the key; `null` for keyless providers.
    key: Option<&'static str>,
    default_model: Option<&'static str>,
    /// Why it cannot be deployed, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsupported: Option<String>,
}

#[derive(Serialize)]
struct AgentEntry {
    slug: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    /// The one that is installed unless another is asked for.
    version: &'static str,
    bridges: Vec<&'static str>,
}

/// Prints the tables asked for.
///
/// # Errors
/// An unknown table.
pub fn run(args: &ChoicesArgs) -> Result<()> {
    let asked = args.table.as_deref().map(table).transpose()?;
    let wanted = |table: &str| asked.is_none_or(|asked| asked == table);
    let listing = ChoicesObject {
        schema_version: SCHEMA_VERSION,
        clouds: if wanted("clouds") { clouds() } else { Vec::new() },
        bridges: if wanted("chats") { bridges() } else { Vec::new() },
        providers: if wanted("providers") { providers() } else { Vec::new() },
        agents: if wanted("agents") { agents() } else { Vec::new() },
    };
    if args.json {
        return report::json(&listing);
    }
    report::result(&plain(&listing, Palette::stdout()))
}

/// The table that goes by this name.
fn table(asked: &str) -> Result<&'static str> {
    let named = |(name, older): &&(&'static str, &[&str])| *name == asked || older.contains(&asked);
    if let Some((name, _)) = TABLES.iter().find(named) {
        return Ok(name);
    }
    let names = || TABLES.iter().map(|(name, _)| *name);
    let allowed = names().collect::<Vec<_>>().join(", ");
    let error = Error::usage(format!("`{}` is not a list of choices; allowed: {allowed}", shown(asked)));
    Err(match nearest(asked, names()) {
        Some(near) => error.hint(format!("did you mean `remote-setup choices {near}`?")),
        None => error.hint("run `remote-setup choices`"),
    })
}

fn clouds() -> Vec<CloudEntry> {
    let entry = |row: &'static crate::clouds::Cloud| CloudEntry {
        slug: row.slug,
        name: row.display_name.en,
        aliases: row.aliases,
        default_region: row.default_region,
        default_size: row.default_size,
        default_install: row.installs[0].slug(),
    };
    Cloud::rows().iter().map(entry).collect()
}

fn bridges() -> Vec<BridgeEntry> {
    let entry = |row: &'static Chat| {
        Some(BridgeEntry {
            slug: row.slug,
            name: row.display_name.en,
            aliases: row.aliases,
            secrets: row.secrets.iter().map(|secret| secret.env).collect(),
            allowlist: Agent::default_row().bridge(row.slug)?.allowlist_env,
        })
    };
    Chat::rows().iter().filter_map(entry).collect()
}

fn providers() -> Vec<ProviderEntry> {
    let entry = |row: &'static Provider| {
        let view = View::of(row, Agent::default_row());
        ProviderEntry {
            slug: row.slug,
            name: row.display_name.en,
            aliases: row.aliases,
            key: row.key(),
            default_model: view.default_model(),
            unsupported: view.unsupported().map(|reason| reason.en),
        }
    };
    Provider::rows().iter().map(entry).collect()
}

fn agents() -> Vec<AgentEntry> {
    let entry = |row: &'static Agent| AgentEntry {
        slug: row.slug,
        name: row.display_name,
        aliases: row.aliases,
        version: row.version,
        bridges: row.bridges.iter().map(|bridge| bridge.slug).collect(),
    };
    Agent::rows().iter().map(entry).collect()
}

fn plain(listing: &ChoicesObject, palette: Palette) -> String {
    let mut sections: Vec<(&str, Vec<[String; 3]>)> = Vec::new();
    let owned = |columns: [&str; 3]| columns.map(str::to_owned);
    sections.push((
        "Clouds",
        listing
            .clouds
            .iter()
            .map(|row| owned([row.slug, row.name, row.default_size]))
            .collect(),
    ));
    sections.push((
        "Chat apps",
        listing
            .bridges
            .iter()
            .map(|row| [row.slug.to_owned(), row.name.to_owned(), row.secrets.join(", ")])
            .collect(),
    ));
    let provider = |row: &ProviderEntry| {
        let last = match (&row.unsupported, row.key) {
            (Some(_), _) => "cannot be deployed",
            (None, Some(key)) => key,
            (None, None) => "no key; a server of your own, named by --base-url",
        };
        owned([row.slug, row.name, last])
    };
    sections.push(("Model providers", listing.providers.iter().map(provider).collect()));
    let agent = |row: &AgentEntry| owned([row.slug, row.name, row.version]);
    sections.push(("Agents", listing.agents.iter().map(agent).collect()));
    let mut text = String::new();
    for (title, rows) in sections.iter().filter(|(_, rows)| !rows.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (first, second) = (width(0), width(1));
        let _ = writeln!(text, "{}", palette.bold(title));
        for [slug, name, last] in rows {
            let _ = writeln!(text, "  {} {name:<second$}  {last}", palette.cyan(&format!("{slug:<first$}")));
        }
    }
    text
}
