//! `exists`

use super::{Form, Misuse, Modifier, Subject};

pub struct Exists;

impl Modifier for Exists {
    fn name(&self) -> &'static str {
        "exists"
    }

    fn summary(&self) -> &'static str {
        "The field is there (`true`) or not (`false`), whatever it holds."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        if !subject.has_field {
            return Err(Misuse::new("`exists` needs a field"));
        }
        subject.each(|form| match form {
            Form::Boolean(value) => Ok(vec![Form::Exists(*value)]),
            other => match other.as_text().as_ref().and_then(|glob| glob.text()) {
                Some("true" | "yes") => Ok(vec![Form::Exists(true)]),
                Some("false" | "no") => Ok(vec![Form::Exists(false)]),
                _ => Err(format!("`exists` takes `true` or `false`, and here is {}", other.kind())),
            },
        })
    }
}
