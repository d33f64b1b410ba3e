//! The questions, in the order they are asked.

use super::select::{Choice, select};
use super::text::{Text, text};
use super::{Reply, Support, network};
use crate::error::Result;
use crate::inputs::{Spec, ssh_key, syntax};
use crate::registry::translation::say;
use crate::registry::{Bridge, Cloud, FAMILIES, Lang, Provider, Row, Size, find, place};

/// One question of the spec.
pub(super) struct Question {
    pub key: &'static str,
    /// Its answer's name in a list.
    pub label: &'static str,
    /// Whether it has no answer yet and needs one.
    pub open: fn(&Spec) -> bool,
    /// Takes its answer out.
    pub take: fn(&mut Spec) -> Spec,
    /// Keys of answers that mean nothing when this one changes.
    pub settles: &'static [&'static str],
    /// Asks; the answer is a layer of its own.
    pub ask: fn(&Asking) -> Result<Reply<Spec>>,
}

/// What a question knows while it is asked.
pub(super) struct Asking<'a> {
    pub lang: Lang,
    /// The answers so far.
    pub spec: &'a Spec,
    /// What was answered before, offered again.
    pub before: &'a Spec,
    pub support: &'a Support<'a>,
}

impl Asking<'_> {
    pub fn say(&self, english: &str) -> String {
        say(self.lang, english).into_owned()
    }

    /// A name and, in the language's own brackets, what else is to be known of it.
    fn with(&self, name: &str, more: &str) -> String {
        match self.lang {
            Lang::En => format!("{name} ({more})"),
            Lang::ZhCn => format!("{name}（{more}）"),
        }
    }

    /// Holds an answer against what flags are held against.
    pub fn accepts(&self, key: &str, answer: Spec) -> Result<()> {
        (self.support.accepts)(&answer.over(self.spec.clone()), key)
    }

    fn cloud(&self) -> Result<&'static Cloud> {
        find(self.spec.cloud.as_deref().unwrap_or_default())
    }

    fn bridge(&self) -> Result<&'static Bridge> {
        find(self.spec.bridge.as_deref().unwrap_or_default())
    }

    fn provider(&self) -> Result<&'static Provider> {
        find(self.spec.provider.as_deref().unwrap_or_default())
    }
}

macro_rules! taking {
    ($($field:ident),+) => {
        |spec| Spec { $($field: spec.$field.take(),)+ ..Spec::default() }
    };
}

/// In the order they are asked.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        key: "cloud",
        label: "Cloud",
        open: |spec| spec.cloud.is_none(),
        take: taking!(cloud),
        settles: &["region", "size"],
        ask: cloud,
    },
    Question {
        key: "region",
        label: "Region",
        open: |spec| spec.region.is_none(),
        take: taking!(region),
        settles: &[],
        ask: region,
    },
    Question {
        key: "size",
        label: "Machine size",
        open: |spec| spec.size.is_none(),
        take: taking!(size),
        settles: &[],
        ask: size,
    },
    Question {
        key: "bridge",
        label: "Chat app",
        open: |spec| spec.bridge.is_none(),
        take: taking!(bridge),
        // Settings and chat ids of one app mean nothing to another.
        settles: &["bridge_settings", "allowlist"],
        ask: bridge,
    },
    Question {
        key: "bridge_settings",
        label: "Where the app lives",
        open: |spec| unset_setting(spec).is_some(),
        take: taking!(bridge_settings),
        settles: &[],
        ask: bridge_setting,
    },
    Question {
        key: "provider",
        label: "Model provider",
        open: |spec| spec.provider.is_none(),
        take: taking!(provider),
        settles: &["base_url", "model"],
        ask: provider,
    },
    Question {
        key: "base_url",
        label: "Model server",
        open: |spec| spec.base_url.is_none() && is_keyless(spec),
        take: taking!(base_url),
        settles: &[],
        ask: base_url,
    },
    Question {
        key: "model",
        label: "Model",
        open: |spec| spec.model.is_none(),
        take: taking!(model),
        settles: &[],
        ask: model,
    },
    Question {
        key: "ssh_public_key",
        label: "SSH public key",
        open: |spec| spec.ssh_public_key.is_none(),
        take: taking!(ssh_public_key),
        settles: &[],
        ask: ssh_public_key,
    },
    Question {
        key: "allow_ssh_from",
        label: "Who may reach SSH",
        open: |spec| spec.allow_ssh_from.is_none(),
        take: taking!(allow_ssh_from),
        settles: &[],
        ask: network::allow_ssh_from,
    },
    Question {
        key: "allowlist",
        label: "Who may talk to it",
        open: |spec| spec.allowlist.is_none(),
        take: taking!(allowlist),
        settles: &[],
        ask: allowlist,
    },
];

