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

/// What all choices share.
pub trait Choice: Copy + 'static {
    fn slug(self) -> &'static str;
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
        /// The cloud's command service: its agent on the machine runs a script. Named after the first such service.
        CommandService = "tat",
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
