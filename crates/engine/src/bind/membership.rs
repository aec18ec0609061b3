//! `IN`: DataFusion's own, over operands of one flat type.

use super::{
    Binder, Value,
    convert::{common_type, reads_strings},
    failed, fold,
};
use crate::types::ColumnType;
use datafusion::logical_expr::Expr as DfExpr;
use datafusion::logical_expr::expr::InList;
use ir::{Case, Diagnostic, Expr, Span, codes};
use schema::Type;

impl Binder<'_> {
    pub(super) fn membership(
        &mut self,
        value: &Expr,
        list: &[Expr],
        case: Case,
        span: Span,
    ) -> Result<Value, Diagnostic> {
        if case == Case::Insensitive {
            let either: Result<Vec<_>, _> =
                list.iter().map(|item| self.compare(ir::CompareOp::Equal, value, item, case, span)).collect();
            return self.any(either?, span);
        }
        let needle = self.value(value)?;
        let items: Vec<Value> = list.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?;
        let boolean = ColumnType::one(Type::Boolean);
        if needle.ty.ty == Type::Null {
            return Ok(Value::null(boolean));
        }
        // The type of the value decides how constant strings read, or, if it is one, that of the first item.
        let reader = if needle.is_constant_string() {
            items.iter().map(|item| item.ty.ty).find(|ty| reads_strings(*ty))
        } else {
            Some(needle.ty.ty).filter(|ty| reads_strings(*ty))
        };
        let mut ty = reader.unwrap_or(needle.ty.ty);
        for item in &items {
            let readable = item.is_constant_string() && reads_strings(ty);
            ty =
                if readable { ty } else { common_type(ty, item.ty.ty).ok_or_else(|| self.odd_item(ty, item, span))? };
        }
        let needle = self.operand_of_one(&needle, ty, span)?;
        let items: Vec<Value> =
            items.iter().map(|item| self.operand_of_one(item, ty, span)).collect::<Result<_, _>>()?;
        let exprs = items.iter().map(Value::folded).collect();
        let test = DfExpr::InList(InList::new(Box::new(needle.folded()), exprs, false));
        let operands: Vec<&Value> = std::iter::once(&needle).chain(&items).collect();
        fold::value(test, boolean, &operands).map_err(|error| failed(error, span))
    }

    /// Any of these booleans.
    fn any(&self, values: Vec<Value>, span: Span) -> Result<Value, Diagnostic> {
        let expr = values.iter().map(Value::folded).reduce(DfExpr::or);
        let expr = expr.ok_or_else(|| Diagnostic::refusal(codes::SYNTAX, "an empty list").at(span))?;
        let operands: Vec<&Value> = values.iter().collect();
        fold::value(expr, ColumnType::one(Type::Boolean), &operands).map_err(|error| failed(error, span))
    }

    fn odd_item(&self, ty: Type, item: &Value, span: Span) -> Diagnostic {
        let text = self.query.source(span);
        let family = if ty.is_numeric() { "numeric" } else { ty.name() };
        let message =
            format!("argument of [{text}] must be [{family}], found value [{}] type [{}]", item.folded(), item.ty.ty);
        Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(span)
    }
}
