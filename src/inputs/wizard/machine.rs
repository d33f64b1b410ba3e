//! Where the machine is, and how large.

use super::Reply;
use super::asking::{Asking, layered, value_of};
use super::select::Choice;
use crate::clouds::Cloud;
use crate::clouds::Size;
use crate::error::Result;
use crate::inputs::Spec;
use crate::tables::Row;

pub(super) fn cloud(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Cloud::rows().iter();
    let values = rows.map(|row| {
        let name = row.display_name;
        let choice = Choice {
            label: asking.with(name.say(asking.lang), row.slug),
            // Who knows the English name finds it by that, too.
            words: format!("{} {}", name.en, row.aliases.join(" ")),
            ..Choice::default()
        };
        (row.slug.to_owned(), choice)
    });
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

pub(super) fn region(asking: &Asking) -> Result<Reply<Spec>> {
    let cloud = asking.cloud()?;
    let values = cloud.regions.iter().map(|region| {
        let choice = Choice {
            label: asking.with(region.slug, region.place.say(asking.lang)),
            words: region.place.en.to_owned(),
            ..Choice::default()
        };
        (region.slug.to_owned(), choice)
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

pub(super) fn size(asking: &Asking) -> Result<Reply<Spec>> {
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
