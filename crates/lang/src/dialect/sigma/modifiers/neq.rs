//! `neq`

use super::{Misuse, Modifier, Subject};

pub struct Neq;

impl Modifier for Neq {
    fn name(&self) -> &'static str {
        "neq"
    }

    fn summary(&self) -> &'static str {
        "The field differs from the values, or is missing."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.negated = true;
        Ok(())
    }
}
