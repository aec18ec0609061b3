//! `cased`

use super::{Form, Misuse, Modifier, Subject};
use ir::Case;

pub struct Cased;

impl Modifier for Cased {
    fn name(&self) -> &'static str {
        "cased"
    }

    fn summary(&self) -> &'static str {
        "Letters of different case differ."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.case = Case::Sensitive;
        subject.each_text(self.name(), |glob| Ok(vec![Form::Text(glob.clone())]))
    }
}
