//! The ends of ranges in Elasticsearch's query languages: numbers, texts, and date math such as `now-30d/d`.
//!
//! What is written as a number is one, since an ordered comparison of numbers as text means nothing; what begins with
//! `now` and follows the grammar of date math is a time. Rounding goes down for `<` and `>=` and to the last instant of
//! the unit for `<=` and `>`, as Elasticsearch documents it for range queries.

use ir::{BinaryOp, CompareOp, Expr, ExprKind, Literal, Span, Spanned, TimeUnit};

/// Longest date math that is read; each step of it is a level of the expression.
const MAX_STEPS: usize = 8;

/// What `field op text` compares the field with.
pub(crate) fn range_value(text: &str, op: CompareOp, span: Span) -> Expr {
    date_math(text, op, span).unwrap_or_else(|| Expr::new(ExprKind::Literal(number_or_text(text)), span))
}

/// A number where the whole text is one in decimal digits.
pub(super) fn number_or_text(text: &str) -> Literal {
    let numeric = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit());
    number(text).filter(|_| numeric).unwrap_or_else(|| Literal::String(text.to_owned()))
}

/// In the narrowest width that holds it.
fn number(text: &str) -> Option<Literal> {
    if let Ok(value) = text.parse() {
        return Some(Literal::Integer(value));
    }
    if let Ok(value) = text.parse() {
        return Some(Literal::Long(value));
    }
    if let Ok(value) = text.parse() {
        return Some(Literal::UnsignedLong(value));
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Literal::Double)
}

fn date_math(text: &str, op: CompareOp, span: Span) -> Option<Expr> {
    let mut rest = text.strip_prefix("now")?;
    let mut time = call("now", Vec::new(), span);
    for _ in 0..MAX_STEPS {
        let mut characters = rest.chars();
        let sign = match characters.next() {
            None => return Some(time),
            Some(sign) => sign,
        };
        rest = characters.as_str();
        if sign == '/' {
            let (unit, after) = unit(rest)?;
            rest = after;
            time = rounded(time, unit, op, span);
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let (unit, after) = unit(after)?;
        rest = after;
        let count = if number.is_empty() { 1 } else { number.parse().ok()? };
        let arithmetic = match sign {
            '+' => BinaryOp::Add,
            '-' => BinaryOp::Subtract,
            _ => return None,
        };
        time = moved(time, arithmetic, count, unit, span);
    }
    None
}

/// Case counts: `m` is minutes, `M` months.
fn unit(text: &str) -> Option<(TimeUnit, &str)> {
    let mut characters = text.chars();
    let unit = match characters.next()? {
        's' => TimeUnit::Second,
        'm' => TimeUnit::Minute,
        'h' | 'H' => TimeUnit::Hour,
        'd' => TimeUnit::Day,
        'w' => TimeUnit::Week,
        'M' => TimeUnit::Month,
        'y' => TimeUnit::Year,
        _ => return None,
    };
    Some((unit, characters.as_str()))
}

fn rounded(time: Expr, unit: TimeUnit, op: CompareOp, span: Span) -> Expr {
    let one = Expr::new(ExprKind::Literal(Literal::TimeSpan { count: 1, unit }), span);
    let start = call("date_trunc", vec![one, time], span);
    match op {
        CompareOp::Greater | CompareOp::LessOrEqual => {
            let next = moved(start, BinaryOp::Add, 1, unit, span);
            moved(next, BinaryOp::Subtract, 1, TimeUnit::Millisecond, span)
        }
        _ => start,
    }
}

fn moved(time: Expr, op: BinaryOp, count: i64, unit: TimeUnit, span: Span) -> Expr {
    let by = Expr::new(ExprKind::Literal(Literal::TimeSpan { count, unit }), span);
    Expr::new(ExprKind::Arithmetic { op, left: Box::new(time), right: Box::new(by) }, span)
}

fn call(function: &str, args: Vec<Expr>, span: Span) -> Expr {
    Expr::new(ExprKind::Call { function: Spanned { value: function.to_owned(), span }, args, filter: None }, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_ranges() {
        for (text, op, expected) in [
            ("100", CompareOp::Less, "100"),
            ("-2.5", CompareOp::Less, "-2.5"),
            ("5000000000", CompareOp::Less, "5000000000"),
            ("1.2.3", CompareOp::Less, "\"1.2.3\""),
            ("2024-01-01", CompareOp::Less, "\"2024-01-01\""),
            ("inf", CompareOp::Less, "\"inf\""),
            ("now-30d", CompareOp::GreaterOrEqual, "(- [now] 30 days)"),
            ("now-30d/d", CompareOp::GreaterOrEqual, "[date_trunc 1 days (- [now] 30 days)]"),
            ("now/h", CompareOp::LessOrEqual, "(- (+ [date_trunc 1 hours [now]] 1 hours) 1 milliseconds)"),
            ("now-1M+d", CompareOp::Less, "(+ (- [now] 1 months) 1 days)"),
            ("nowhere", CompareOp::Less, "\"nowhere\""),
            ("now-5", CompareOp::Less, "\"now-5\""),
        ] {
            assert_eq!(range_value(text, op, Span::default()).to_string(), expected, "{text}");
        }
        let long = format!("now{}", "+1d".repeat(1000));
        assert_eq!(range_value(&long, CompareOp::Less, Span::default()).to_string(), format!("{long:?}"));
    }
}
