//! `contains`, `startswith`, `endswith`

use super::{Form, Misuse, Modifier, Place as Where, Subject};
use ir::Anchor;

/// What may stand before and behind the value.
pub struct Place {
    name: &'static str,
    summary: &'static str,
    before: bool,
    behind: bool,
}

pub const CONTAINS: Place =
    Place { name: "contains", summary: "The value stands anywhere in the field.", before: true, behind: true };
pub const STARTS_WITH: Place =
    Place { name: "startswith", summary: "The field begins with the value.", before: false, behind: true };
pub const ENDS_WITH: Place =
    Place { name: "endswith", summary: "The field ends with the value.", before: true, behind: false };

impl Place {
    fn place(&self) -> Where {
        match (self.before, self.behind) {
            (true, true) => Where::Anywhere,
            (false, true) => Where::Start,
            (true, false) => Where::End,
            (false, false) => Where::Whole,
        }
    }
}

impl Modifier for Place {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.placed = true;
        subject.each(|form| {
            Ok(vec![match form {
                Form::Regex(regex) => {
                    let mut regex = regex.clone();
                    match self.place() {
                        Where::Start => regex.anchor = Anchor::Start,
                        Where::End => regex.pattern = format!("(?:{})$", regex.pattern),
                        // A regular expression may fit anywhere already.
                        Where::Anywhere | Where::Whole => {}
                    }
                    Form::Regex(regex)
                }
                Form::Field { name, .. } => Form::Field { name: name.clone(), place: self.place() },
                other => match other.as_text() {
                    Some(glob) => Form::Text(glob.surrounded(self.before, self.behind)),
                    None => return Err(format!("`{}` takes a string, and here is {}", self.name, other.kind())),
                },
            }])
        })
    }
}
