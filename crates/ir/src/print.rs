//! Expressions as terms: operators in front, every bracket written, `~` where case does not count. For tests and for
//! people who ask how a rule was understood; nothing reads this form back.

use crate::{BinaryOp, Case, CompareOp, Expr, ExprKind, Literal, Pattern, PatternKind, TimeUnit};
use std::fmt::{self, Display, Formatter};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Literal(literal) => literal.fmt(f),
            ExprKind::Field(name) => f.write_str(name),
            ExprKind::Star => f.write_str("*"),
            ExprKind::EventText => f.write_str("<event>"),
            ExprKind::Unread => f.write_str("<unread>"),
            ExprKind::Not(value) => write!(f, "(not {value})"),
            ExprKind::Negate(value) => write!(f, "(neg {value})"),
            ExprKind::And(operands) => term(f, "and", operands),
            ExprKind::Or(operands) => term(f, "or", operands),
            ExprKind::Arithmetic { op, left, right } => write!(f, "({op} {left} {right})"),
            ExprKind::Compare { op, left, right, case } => write!(f, "({op}{case} {left} {right})"),
            ExprKind::In { value, list, case } => term(f, format_args!("in{case} {value}"), list),
            ExprKind::Matches { value, patterns } => term(f, format_args!("matches {value}"), patterns),
            ExprKind::IsNull { value, negated } => write!(f, "({} {value})", if *negated { "known" } else { "null" }),
            ExprKind::FullText { field, query } => write!(f, "(text {field} {query})"),
            ExprKind::AnyValue(test) => write!(f, "(any {test})"),
            ExprKind::AnyElement { of, test } => write!(f, "(any-of {} {test})", of.value),
            ExprKind::Cast { value, to } => write!(f, "({} {value})", to.value),
            ExprKind::Call { function, args, filter } => {
                write!(f, "[{}", function.value)?;
                args.iter().try_for_each(|arg| write!(f, " {arg}"))?;
                filter.iter().try_for_each(|filter| write!(f, " if {filter}"))?;
                f.write_str("]")
            }
            ExprKind::Options(options) => {
                let options: Vec<_> = options.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                write!(f, "{{{}}}", options.join(", "))
            }
        }
    }
}

fn term<T: Display>(f: &mut Formatter<'_>, head: impl Display, operands: &[T]) -> fmt::Result {
    write!(f, "({head}")?;
    operands.iter().try_for_each(|operand| write!(f, " {operand}"))?;
    f.write_str(")")
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("null"),
            Literal::Boolean(value) => value.fmt(f),
            Literal::Integer(value) => value.fmt(f),
            Literal::Long(value) => value.fmt(f),
            Literal::UnsignedLong(value) => value.fmt(f),
            Literal::Double(value) => write!(f, "{value:?}"),
            Literal::String(value) => write!(f, "{value:?}"),
            Literal::TimeSpan { count, unit } => write!(f, "{count} {unit}"),
            Literal::List(values) => {
                let values: Vec<_> = values.iter().map(Literal::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let case = self.case;
        match &self.kind {
            PatternKind::Equals(text) => write!(f, "equals{case}:{text:?}"),
            PatternKind::Contains(text) => write!(f, "contains{case}:{text:?}"),
            PatternKind::StartsWith(text) => write!(f, "starts{case}:{text:?}"),
            PatternKind::EndsWith(text) => write!(f, "ends{case}:{text:?}"),
            PatternKind::Wildcard(text) => write!(f, "wildcard{case}:{text:?}"),
            PatternKind::LuceneRegex(text) => write!(f, "lucene{case}:{text:?}"),
            PatternKind::Regex { pattern, syntax, anchor } => write!(f, "{syntax:?}/{anchor:?}{case}:{pattern:?}"),
            PatternKind::Term { text, place } => write!(f, "term/{place:?}{case}:{text:?}"),
            PatternKind::Cidr(network) => write!(f, "cidr:{network:?}"),
        }
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Case::Sensitive => "",
            Case::Insensitive => "~",
        })
    }
}

impl Display for BinaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Remainder => "%",
        })
    }
}

impl Display for CompareOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CompareOp::Equal => "==",
            CompareOp::NotEqual => "!=",
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
        })
    }
}

impl Display for TimeUnit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeUnit::Millisecond => "milliseconds",
            TimeUnit::Second => "seconds",
            TimeUnit::Minute => "minutes",
            TimeUnit::Hour => "hours",
            TimeUnit::Day => "days",
            TimeUnit::Week => "weeks",
            TimeUnit::Month => "months",
            TimeUnit::Quarter => "quarters",
            TimeUnit::Year => "years",
        })
    }
}