fn unset_setting(spec: &Spec) -> Option<&'static crate::registry::Setting> {
    let bridge: &Bridge = find(spec.bridge.as_deref()?).ok()?;
    let given = spec.bridge_settings.as_ref();
    bridge
        .settings
        .iter()
        .find(|setting| !given.is_some_and(|given| given.contains_key(setting.env)))
}

fn is_keyless(spec: &Spec) -> bool {
    let provider = spec.provider.as_deref().and_then(|slug| find::<Provider>(slug).ok());
    provider.is_some_and(|row| row.is_keyless())
}

fn layered<T>(reply: Reply<T>, layer: impl FnOnce(T) -> Spec) -> Reply<Spec> {
    match reply {
        Reply::Given(answer) => Reply::Given(layer(answer)),
        Reply::Back => Reply::Back,
    }
}

/// A list of values, with the one from before among them whether the tables know it or not.
fn value_of(
    asking: &Asking,
    question: &str,
    help: &str,
    mut values: Vec<(String, Choice)>,
    before: Option<&str>,
    default: &str,
) -> Result<Reply<String>> {
    if let Some(own) = before
        && !values.iter().any(|(value, _)| value == own)
    {
        values.insert(0, (own.to_owned(), Choice::new(own)));
    }
    let wanted = before.unwrap_or(default);
    let start = values.iter().position(|(value, _)| value == wanted).unwrap_or(0);
    let choices: Vec<Choice> = values.iter().map(|(_, choice)| choice.clone()).collect();
    Ok(match select(asking.lang, question, help, &choices, start)? {
        Reply::Given(chosen) => Reply::Given(values.swap_remove(chosen).0),
        Reply::Back => Reply::Back,
    })
}

fn cloud(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Cloud::rows().iter();
    let values = rows.map(|row| (row.slug.to_owned(), named(asking, row, row.display_name)));
    let reply = value_of(
        asking,
        &asking.say("Where should the agent run?"),
        &asking.say("one small machine in your own account; applying asks again before anything costs money"),
        values.collect(),
        asking.before.cloud.as_deref(),
        Cloud::rows()[0].slug,
    )?;
    Ok(layered(reply, |slug| Spec {
        cloud: Some(slug),
        ..Spec::default()
    }))
}

fn named<R: Row>(asking: &Asking, row: &R, name: &'static str) -> Choice {
    Choice {
        label: asking.with(&asking.say(name), row.slug()),
        // Who knows the English name finds it by that, too.
        words: format!("{name} {}", row.aliases().join(" ")),
        ..Choice::default()
    }
}

fn region(asking: &Asking) -> Result<Reply<Spec>> {
    let cloud = asking.cloud()?;
    let values = cloud.regions.iter().map(|slug| {
        let label = place(slug).map_or_else(|| (*slug).to_owned(), |name| asking.with(slug, &asking.say(name)));
        let words = place(slug).unwrap_or_default().to_owned();
        let choice = Choice {
            label,
            words,
            ..Choice::default()
        };
        ((*slug).to_owned(), choice)
    });
    let reply = value_of(
        asking,
        &asking.say("Region"),
        &asking.say("where the machine stands: near you it answers faster; laws and prices differ by place"),
        values.collect(),
        asking.before.region.as_deref(),
        cloud.default_region,
    )?;
    Ok(layered(reply, |slug| Spec {
        region: Some(slug),
        ..Spec::default()
    }))
}

