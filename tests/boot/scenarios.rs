//! Bundles that must come up: cloud × bridge × way of installing, and a provider without a key.

use remote_setup::inputs::Spec;

use crate::bed::{Bed, Plan, mirrored};
use crate::checks;
use crate::userland::Image;

#[test]
fn telegram_native_on_a_stock_image() {
    let spec = Spec {
        provider: Some("openai".to_owned()),
        ..mirrored()
    };
    let plan = Plan {
        image: Image::Stock,
        ..Plan::new("telegram, native, stock image", &spec)
    };
    if let Some(bed) = Bed::boot(plan) {
        checks::everything(&bed);
    }
}
