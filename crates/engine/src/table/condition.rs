//! Filters of a plan as conditions of a scan.

use arrow::{
    array::{ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions},
    datatypes::SchemaRef,
    error::ArrowError,
};
use datafusion::{
    catalog::Session,
    common::{
        DFSchema,
        tree_node::{TreeNode, TreeNodeRecursion},
    },
    error::Result,
    logical_expr::{Expr, utils::split_conjunction},
    physical_plan::PhysicalExpr,
};
use ingest::{Condition, Projection};
use schema::Field;
use std::sync::Arc;

/// A filter over some fields of events.
struct Filter {
    fields: Vec<Field>,
    schema: SchemaRef,
    test: Arc<dyn PhysicalExpr>,
}

/// The conditions that filters over a table of these fields amount to, cheap ones first.
pub fn conditions(filters: &[Expr], fields: &[Field], session: &dyn Session) -> Result<Vec<Arc<dyn Condition>>> {
    let mut tests: Vec<&Expr> = filters.iter().flat_map(split_conjunction).collect();
    tests.sort_by_key(|test| cost(test));
    tests.into_iter().map(|test| Filter::condition(test, fields, session)).collect()
}

/// How dear a test is, by its shape: each column has to be read, and a function costs more than a comparison.
fn cost(test: &Expr) -> usize {
    let mut cost = 0;
    // The visitor never fails.
    let _ = test.apply(|expr| {
        cost += match expr {
            Expr::ScalarFunction(_) => 10,
            Expr::Column(_) => 2,
            _ => 0,
        };
        Ok(TreeNodeRecursion::Continue)
    });
    cost
}

impl Filter {
    fn condition(test: &Expr, fields: &[Field], session: &dyn Session) -> Result<Arc<dyn Condition>> {
        let named = test.column_refs();
        let is_named = |field: &&Field| named.iter().any(|column| column.name == field.name);
        let fields: Vec<Field> = fields.iter().filter(is_named).cloned().collect();
        let schema = Projection::new(fields.clone()).arrow_schema().clone();
        let test = session.create_physical_expr(test.clone(), &DFSchema::try_from(schema.clone())?)?;
        Ok(Arc::new(Filter { fields, schema, test }))
    }
}

impl Condition for Filter {
    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn test(&self, columns: &[ArrayRef], rows: usize) -> Result<BooleanArray, ArrowError> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns.to_vec(), &options)?;
        let met = self.test.evaluate(&batch).and_then(|met| met.into_array(rows));
        let met = met.map_err(|error| ArrowError::from_external_error(Box::new(error)))?;
        let wrong = || ArrowError::InvalidArgumentError("a filter must be a boolean".to_string());
        met.as_boolean_opt().cloned().ok_or_else(wrong)
    }
}
