//! Where the machine is, and how large.

use super::Reply;
use super::asking::{Asking, named};
use super::select::MenuItem;
use crate::clouds::Cloud;
use crate::clouds::Size;
use crate::error::Result;
use crate::inputs::Spec;
use crate::tables::{Row, words};

pub(super) fn cloud(asking: &Asking) -> Result<Reply<Spec>> {
    let rows = Cloud::rows().iter();
    let values = rows.map(|row| (row.slug.to_owned(), named(asking, row, row.display_name)));
    asking.one_of(asking.help(), values.collect(), Cloud::rows()[0].slug)
}

pub(super) fn region(asking: &Asking) -> Result<Reply<Spec>> {
    let cloud = asking.cloud()?;
    let values = cloud.regions.iter().map(|region| {
        let choice = MenuItem {
            label: asking.with(region.slug, region.place.say(asking.lang)),
            words: region.place.en.to_owned(),
            ..MenuItem::default()
        };
        (region.slug.to_owned(), choice)
    });
    asking.one_of(asking.help(), values.collect(), cloud.default_region)
}

pub(super) fn size(asking: &Asking) -> Result<Reply<Spec>> {
    let cloud = asking.cloud()?;
    let sizes = cloud.sizes.iter();
    let values = sizes.map(|size| (size.slug.to_owned(), MenuItem::new(described(asking, size))));
    let money = if cloud.tells_price() {
        words(
            "Prices vary by region and day; the plan shows the price before you pay.",
            "价格因地域和时间而异：付费之前，执行计划里会列出。",
        )
        .say(asking.lang)
        .to_owned()
    } else {
        let estimate = words(
            "Prices are estimates from {} for {}; everything else adds about ${} a month.",
            "价格是 {} 按地域 {} 估算的；服务器以外的部分每月约 ${}。",
        );
        let rest = format!("{:.0}", cloud.other_monthly_usd);
        estimate.with(asking.lang, &[&cloud.priced, &cloud.default_region, &rest])
    };
    let help = format!("{}\n{money}", asking.help());
    asking.one_of(&help, values.collect(), cloud.default_size)
}

fn described(asking: &Asking, size: &Size) -> String {
    let price = size.monthly_usd.map(|usd| {
        let about = words(", about ${} a month", "，每月约 ${}");
        about.with(asking.lang, &[&format!("{usd:.0}")])
    });
    let Size { vcpus, memory_gib, .. } = size;
    asking.with(size.slug, &format!("{vcpus} vCPU, {memory_gib} GiB{}", price.unwrap_or_default()))
}
