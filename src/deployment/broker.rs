//! The key broker: a proxy on the machine that adds the model key, so that the agent never has it.

use crate::model_providers::KeyBroker;
use crate::model_providers::KeyHeader;
use crate::model_providers::View;

/// What the broker is told.
#[derive(Clone, Debug)]
pub struct Broker {
    /// On the machine's loopback address.
    pub port: u16,
    /// The provider's own.
    pub host: &'static str,
    /// Path of the base URL that the runtime is given.
    pub base_path: &'static str,
    /// Beginnings of the paths it forwards.
    pub api_paths: Vec<&'static str>,
    pub header: KeyHeader,
}

impl Broker {
    /// What the runtime takes for its provider.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.base_path)
    }
}

/// `None` where there is no key, or where the runtime must hold it itself.
pub(super) fn broker(view: &View, runtime_port: u16) -> Option<Broker> {
    view.provider.key()?;
    let KeyBroker::Adds(header) = view.provider.broker else {
        return None;
    };
    let endpoint = view.endpoint();
    let (host, base_path) = endpoint.upstream();
    Some(Broker {
        port: runtime_port.checked_add(1).unwrap_or(runtime_port - 1),
        host,
        base_path,
        api_paths: match endpoint.paths {
            [] => vec![base_path],
            own => own.to_vec(),
        },
        header,
    })
}