fn size(asking: &Asking) -> Result<Reply<Spec>> {
    let cloud = asking.cloud()?;
    let sizes = cloud.sizes.iter();
    let values = sizes.map(|size| (size.slug.to_owned(), Choice::new(described(asking, size))));
    let enough = asking.say(
        "2 vCPU and 4 GiB are enough: the model runs at its provider, and the machine only runs the agent and what it builds.",
    );
    let money = if cloud.tells_price() {
        asking.say("What it costs differs by region and day: the plan says it before you pay.")
    } else {
        asking.say(&format!(
            "Prices are estimates of {} for {}; the rest costs about ${:.0} a month.",
            cloud.priced, cloud.default_region, cloud.other_monthly_usd
        ))
    };
    let reply = value_of(
        asking,
        &asking.say("Machine size"),
        &format!("{enough}\n{money}"),
        values.collect(),
        asking.before.size.as_deref(),
        cloud.default_size,
    )?;
    Ok(layered(reply, |slug| Spec {
        size: Some(slug),
        ..Spec::default()
    }))
}

fn described(asking: &Asking, size: &Size) -> String {
    let price = size
        .monthly_usd
        .map(|usd| asking.say(&format!(", about ${usd:.0} a month")));
    let Size { vcpus, memory_gib, .. } = size;
    asking.with(size.slug, &format!("{vcpus} vCPU, {memory_gib} GiB{}", price.unwrap_or_default()))
}

fn bridge(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Bridge::rows().iter();
    let values = rows.map(|row| (row.slug.to_owned(), named(asking, row, row.display_name)));
    let reply = value_of(
        asking,
        &asking.say("Which chat app will you talk through?"),
        &asking.say("it needs a bot or app of your own there; you will be told how to make one"),
        values.collect(),
        asking.before.bridge.as_deref(),
        Bridge::rows()[0].slug,
    )?;
    Ok(layered(reply, |slug| Spec {
        bridge: Some(slug),
        ..Spec::default()
    }))
}

/// The first setting that has no value; the question comes again for the next one.
fn bridge_setting(asking: &Asking) -> Result<Reply<Spec>> {
    let Some(setting) = unset_setting(asking.spec) else {
        return Ok(Reply::Given(Spec::default()));
    };
    let values = setting.allowed.iter();
    let values = values.map(|value| ((*value).to_owned(), Choice::new(*value)));
    let before = asking.before.bridge_settings.as_ref();
    let reply = value_of(
        asking,
        &asking.say(setting.label),
        "",
        values.collect(),
        before.and_then(|given| given.get(setting.env)).map(String::as_str),
        setting.allowed[0],
    )?;
    Ok(layered(reply, |value| Spec {
        bridge_settings: Some([(setting.env.to_owned(), value)].into()),
        ..Spec::default()
    }))
}

fn provider(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Provider::rows().iter().filter(|row| row.unsupported.is_none());
    let values = rows.map(|row| {
        let served = FAMILIES.iter().filter(|(_, providers)| providers.contains(&row.slug));
        let (made, served): (Vec<_>, Vec<_>) = served.partition(|(_, providers)| providers[0] == row.slug);
        let joined = |families: Vec<&(&str, &[&str])>| {
            let names: Vec<_> = families.iter().map(|(family, _)| *family).collect();
            names.join(" ")
        };
        let mut choice = named(asking, row, row.display_name);
        if row.is_keyless() {
            choice.label = asking.say(&format!("{}, your own model server", choice.label));
        }
        choice.words = format!("{} {} {}", choice.words, row.default_model, joined(served));
        choice.first_for = joined(made);
        (row.slug.to_owned(), choice)
    });
    let reply = value_of(
        asking,
        &asking.say("Model provider"),
        &asking.say(
            "who runs the model: type its name, or a family such as `claude`, `gpt`, `qwen`, `deepseek` or `kimi`",
        ),
        values.collect(),
        asking.before.provider.as_deref(),
        Provider::rows()[0].slug,
    )?;
    Ok(layered(reply, |slug| Spec {
        provider: Some(slug),
        ..Spec::default()
    }))
}

