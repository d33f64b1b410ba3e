//! Regions, each with the place it is named after. Source: `tccli lighthouse DescribeRegions`, 2026-11.

use crate::clouds::Region;
use crate::tables::words;

#[rustfmt::skip]
pub(super) const REGIONS: &[Region] = &[
    Region::in_mainland_china("ap-beijing", words("Beijing", "北京")),
    Region::in_mainland_china("ap-chengdu", words("Chengdu", "成都")),
    Region::in_mainland_china("ap-guangzhou", words("Guangzhou", "广州")),
    Region::at("ap-hongkong", words("Hong Kong", "香港")),
    Region::at("ap-mumbai", words("Mumbai", "孟买")),
    Region::in_mainland_china("ap-nanjing", words("Nanjing", "南京")),
    Region::in_mainland_china("ap-shanghai", words("Shanghai", "上海")),
    Region::at("ap-singapore", words("Singapore", "新加坡")),
    Region::at("ap-tokyo", words("Tokyo", "东京")),
    Region::at("eu-frankfurt", words("Frankfurt", "法兰克福")),
    Region::at("na-siliconvalley", words("Silicon Valley", "美国硅谷")),
];
