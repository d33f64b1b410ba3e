//! `remote-setup list`: the tables, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;

use crate::chats::Bridge;
use crate::cli::ListArgs;
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::model_providers::Provider;
use crate::report::{self, Palette, SCHEMA_VERSION};
use crate::tables::Row;
use crate::text::nearest;
use crate::text::shown;

const TABLES: &[&str] = &["clouds", "bridges", "providers"];

/// What `--json` prints; a table that was not asked for is left out.
#[derive(Serialize)]
struct Listing {
    schema_version: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clouds: Vec<CloudEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bridges: Vec<BridgeEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    providers: Vec<ProviderEntry>,
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
    default_model: &'static str,
    /// Why it cannot be deployed, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsupported: Option<&'static str>,
}

/// Prints the tables asked for.
///
/// # Errors
/// An unknown table.
pub fn run(args: &ListArgs) -> Result<()> {
    let wanted = |table: &str| args.table.as_deref().is_none_or(|asked| asked == table);
    if let Some(asked) = &args.table
        && !TABLES.contains(&asked.as_str())
    {
        let error = Error::usage(format!("`{}` is not a list; allowed: {}", shown(asked), TABLES.join(", ")));
        return Err(match nearest(asked, TABLES.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `remote-setup list {near}`?")),
            None => error.hint("run `remote-setup list`"),
        });
    }
    let listing = Listing {
        schema_version: SCHEMA_VERSION,
        clouds: if wanted("clouds") { clouds() } else { Vec::new() },
        bridges: if wanted("bridges") { bridges() } else { Vec::new() },
        providers: if wanted("providers") { providers() } else { Vec::new() },
    };
    if args.json {
        return report::json(&listing);
    }
    report::result(&plain(&listing, Palette::stdout()))
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
    let entry = |row: &'static crate::chats::Bridge| BridgeEntry {
        slug: row.slug,
        name: row.display_name,
        aliases: row.aliases,
        secrets: row.secrets.iter().map(|secret| secret.env).collect(),
        allowlist: row.allowlist_env,
    };
    Bridge::rows().iter().map(entry).collect()
}

fn providers() -> Vec<ProviderEntry> {
    let entry = |row: &'static crate::model_providers::Provider| ProviderEntry {
        slug: row.slug,
        name: row.display_name,
        aliases: row.aliases,
        key: row.key(),
        default_model: row.default_model,
        unsupported: row.unsupported,
    };
    Provider::rows().iter().map(entry).collect()
}

fn plain(listing: &Listing, palette: Palette) -> String {
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
        "Bridges",
        listing
            .bridges
            .iter()
            .map(|row| [row.slug.to_owned(), row.name.to_owned(), row.secrets.join(", ")])
            .collect(),
    ));
    let provider = |row: &ProviderEntry| {
        let last = match (row.unsupported, row.key) {
            (Some(_), _) => "cannot be deployed",
            (None, Some(key)) => key,
            (None, None) => "no key; a server of your own, named by --base-url",
        };
        owned([row.slug, row.name, last])
    };
    sections.push(("Providers", listing.providers.iter().map(provider).collect()));
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
