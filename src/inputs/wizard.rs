//! The questions a person is asked, on stderr. Escape and Ctrl-C end the run; nothing was written.

use inquire::ui::{Color, RenderConfig, StyleSheet, Styled};
use inquire::{Confirm, InquireError, MultiSelect, Password, PasswordDisplayMode, Select, Text};

use crate::error::{Error, Kind, Result};
use crate::inputs::{Secret, Spec, environment, ssh_key, syntax};
use crate::registry::secret_form::SecretForm;
use crate::registry::{Bridge, Cloud, Provider, Row, find};

/// Asks for everything that has no answer yet and no default nobody would change; what was answered `before` is
/// offered again.
///
/// # Errors
/// Interrupted, or an answer in a higher layer that the tables do not know.
pub fn complete(mut spec: Spec, before: &Spec) -> Result<Spec> {
    if spec.cloud.is_none() {
        let slug = choose_row::<Cloud>("Where should the agent run?", |row| row.display_name, |_| true)?;
        spec.cloud = Some(slug);
    }
    let cloud: &Cloud = find(spec.cloud.as_deref().unwrap_or_default())?;
    if spec.region.is_none() {
        let start = before.region.as_deref().unwrap_or(cloud.default_region);
        spec.region = Some(choose("Region", cloud.regions, start)?);
    }
    if spec.size.is_none() {
        let labels: Vec<String> = cloud
            .sizes
            .iter()
            .map(|size| {
                let price = size.monthly_usd.map(|usd| format!(", about ${usd:.0} a month"));
                let price = price.unwrap_or_default();
                format!("{} ({} vCPU, {} GiB{price})", size.slug, size.vcpus, size.memory_gib)
            })
            .collect();
        let wanted = before.size.as_deref().unwrap_or(cloud.default_size);
        let start = cloud.sizes.iter().position(|size| size.slug == wanted);
        let picked = prompted(
            Select::new("Machine size", labels)
                .with_starting_cursor(start.unwrap_or(0))
                .with_render_config(look())
                .raw_prompt(),
        )?;
        spec.size = Some(cloud.sizes[picked.index].slug.to_owned());
    }
    if spec.bridge.is_none() {
        let slug = choose_row::<Bridge>("Which chat app will you talk through?", |row| row.display_name, |_| true)?;
        spec.bridge = Some(slug);
    }
    let bridge: &Bridge = find(spec.bridge.as_deref().unwrap_or_default())?;
    for setting in bridge.settings {
        let settings = spec.bridge_settings.get_or_insert_default();
        if !settings.contains_key(setting.env) {
            let value = choose(setting.label, setting.allowed, setting.allowed[0])?;
            settings.insert(setting.env.to_owned(), value);
        }
    }
    if spec.provider.is_none() {
        let slug = choose_row::<Provider>("Model provider", |row| row.display_name, |row| row.unsupported.is_none())?;
        spec.provider = Some(slug);
    }
    let provider: &Provider = find(spec.provider.as_deref().unwrap_or_default())?;
    if spec.model.is_none() {
        let default = format!("auto uses {}", provider.default_model);
        let help = provider.model_note.unwrap_or(&default);
        let start = before.model.as_deref().unwrap_or("auto");
        spec.model = Some(ask("Model id", start, help, |text| syntax::model(text).map(drop))?);
    }
    if spec.ssh_public_key.is_none() {
        let text = ask(
            "SSH public key (text, or a file)",
            before.ssh_public_key.as_deref().unwrap_or("~/.ssh/id_ed25519.pub"),
            "the key you log in to the machine with",
            |text| ssh_key::text_or_file(text).map(drop),
        )?;
        spec.ssh_public_key = Some(ssh_key::text_or_file(&text)?);
    }
    if spec.allow_ssh_from.is_none() {
        let help = "CIDRs such as 203.0.113.7/32, with commas between; none: no SSH at all";
        let start = before.allow_ssh_from.as_deref().map(|list| joined(list, "none"));
        let text = ask("Who may reach SSH?", &start.unwrap_or_default(), help, |text| {
            let entries = syntax::cidr_list(&[text.to_owned()]);
            if entries.is_empty() && text.trim() != "none" {
                return Err(Error::usage("give a CIDR, or `none`"));
            }
            entries.iter().try_for_each(|entry| syntax::cidr(entry).map(drop))
        })?;
        spec.allow_ssh_from = Some(syntax::cidr_list(&[text]));
    }
    if spec.allowlist.is_none() {
        let help = format!("{}; Enter to pair later", bridge.allowlist_form);
        let start = before.allowlist.as_deref().map(|list| joined(list, ""));
        let text = ask(
            "Chat ids that may talk to it",
            &start.unwrap_or_default(),
            &help,
            |text| match syntax::list(text).iter().find(|entry| !(bridge.allowlist_entry)(entry)) {
                Some(entry) => Err(Error::usage(format!("`{entry}` is not {}", bridge.allowlist_form))),
                None => Ok(()),
            },
        )?;
        spec.allowlist = Some(syntax::list(&text));
    }
    Ok(spec)
}

