//! `expand`

use super::super::glob::{Glob, Part};
use super::{Form, Misuse, Modifier, Placeholders, Subject};
use ir::Spanned;

/// Most strings that the placeholders of one value may make.
const MAX_FORMS: usize = 10_000;

pub struct Expand;

impl Modifier for Expand {
    fn name(&self) -> &'static str {
        "expand"
    }

    fn summary(&self) -> &'static str {
        "`%name%` in the value stands for the values that the user gives it; `\\%` is a percent sign."
    }

    /// A placeholder without values stays as it is written, and its value fits nothing: what that does to the rule is told
    /// where the whole condition is known.
    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        let placeholders = subject.placeholders;
        let mut unknown = Vec::new();
        for operand in &mut subject.operands {
            let mut forms = Vec::new();
            for form in &operand.forms {
                let misuse = |message: String| Misuse { message, span: Some(operand.span) };
                let mut names = Vec::new();
                match form {
                    Form::Regex(regex) => {
                        let made = expanded(&[Part::Text(regex.pattern.clone())], placeholders, true, &mut names);
                        for (parts, open) in made.map_err(misuse)? {
                            let pattern = Glob::default().with(parts).text().unwrap_or_default().to_owned();
                            forms.push(Form::Regex(super::Regex { pattern, open, ..regex.clone() }));
                        }
                    }
                    other => {
                        let Some(glob) = other.as_text() else {
                            return Err(misuse(format!("`expand` takes a string, and here is {}", other.kind())));
                        };
                        for (parts, open) in expanded(glob.parts(), placeholders, false, &mut names).map_err(misuse)? {
                            let mut made = glob.with(parts);
                            made.open |= open;
                            forms.push(Form::Text(made));
                        }
                    }
                }
                unknown.extend(names.into_iter().map(|value| Spanned { value, span: operand.span }));
            }
            operand.forms = forms;
        }
        subject.unknown.extend(unknown);
        Ok(())
    }
}

/// A string's parts, and whether a placeholder without values is among them.
type Variant = (Vec<Part>, bool);

/// All strings that placeholders make of one; names without values go to `unknown`.
fn expanded(
    parts: &[Part],
    placeholders: &Placeholders,
    regex: bool,
    unknown: &mut Vec<String>,
) -> Result<Vec<Variant>, String> {
    let mut variants: Vec<Variant> = vec![(Vec::new(), false)];
    for part in parts {
        let Part::Text(text) = part else {
            variants.iter_mut().for_each(|(parts, _)| parts.push(part.clone()));
            continue;
        };
        for piece in pieces(text) {
            let name = match piece {
                Piece::Plain(plain) => {
                    variants.iter_mut().for_each(|(parts, _)| parts.push(Part::Text(plain.to_owned())));
                    continue;
                }
                Piece::Placeholder(name) => name,
            };
            let Some(values) = placeholders.get(name) else {
                unknown.push(name.to_owned());
                variants.iter_mut().for_each(|(parts, open)| {
                    parts.push(Part::Text(format!("%{name}%")));
                    *open = true;
                });
                continue;
            };
            if variants.len().saturating_mul(values.len()) > MAX_FORMS {
                return Err(format!("the placeholders make more than {MAX_FORMS} strings of this value"));
            }
            let mut longer = Vec::with_capacity(variants.len() * values.len());
            for (parts, open) in &variants {
                for value in values {
                    let mut parts = parts.clone();
                    if regex {
                        parts.push(Part::Text(crate::pcre::escape(value)));
                    } else {
                        parts.extend_from_slice(Glob::parse(value).parts());
                    }
                    longer.push((parts, *open));
                }
            }
            variants = longer;
        }
    }
    Ok(variants)
}

enum Piece<'t> {
    Plain(&'t str),
    Placeholder(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('%')) {
        let percent = at + found;
        at = percent + 1;
        if text.get(..percent).is_some_and(|before| before.ends_with('\\')) {
            pieces.push(Piece::Plain(text.get(start..percent - 1).unwrap_or("")));
            start = percent;
            continue;
        }
        let name = text.get(at..).and_then(|rest| rest.split_once('%')).map(|(name, _)| name);
        if let Some(name) = name.filter(|name| !name.is_empty() && !name.contains(['\\', ' '])) {
            pieces.push(Piece::Plain(text.get(start..percent).unwrap_or("")));
            pieces.push(Piece::Placeholder(name));
            at += name.len() + 1;
            start = at;
        }
    }
    pieces.push(Piece::Plain(text.get(start..).unwrap_or("")));
    pieces
}
