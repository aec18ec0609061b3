//! `re` and its flags `i`, `m` and `s`

use super::{Form, Misuse, Modifier, Regex, Subject};
use ir::Anchor;

pub struct Re;

impl Modifier for Re {
    fn name(&self) -> &'static str {
        "re"
    }

    fn summary(&self) -> &'static str {
        "The value is a regular expression (PCRE) that fits somewhere in the field; letters of different case differ."
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        subject.each_text(self.name(), |glob| match &glob.raw {
            Some(raw) => Ok(vec![Form::Regex(Regex {
                pattern: raw.clone(),
                ignore_case: false,
                multi_line: false,
                single_line: false,
                anchor: Anchor::Anywhere,
                open: false,
            })]),
            None => Err("`re` must be the first of the modifiers that change a value".to_owned()),
        })
    }
}

/// What a regular expression does besides.
pub struct Flag {
    name: &'static str,
    summary: &'static str,
    set: fn(&mut Regex),
}

pub const IGNORE_CASE: Flag = Flag {
    name: "i",
    summary: "Letters of different case are the same in the regular expression.",
    set: |regex| regex.ignore_case = true,
};
pub const MULTI_LINE: Flag =
    Flag { name: "m", summary: "`^` and `$` fit at every line of the field.", set: |regex| regex.multi_line = true };
pub const SINGLE_LINE: Flag =
    Flag { name: "s", summary: "`.` fits line breaks too.", set: |regex| regex.single_line = true };

impl Modifier for Flag {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        for operand in &mut subject.operands {
            for form in &mut operand.forms {
                let Form::Regex(regex) = form else {
                    return Err(Misuse::new(format!("`{}` stands behind `re`", self.name)));
                };
                (self.set)(regex);
            }
        }
        Ok(())
    }
}
