//! Expressions without columns, evaluated while binding.

use super::Value;
use crate::types::ColumnType;
use datafusion::{
    arrow::{
        array::{ArrayRef, RecordBatch, RecordBatchOptions},
        datatypes::Schema,
    },
    common::DFSchema,
    error::Result,
    logical_expr::{
        ColumnarValue, Expr, execution_props::ExecutionProps, physical_planning_context::PhysicalPlanningContext,
    },
    physical_expr::create_physical_expr,
    scalar::ScalarValue,
};
use std::sync::Arc;

/// The value of an expression that names no column.
pub fn evaluate(expr: &Expr) -> Result<ScalarValue> {
    let physical =
        create_physical_expr(expr, &DFSchema::empty(), &ExecutionProps::new(), &PhysicalPlanningContext::default())?;
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let no_columns: Vec<ArrayRef> = Vec::new();
    let row = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), no_columns, &options)?;
    match physical.evaluate(&row)? {
        ColumnarValue::Scalar(value) => Ok(value),
        ColumnarValue::Array(array) => ScalarValue::try_from_array(&array, 0),
    }
}

/// The value of an expression over `operands`, whose folded forms it is built from: constant where all of them are.
pub fn value(expr: Expr, ty: ColumnType, operands: &[&Value]) -> Result<Value> {
    if operands.iter().any(|operand| operand.constant.is_none()) {
        return Ok(Value::new(expr, ty));
    }
    Ok(Value::constant(evaluate(&expr)?, ty))
}
