//! HCL formatted as by `terraform fmt`.

use hcl::expr::{Expression, FuncCall, ObjectKey, TemplateExpr, Traversal, Variable};
use hcl::{Body, Identifier, Object};

/// Formats a body and aligns it.
pub(super) fn to_text(body: &Body) -> Result<String, hcl::Error> {
    let text = hcl::format::to_string(body)?.replace(" {  }\n", " {}\n");
    Ok(aligned(&spaced(&text)))
}

/// A string that can never become a template expression.
///
/// hcl-rs leaves a marker unescaped after another `$` or `%`.
pub(super) fn literal(text: &str) -> Expression {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => escaped.extend([c, c]),
            c if c.is_control() => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            c => escaped.push(c),
        }
    }
    Expression::from(TemplateExpr::QuotedString(escaped))
}

/// A list of literals.
pub(super) fn literals<T: ToString>(values: impl IntoIterator<Item = T>) -> Expression {
    Expression::Array(values.into_iter().map(|value| literal(&value.to_string())).collect())
}

/// `root.name.name…`.
pub(super) fn reference(root: &str, path: &[&str]) -> Expression {
    let mut builder = Traversal::builder(Variable::from(Identifier::sanitized(root)));
    for name in path {
        builder = builder.attr(Identifier::sanitized(*name));
    }
    builder.build().into()
}

/// An object with quoted keys, since tags and secret names need not be identifiers.
pub(super) fn object(entries: impl IntoIterator<Item = (String, Expression)>) -> Expression {
    let object: Object<ObjectKey, Expression> = entries
        .into_iter()
        .map(|(key, value)| (ObjectKey::Expression(literal(&key)), value))
        .collect();
    Expression::Object(object)
}

/// `name(arguments…)`.
pub(super) fn call(name: &str, arguments: impl IntoIterator<Item = Expression>) -> Expression {
    let mut builder = FuncCall::builder(Identifier::sanitized(name));
    for argument in arguments {
        builder = builder.arg(argument);
    }
    Expression::from(builder.build())
}

/// A blank line around every value or block that takes more than one line.
fn spaced(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut out = String::with_capacity(text.len());
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|previous| lines[previous]);
        let opens = line.ends_with(['{', '[', '(']);
        let follows_sibling = before.is_some_and(|previous| {
            indent(previous) == indent(line) && !line.trim_start().starts_with(['}', ']', ')'])
        });
        let previous_closed = before.is_some_and(|previous| previous.trim_start().starts_with(['}', ']', ')']));
        if follows_sibling && (opens || previous_closed) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Aligns the equals signs of consecutive attributes.
fn aligned(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() + 64);
    let mut start = 0;
    while start < lines.len() {
        let Some((_, _)) = attribute(lines[start]) else {
            out.push_str(lines[start]);
            out.push('\n');
            start += 1;
            continue;
        };
        let group: Vec<(&str, &str)> = lines[start..]
            .iter()
            .take_while(|line| indent(line) == indent(lines[start]))
            .map_while(|line| attribute(line))
            .collect();
        let width = group.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in &group {
            out.push_str(name);
            out.extend(std::iter::repeat_n(' ', width - name.chars().count()));
            out.push_str(" = ");
            out.push_str(value);
            out.push('\n');
        }
        start += group.len();
    }
    out
}

/// Name (with its indentation) and value of an attribute line; a string never spans lines here.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim_start();
    let name_length = match rest.strip_prefix('"') {
        // A quoted key: up to its closing quote.
        Some(quoted) => {
            let mut escaped = false;
            let end = quoted.char_indices().find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            })?;
            end.0 + 2
        }
        None => rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))?,
    };
    let (_, after) = rest.split_at(name_length);
    let value = after.strip_prefix(" = ")?;
    Some((&line[..line.len() - after.len()], value))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
