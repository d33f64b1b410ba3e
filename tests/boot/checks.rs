//! What must hold on a machine that says it is ready.

use crate::bed::Bed;

pub fn everything(bed: &Bed) {
    bed.ready();
}
