//! Comparisons. Operands of one flat type become DataFusion's own operators.

use super::{
    Binder, Value,
    convert::{common_type, reads_strings},
    failed, fold,
};
use crate::{
    functions::{Bound, Input},
    types::ColumnType,
};
use arrow::array::{ArrayRef, AsArray};
use datafusion::logical_expr::{BinaryExpr, Expr as DfExpr, Operator};
use ir::{Case, CompareOp, Diagnostic, Expr, Span, codes};
use schema::Type;
use std::sync::Arc;

impl Binder<'_> {
    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        case: Case,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        let (l, r) = (self.value(left)?, self.value(right)?);
        let (l, r) = self.read_strings((l, left.span), (r, right.span))?;
        let boolean = ColumnType::one(Type::Boolean);
        if l.ty.ty == Type::Null || r.ty.ty == Type::Null {
            return Ok(Value::null(boolean));
        }
        let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        let ty = common_type(l.ty.ty, r.ty.ty).filter(|ty| equality || *ty != Type::Boolean);
        let ty = ty.ok_or_else(|| self.mismatch(&l, &r, equality, span))?;
        let l = self.operand_of_one(&l, ty, span)?;
        let r = self.operand_of_one(&r, ty, span)?;
        let (l, r) = match (ty, equality, case) {
            (Type::Ip | Type::Version, false, _) => (self.order_key(&l, span)?, self.order_key(&r, span)?),
            (Type::Keyword | Type::Text, _, Case::Insensitive) => {
                (self.folded_case(&l, span)?, self.folded_case(&r, span)?)
            }
            _ => (l, r),
        };
        let operator = match op {
            CompareOp::Equal => Operator::Eq,
            CompareOp::NotEqual => Operator::NotEq,
            CompareOp::Less => Operator::Lt,
            CompareOp::LessOrEqual => Operator::LtEq,
            CompareOp::Greater => Operator::Gt,
            CompareOp::GreaterOrEqual => Operator::GtEq,
        };
        let compared = BinaryExpr::new(Box::new(l.folded()), operator, Box::new(r.folded()));
        fold::value(DfExpr::BinaryExpr(compared), boolean, &[&l, &r]).map_err(|error| failed(error, span))
    }

    /// Reads a constant string on one side as a value of the other side's type, for the types that are written so.
    pub(super) fn read_strings(
        &mut self,
        (l, left): (Value, Span),
        (r, right): (Value, Span),
    ) -> Result<(Value, Value), Diagnostic> {
        if l.is_constant_string() && reads_strings(r.ty.ty) {
            let l = self.convert(&l, r.ty.ty, left)?;
            return Ok((l, r));
        }
        if r.is_constant_string() && reads_strings(l.ty.ty) {
            let r = self.convert(&r, l.ty.ty, right)?;
            return Ok((l, r));
        }
        Ok((l, r))
    }

    /// One value of that type in each row.
    pub(super) fn operand_of_one(&mut self, value: &Value, ty: Type, span: Span) -> Result<Value, Diagnostic> {
        let single = self.single(value.clone(), value.ty.ty, span, "null")?;
        self.convert(&single, ty, span)
    }

    fn folded_case(&self, value: &Value, span: Span) -> Result<Value, Diagnostic> {
        let bound = Bound::new(value.ty, [Input::One(value.ty.ty)], |args, _| {
            let texts = args.iter().flat_map(|texts| texts.as_string_view());
            let lower: arrow::array::StringViewArray = texts.map(|text| text.map(str::to_lowercase)).collect();
            Ok(Arc::new(lower) as ArrayRef)
        });
        self.apply("lower_case", bound, &[value], span)
    }

    /// Why two types do not compare, in the words that Elasticsearch has for it.
    fn mismatch(&self, l: &Value, r: &Value, equality: bool, span: Span) -> Diagnostic {
        let text = self.query.source(span);
        let (a, b) = (l.ty.ty, r.ty.ty);
        let message = if a == Type::UnsignedLong || b == Type::UnsignedLong {
            format!(
                "first argument of [{text}] is [{a}] and second is [{b}]. \
                 [unsigned_long] can only be operated on together with another [unsigned_long]"
            )
        } else if a == Type::Boolean && !equality {
            format!(
                "first argument of [{text}] must be [date_nanos, datetime, double, integer, ip, keyword, long, text, \
                 unsigned_long or version], found type [boolean]"
            )
        } else {
            let family = |ty: Type| if ty.is_numeric() { "numeric" } else { ty.name() };
            format!(
                "first argument of [{text}] is [{}] so second argument must also be [{}] but was [{b}]",
                family(a),
                family(a)
            )
        };
        Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span)
    }
}
