//! One run at a time on one bundle.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, Kind, Result, why};
use crate::files;
use crate::layout::RUN_LOCK;

/// Held during a run; the system releases it however the run ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// Locks the bundle for this run.
///
/// # Errors
/// Another run has it.
pub fn take(directory: &Path) -> Result<RunLock> {
    let path = directory.join(RUN_LOCK);
    let file = files::open_private_append(&path).map_err(|error| {
        Error::new(
            Kind::Failed,
            format!("cannot lock the bundle by `{}`: {}", path.display(), why(&error)),
        )
        .hint(format!("see what it is: `ls -l {}`", path.display()))
    })?;
    match file.try_lock() {
        Ok(()) => Ok(RunLock { _file: file }),
        Err(_) => Err(Error::new(Kind::Failed, format!("another run is using `{}`", directory.display()))
            .hint("wait for it to end")),
    }
}
