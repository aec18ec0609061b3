//! `all`

use super::{Misuse, Modifier, Subject};

pub struct All;

impl Modifier for All {
    fn name(&self) -> &'static str {
        "all"
    }

    fn summary(&self) -> &'static str {
        "All values must fit, instead of any."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.all = true;
        Ok(())
    }
}