/// Answers that can be changed one by one, by their keys in the spec.
const EDITABLE: &[(&str, &str)] = &[
    ("region", "Region"),
    ("size", "Machine size"),
    ("bridge", "Chat app"),
    ("allowlist", "Who may talk to it"),
    ("provider", "Model provider"),
    ("model", "Model"),
    ("ssh_public_key", "SSH public key"),
    ("allow_ssh_from", "Who may reach SSH"),
];

/// Asks which of the answers of a bundle should be others, and for those.
///
/// # Errors
/// Interrupted, or an answer that the tables do not know.
pub fn edit(before: Spec) -> Result<Spec> {
    let labels = EDITABLE
        .iter()
        .map(|(key, label)| format!("{label}: {}", said(&before, key)))
        .collect();
    let picked = prompted(
        MultiSelect::new("What should be different?", labels)
            .with_help_message("space marks, Enter goes on; nothing marked: everything stays")
            .with_render_config(look())
            .raw_prompt(),
    )?;
    let mut spec = before.clone();
    for option in picked {
        match EDITABLE[option.index].0 {
            "region" => spec.region = None,
            "size" => spec.size = None,
            "bridge" => {
                // Settings and chat ids of one app mean nothing to another.
                (spec.bridge, spec.bridge_settings, spec.allowlist) = (None, None, None);
            }
            "allowlist" => spec.allowlist = None,
            "provider" => (spec.provider, spec.model, spec.base_url) = (None, None, None),
            "model" => spec.model = None,
            "ssh_public_key" => spec.ssh_public_key = None,
            _ => spec.allow_ssh_from = None,
        }
    }
    let same_bridge = spec.bridge.is_some();
    let offered = Spec {
        allowlist: before.allowlist.filter(|_| same_bridge),
        model: before.model.filter(|_| spec.provider.is_some()),
        ..before
    };
    complete(spec, &offered)
}

/// An answer as it is now.
fn said(spec: &Spec, key: &str) -> String {
    let list = |list: &Option<Vec<String>>, empty: &str| joined(list.as_deref().unwrap_or(&[]), empty);
    match key {
        "allowlist" => list(&spec.allowlist, "nobody yet"),
        "allow_ssh_from" => list(&spec.allow_ssh_from, "nobody"),
        _ => {
            let text = match key {
                "region" => &spec.region,
                "size" => &spec.size,
                "bridge" => &spec.bridge,
                "provider" => &spec.provider,
                "model" => &spec.model,
                _ => &spec.ssh_public_key,
            };
            text.clone().unwrap_or_else(|| "not said".to_owned())
        }
    }
}

fn joined(list: &[String], empty: &str) -> String {
    if list.is_empty() { empty.to_owned() } else { list.join(", ") }
}

