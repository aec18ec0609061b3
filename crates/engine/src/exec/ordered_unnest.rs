//! Unnesting keeps the order of its input; DataFusion's operator does not say so.
//!
//! Without it the optimizer takes a `SORT` before `MV_EXPAND` for useless and removes it. The rule wraps each unnest in
//! a node that only adds the promise; the work stays where it was.

use datafusion::{
    common::tree_node::{Transformed, TreeNode, TreeNodeRecursion},
    config::ConfigOptions,
    error::{DataFusionError, Result},
    execution::TaskContext,
    physical_expr::PhysicalExpr,
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, SendableRecordBatchStream,
        replace_children_if_necessary, unnest::UnnestExec,
    },
};
use std::{fmt, sync::Arc};

/// The rule that wraps every unnest. Runs before all others.
#[derive(Debug, Default)]
pub struct KeepUnnestOrder;

impl PhysicalOptimizerRule for KeepUnnestOrder {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        let wrapped = plan.transform_up(|node| {
            let is_unnest = (node.as_ref() as &dyn std::any::Any).is::<UnnestExec>();
            Ok(if is_unnest {
                Transformed::yes(Arc::new(OrderedUnnest { unnest: node }) as Arc<dyn ExecutionPlan>)
            } else {
                Transformed::no(node)
            })
        })?;
        Ok(wrapped.data)
    }

    fn name(&self) -> &str {
        "keep_unnest_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// An unnest and the promise.
#[derive(Debug)]
struct OrderedUnnest {
    unnest: Arc<dyn ExecutionPlan>,
}

impl DisplayAs for OrderedUnnest {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ordered")?;
        self.unnest.fmt_as(format, f)
    }
}

impl ExecutionPlan for OrderedUnnest {
    fn name(&self) -> &str {
        "OrderedUnnest"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.unnest.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.unnest.children()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.unnest.apply_expressions(f)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        if children.len() != 1 {
            return Err(DataFusionError::Internal("an unnest has one input".to_string()));
        }
        let unnest = replace_children_if_necessary(self.unnest.clone(), children)?;
        Ok(Arc::new(OrderedUnnest { unnest }))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.unnest.execute(partition, context)
    }
}
