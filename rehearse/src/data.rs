//! The description of an emulated provider: its schema, and what no schema has. All data except for `Behaviour`.

use crate::Behaviour;
use crate::value::Value;

/// An emulated provider.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// The output of `terraform providers schema -json` for this provider alone. Unused parts may be left out.
    pub schema: &'static str,
    /// Values of computed attributes; the first match counts. Others are empty, zero or false, as a cloud answers what
    /// does not apply.
    pub values: &'static [Computed],
    pub lists: &'static [List],
    /// Defaults of arguments without a value, visible in plans.
    pub defaults: &'static [DefaultValue],
    /// Arguments whose change replaces the resource. Schemas do not say so.
    pub requires_replace: &'static [RequiresReplace],
    /// Arguments whose change is planned as an update, but refused by the provider when applied.
    pub unchangeable: &'static [Unchangeable],
    /// What a read answers after something was deleted outside Terraform, if not simply nothing.
    pub missing: &'static [Missing],
    pub vault: Option<Vault>,
    /// The functions of the schema that can be called.
    pub functions: &'static [Function],
    pub behaviour: Option<fn() -> Box<dyn Behaviour>>,
}

impl Provider {
    /// A provider that does only what its schema says.
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
/// In braces: another string of the same resource (`{name}`), of the provider's configuration (`{region}`), or of a row
/// of its own; `{type}`; and made-up values that are always the same for the same resource: `{hex}`, `{code}` and
/// `{uuid}`. `{scope|last}` is the part after the last slash, `{name|octet}` a number from 10 to 99 derived from the
/// string, and `{tenant|uuid}` a UUID derived from that very word.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    /// A resource or data source type, or `*` for all.
    pub type_name: &'static str,
    /// With its enclosing blocks: `os_disk.name`.
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

/// The objects that a data source lists in a computed attribute.
///
/// Filters of a query are ignored, so the configuration must filter too.
#[derive(Clone, Copy, Debug)]
pub struct List {
    pub type_name: &'static str,
    pub attribute: &'static str,
    /// JSON; its strings are templates. Missing fields are empty, zero or false.
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
    /// The provider's words; `{argument}` stands for the argument.
    pub says: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct Missing {
    pub type_name: &'static str,
    /// The attribute with the id of what is gone.
    pub attribute: &'static str,
    /// The provider's words, if it reports an error; `{id}` stands for the id.
    pub says: Option<&'static str>,
}

/// Resources behind a vault's own address, whose firewall admits nobody: reading or changing one contacts that address.
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
    /// Returns the result, or why there is none.
    pub call: fn(&[Value]) -> Result<Value, String>,
}

/// Whether a row applies to a type; `*` applies to all.
pub(crate) fn applies(row: &str, type_name: &str) -> bool {
    row == "*" || row == type_name
}