/// Asks for one secret of this form without showing it; Enter leaves it for later.
///
/// # Errors
/// Interrupted.
pub fn secret(name: &str, label: &str, form: SecretForm) -> Result<Option<Secret>> {
    let owned = name.to_owned();
    let message = format!("{label} ({name})");
    let text = prompted(
        Password::new(&message)
            .with_display_mode(PasswordDisplayMode::Masked)
            .without_confirmation()
            .with_formatter(&|text| if text.trim().is_empty() { "later" } else { "********" }.to_owned())
            .with_help_message("Enter to give it later, in secrets.env")
            .with_validator(move |text: &str| {
                if text.trim().is_empty() {
                    return Ok(inquire::validator::Validation::Valid);
                }
                let checked = Secret::new(&owned, text).and_then(|secret| secret.check(&owned, &form, "this answer"));
                Ok(match checked {
                    Ok(()) => inquire::validator::Validation::Valid,
                    Err(error) => invalid(&error),
                })
            })
            .with_render_config(look())
            .prompt(),
    )?;
    let text = zeroize::Zeroizing::new(text);
    if text.trim().is_empty() {
        Ok(None)
    } else {
        Secret::new(name, &text).map(Some)
    }
}

/// Asks yes or no.
///
/// # Errors
/// Interrupted.
pub fn confirm(question: &str, default: bool) -> Result<bool> {
    prompted(
        Confirm::new(question)
            .with_default(default)
            .with_render_config(look())
            .prompt(),
    )
}

fn choose(question: &str, options: &[&str], default: &str) -> Result<String> {
    let start = options.iter().position(|option| *option == default).unwrap_or(0);
    let picked = prompted(
        Select::new(question, options.to_vec())
            .with_starting_cursor(start)
            .with_help_message("type to filter, Enter to choose")
            .with_render_config(look())
            .prompt(),
    )?;
    Ok(picked.to_owned())
}

fn choose_row<R: Row>(
    question: &str,
    name: impl Fn(&R) -> &'static str,
    offered: impl Fn(&R) -> bool,
) -> Result<String> {
    let rows: Vec<&R> = R::rows().iter().filter(|row| offered(row)).collect();
    let labels = rows
        .iter()
        .map(|row| format!("{} ({})", name(row), row.slug()))
        .collect();
    let picked = prompted(
        Select::new(question, labels)
            .with_help_message("type to filter, Enter to choose")
            .with_render_config(look())
            .raw_prompt(),
    )?;
    Ok(rows[picked.index].slug().to_owned())
}

fn ask(
    question: &str,
    default: &str,
    help: &str,
    check: impl Fn(&str) -> Result<()> + Clone + 'static,
) -> Result<String> {
    let mut text = Text::new(question)
        .with_help_message(help)
        .with_render_config(look())
        .with_validator(move |text: &str| {
            Ok(match check(text.trim()) {
                Ok(()) => inquire::validator::Validation::Valid,
                Err(error) => invalid(&error),
            })
        });
    if !default.is_empty() {
        text = text.with_default(default);
    }
    Ok(prompted(text.prompt())?.trim().to_owned())
}

fn invalid(error: &Error) -> inquire::validator::Validation {
    inquire::validator::Validation::Invalid(error.to_string().into())
}

fn prompted<T>(answer: Result<T, InquireError>) -> Result<T> {
    answer.map_err(|error| match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Error::new(Kind::Interrupted, "stopped; nothing was written")
        }
        other => Error::new(Kind::Failed, format!("cannot ask on this terminal: {other}"))
            .hint("give the answers as flags, with --non-interactive"),
    })
}

fn look() -> RenderConfig<'static> {
    if environment::no_color() {
        return RenderConfig::empty();
    }
    RenderConfig::default()
        .with_prompt_prefix(Styled::new("?").with_fg(Color::LightCyan))
        .with_answer(StyleSheet::new().with_fg(Color::LightGreen))
}
