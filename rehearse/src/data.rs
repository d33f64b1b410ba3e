//! What is told of a provider to play: its schema, and what no schema tells. All of it is data but for `Behaviour`.

use crate::Behaviour;
use crate::value::Value;

/// A provider to play.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// What `terraform providers schema -json` says of this provider alone. What nobody uses may be left out.
    pub schema: &'static str,
    /// What computed attributes hold. The first that fits counts; what has none is empty, zero or false, as a cloud
    /// answers what does not apply.
    pub values: &'static [Computed],
    pub lists: &'static [List],
    /// What arguments without a value get, and plans show.
    pub defaults: &'static [DefaultValue],
    /// Arguments that a resource cannot change, so that it is replaced. Schemas do not tell.
    pub requires_replace: &'static [RequiresReplace],
    /// Arguments whose change the plan shows as an update, and the provider refuses when it comes to it.
    pub unchangeable: &'static [Unchangeable],
    /// What a read finds where something was deleted behind Terraform's back, if it is not just nothing.
    pub missing: &'static [Missing],
    pub vault: Option<Vault>,
    /// Those of the schema's functions that can be called.
    pub functions: &'static [Function],
    pub behaviour: Option<fn() -> Box<dyn Behaviour>>,
}

impl Provider {
    /// A provider that does what its schema says.
    #[must_use]
    pub const fn new(schema: &'static str) -> Provider {
        Provider {
            schema,
            values: &[],
            lists: &[],
            defaults: &[],
            requires_replace: &[],
            unchangeable: &[],
            missing: &[],
            vault: None,
            functions: &[],
            behaviour: None,
        }
    }
}

/// One computed attribute's value.
///
/// In braces: another text of the same resource (`{name}`), of the provider's configuration (`{region}`), or of a row of
/// its own; `{type}`; and what is made up, always the same for the same resource: `{hex}`, `{code}` and `{uuid}`.
/// `{scope|last}` is what follows the last slash of a text, `{name|octet}` a number from 10 to 99 made of it, and
/// `{tenant|uuid}` a UUID made of this very word.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    /// A resource or data source type, or `*` for all.
    pub type_name: &'static str,
    /// With the blocks around it: `os_disk.name`.
    pub attribute: &'static str,
    pub template: &'static str,
}

/// One [`Computed`], as tables write it.
#[must_use]
pub const fn computed(type_name: &'static str, attribute: &'static str, template: &'static str) -> Computed {
    Computed {
        type_name,
        attribute,
        template,
    }
}

/// What a data source lists: a computed attribute with several objects.
///
/// What a query filters by is not looked at: whoever asks must look as well.
#[derive(Clone, Copy, Debug)]
pub struct List {
    pub type_name: &'static str,
    pub attribute: &'static str,
    /// JSON; its texts are templates. Fields that are left out are empty, zero or false.
    pub items: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct DefaultValue {
    pub type_name: &'static str,
    pub argument: &'static str,
    pub text: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct RequiresReplace {
    /// A resource type, or `*` for all.
    pub type_name: &'static str,
    pub arguments: &'static [&'static str],
}

/// One [`RequiresReplace`], as tables write it.
#[must_use]
pub const fn requires_replace(type_name: &'static str, arguments: &'static [&'static str]) -> RequiresReplace {
    RequiresReplace { type_name, arguments }
}

#[derive(Clone, Copy, Debug)]
pub struct Unchangeable {
    pub type_name: &'static str,
    pub arguments: &'static [&'static str],
    /// The provider's words; `{argument}` stands for the one.
    pub says: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct Missing {
    pub type_name: &'static str,
    /// Which attribute holds the id of what is gone.
    pub attribute: &'static str,
    /// The provider's words, where it takes that for an error; `{id}` stands for the id.
    pub says: Option<&'static str>,
}

/// What is kept at an address of its own, whose firewall lets nobody in: reading such a resource and every change of one
/// ask there.
#[derive(Clone, Copy, Debug)]
pub struct Vault {
    pub types: &'static [&'static str],
    pub summary: &'static str,
    pub detail: &'static str,
}

/// A function that the provider offers to configurations.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    /// The result, or why there is none.
    pub call: fn(&[Value]) -> Result<Value, String>,
}

/// The rows of a type, those for all types included.
pub(crate) fn applies(row: &str, type_name: &str) -> bool {
    row == "*" || row == type_name
}
