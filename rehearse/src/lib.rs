//! Emulated Terraform providers: real Terraform plans and applies against them with no account, no
//! network and no cost.
//!
//! They serve the real providers' schemas in Terraform's own plugin protocol, on Unix sockets in a private folder, and
//! make up what a cloud would answer. The crate runs no programs, reaches nothing beyond those sockets, and knows no
//! cloud: callers describe one with `data`, and with `behaviour` where that takes code.
//!
//! A call goes from `server` (gRPC) to `provider` (methods) and on to `validate`, `plan` or `apply`; `cloud` records
//! what was done.

mod apply;
mod behaviour;
mod cloud;
mod data;
mod function;
mod plan;
mod plausible;
mod plugin;
mod proto;
mod schema;
mod server;
mod validate;
mod value;
mod walk;

use std::any::Any;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;

pub use behaviour::{Behaviour, Change, Ending, Refusal, Sent};
use cloud::Cloud;
pub use data::{
    Computed, DefaultValue, Function, List, Missing, Provider, RequiresReplace, Unchangeable, Vault, computed,
    requires_replace,
};
use plugin::Plugin;
use schema::ProviderTypes;
pub use value::Value;

/// The environment variable that points Terraform to an emulator; its value is `Emulator::reattach`.
pub const REATTACH_VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// A deliberate fault.
#[derive(Clone, Debug)]
pub struct Fault {
    pub when: Trigger,
    pub then: Effect,
}

/// Which changes a fault affects.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// The n-th change since the start, counted from 1.
    NthApply(usize),
    /// Every change of a resource of this type.
    ResourceType(String),
}

/// What happens instead of the change.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The cloud answers with an error.
    Fail { summary: String, detail: String },
    /// The change hangs until Terraform is interrupted.
    Hang,
}

/// One change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub type_name: String,
    /// The id, for a resource without a name.
    pub name: String,
    pub id: String,
    pub action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
    Delete,
}

/// Running providers; dropping it stops them and removes their folder.
pub struct Emulator {
    cloud: Arc<Cloud>,
    providers: Vec<Arc<Plugin>>,
    sockets: Vec<(String, PathBuf)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Holds the sockets.
    _folder: TempDir,
}

impl Emulator {
    /// Starts providers.
    ///
    /// # Errors
    /// A schema that cannot be emulated, or a socket that cannot be created.
    pub fn start(providers: &[Provider], faults: Vec<Fault>) -> Result<Emulator> {
        let folder = tempfile::Builder::new()
            .prefix("rehearse-")
            .tempdir()
            .context("cannot make a folder for the emulated providers")?;
        let cloud = Arc::new(Cloud::new(faults));
        let mut sockets = Vec::new();
        let mut served = Vec::new();
        for data in providers {
            let (source, schema) = ProviderTypes::read(data.schema)?;
            let socket = folder.path().join(format!("{}.sock", sockets.len()));
            let listener = listen(&socket)?;
            sockets.push((source, socket));
            served.push((listener, Arc::new(Plugin::new(schema, *data, Arc::clone(&cloud)))));
        }
        let providers = served.iter().map(|(_, provider)| Arc::clone(provider)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .context("cannot start the emulated providers")?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                for (listener, provider) in served {
                    let listener = tokio::net::UnixListener::from_std(listener).expect("a socket that does not block");
                    tokio::spawn(server::serve(listener, provider));
                }
                // The result does not matter: the emulator is gone, and connections end with the runtime.
                let _ = stopped.await;
            });
        });
        Ok(Emulator {
            cloud,
            providers,
            sockets,
            stop: Some(stop),
            thread: Some(thread),
            _folder: folder,
        })
    }

    /// The value of `REATTACH_VARIABLE` that makes Terraform use these providers and install none.
    #[must_use]
    pub fn reattach(&self) -> String {
        let providers = self.sockets.iter().map(|(source, socket)| {
            let how = json!({
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": std::process::id(),
                // Test mode: Terraform neither starts nor stops this process.
                "Test": true,
                "Addr": { "Network": "unix", "String": socket },
            });
            (source.clone(), how)
        });
        serde_json::Value::Object(providers.collect()).to_string()
    }

    /// Makes something happen outside Terraform; the clouds' [`Behaviour`] decides what it means.
    pub fn happens<I: Any>(&self, incident: I) {
        for provider in &self.providers {
            provider.happens(&incident);
        }
    }

    /// Deletes the resource with this id, outside Terraform.
    pub fn delete(&self, id: impl Into<String>) {
        self.cloud.delete(id.into());
    }

    /// Ids of resources that exist but are in no state.
    #[must_use]
    pub fn orphans(&self) -> Vec<String> {
        self.cloud.orphans()
    }

    /// Every change made so far, in order.
    #[must_use]
    pub fn record(&self) -> Vec<Applied> {
        self.cloud.record()
    }

    /// Whether a change is hanging right now, as a fault demands.
    #[must_use]
    pub fn is_hanging(&self) -> bool {
        self.cloud.is_hanging()
    }

    /// How often a request needed a vault's own address, which admits nobody.
    #[must_use]
    pub fn refused_by_vault(&self) -> usize {
        self.cloud.refused_by_vault()
    }

    /// Whether a write-only argument of an applied resource had exactly this value.
    #[must_use]
    pub fn has_stored(&self, text: &str) -> bool {
        self.cloud.has_stored(text)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listen(socket: &Path) -> Result<UnixListener> {
    let failed = || format!("cannot listen on `{}`", socket.display());
    let listener = UnixListener::bind(socket).with_context(failed)?;
    listener.set_nonblocking(true).with_context(failed)?;
    Ok(listener)
}
