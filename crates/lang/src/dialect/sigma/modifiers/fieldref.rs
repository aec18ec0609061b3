//! `fieldref`

use super::{Form, Misuse, Modifier, Place, Subject};

pub struct FieldRef;

impl Modifier for FieldRef {
    fn name(&self) -> &'static str {
        "fieldref"
    }

    fn summary(&self) -> &'static str {
        "The value is the name of another field of the event, to compare with."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        if !subject.has_field {
            return Err(Misuse::new("`fieldref` needs a field"));
        }
        subject.each_text(self.name(), |glob| match glob.text() {
            Some(name) if !name.is_empty() => Ok(vec![Form::Field { name: name.to_owned(), place: Place::Whole }]),
            _ => Err("`fieldref` takes the name of a field".to_owned()),
        })
    }
}
