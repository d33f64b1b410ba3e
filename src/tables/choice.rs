//! Closed choices: a handful of words each, the same for users, specs and templates.

use serde::{Serialize, Serializer};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub fn slug(self) -> &'static str {
                match self {
                    $($name::$variant => $slug,)+
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.slug())
            }
        }

        impl Choice for $name {
            fn slug(self) -> &'static str {
                $name::slug(self)
            }
        }
    };
}

/// What the choices have in common.
pub trait Choice: Copy + 'static {
    fn slug(self) -> &'static str;
}

choice! {
    /// Where secrets rest between the operator and the machine.
    SecretStore {
        /// Azure Key Vault, read by the machine's managed identity.
        KeyVault = "key_vault",
        /// Files of root on the machine, pushed over SSH.
        EnvFile = "env_file",
    }
}

impl SecretStore {
    /// Scripts that bring the secrets to the services on the machine, by their names in the bundle.
    pub fn scripts(self) -> &'static [&'static str] {
        match self {
            SecretStore::KeyVault => &["fetch-secrets.sh"],
            SecretStore::EnvFile => &["load-secrets.sh", "store-secrets.sh"],
        }
    }
}

choice! {
    /// How the runtime is installed on the machine.
    Install {
        Native = "native",
        Docker = "docker",
    }
}

choice! {
    /// How the host files reach a new machine.
    Bootstrap {
        /// User data that the cloud gives the machine.
        CloudInit = "cloud-init",
        /// TencentCloud Automation Tools: the cloud's agent on the machine runs a script.
        Tat = "tat",
        /// From the operator's computer.
        Ssh = "ssh",
        /// By the CNB pipeline.
        Cnb = "cnb",
    }
}

choice! {
    /// How the CNB pipeline reaches the machine.
    CnbDeploy {
        Tat = "tat",
        Ssh = "ssh",
    }
}

choice! {
    /// Language of the questions and the runbook.
    Lang {
        En = "en",
        ZhCn = "zh-CN",
    }
}

choice! {
    Architecture {
        X64 = "x64",
        Arm64 = "arm64",
    }
}
