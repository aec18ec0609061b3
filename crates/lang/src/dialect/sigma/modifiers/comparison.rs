//! `lt`, `lte`, `gt`, `gte`

use super::{Form, Misuse, Modifier, Subject};
use ir::{CompareOp, Literal};

pub struct Comparison {
    name: &'static str,
    summary: &'static str,
    op: CompareOp,
}

pub const LESS: Comparison =
    Comparison { name: "lt", summary: "The field is a number below the value.", op: CompareOp::Less };
pub const LESS_OR_EQUAL: Comparison =
    Comparison { name: "lte", summary: "The field is a number not above the value.", op: CompareOp::LessOrEqual };
pub const GREATER: Comparison =
    Comparison { name: "gt", summary: "The field is a number above the value.", op: CompareOp::Greater };
pub const GREATER_OR_EQUAL: Comparison =
    Comparison { name: "gte", summary: "The field is a number not below the value.", op: CompareOp::GreaterOrEqual };

impl Modifier for Comparison {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn apply(&self, subject: &mut Subject<'_>) -> Result<(), Misuse> {
        if !subject.has_field {
            return Err(Misuse::new(format!("`{}` needs a field", self.name)));
        }
        subject.each(|form| {
            Ok(vec![match form {
                Form::TimePart { part, op: CompareOp::Equal, number } => {
                    Form::TimePart { part, op: self.op, number: number.clone() }
                }
                other => match number(other) {
                    Some(number) => Form::Compared(self.op, number),
                    None => return Err(format!("`{}` takes a number, and here is {}", self.name, other.kind())),
                },
            }])
        })
    }
}

/// A number, also one in quotes.
pub(super) fn number(form: &Form) -> Option<Literal> {
    match form {
        Form::Number(literal) => Some(literal.clone()),
        Form::Text(glob) => {
            let text = glob.text()?;
            if let Ok(integer) = text.parse::<i64>() {
                return Some(i32::try_from(integer).map_or(Literal::Long(integer), Literal::Integer));
            }
            text.parse().ok().filter(|double: &f64| double.is_finite()).map(Literal::Double)
        }
        _ => None,
    }
}