fn base_url(asking: &Asking) -> Result<Reply<Spec>> {
    let provider = asking.provider()?;
    let layer = |url: &str| Spec {
        base_url: Some(url.to_owned()),
        ..Spec::default()
    };
    let before = asking.before.base_url.as_deref();
    let asked = Text {
        question: &asking.say("Address of the model server"),
        default: before.unwrap_or(provider.default_base_url),
        help: &asking.say(&format!(
            "as the machine sees it. Nothing here installs {}: you run it yourself",
            provider.display_name
        )),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|url| asking.accepts("base_url", layer(url)))?;
    Ok(layered(reply, |url| layer(&url)))
}

fn model(asking: &Asking) -> Result<Reply<Spec>> {
    let provider = asking.provider()?;
    let keyless = provider.is_keyless();
    let layer = |id: &str| Spec {
        model: Some(id.to_owned()),
        ..Spec::default()
    };
    let help = match provider.model_note {
        Some(note) => asking.say(note),
        None if keyless => asking.say("as your server names it; `auto` works only where a provider has a default"),
        None => asking.say(&format!("`auto` uses {}", provider.default_model)),
    };
    let before = asking.before.model.as_deref();
    let asked = Text {
        question: &asking.say("Model id"),
        default: before.unwrap_or(if keyless { "" } else { "auto" }),
        help: &help,
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|id| asking.accepts("model", layer(id)))?;
    Ok(layered(reply, |id| layer(&id)))
}

fn ssh_public_key(asking: &Asking) -> Result<Reply<Spec>> {
    let asked = Text {
        question: &asking.say("SSH public key (text, or a file)"),
        default: asking.before.ssh_public_key.as_deref().unwrap_or("~/.ssh/id_ed25519.pub"),
        help: &asking.say(
            "the key you log in to the machine with. No key yet? Make one in another terminal: `ssh-keygen -t ed25519`, then press Enter here",
        ),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|key| ssh_key::text_or_file(key).map(drop))?;
    Ok(match reply {
        Reply::Back => Reply::Back,
        Reply::Given(key) => Reply::Given(Spec {
            ssh_public_key: Some(ssh_key::text_or_file(&key)?),
            ..Spec::default()
        }),
    })
}

fn allowlist(asking: &Asking) -> Result<Reply<Spec>> {
    let bridge = asking.bridge()?;
    let layer = |ids: &str| Spec {
        allowlist: Some(if ids == "none" { Vec::new() } else { syntax::list(ids) }),
        ..Spec::default()
    };
    let before = asking.before.allowlist.as_deref().unwrap_or_default();
    let fits = before.iter().all(|entry| (bridge.allowlist_entry)(entry));
    let later = match before {
        [] => asking.say("Enter to pair later"),
        _ => asking.say("`none` to pair later"),
    };
    let asked = Text {
        question: &asking.say("Chat ids that may talk to it"),
        default: &if fits { before.join(", ") } else { String::new() },
        help: &format!("{}\n{}", asking.say(bridge.allowlist_form), later),
        nothing: &asking.say("nobody yet"),
        ..Text::default()
    };
    let reply = text(asking.lang, &asked, &|ids| asking.accepts("allowlist", layer(ids)))?;
    Ok(layered(reply, |ids| layer(&ids)))
}
