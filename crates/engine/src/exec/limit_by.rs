//! The first rows of each group, in the order of the input.
//!
//! A window function would sort by the groups and lose the order; this counts. The counts are charged to the memory
//! pool.

use datafusion::{
    arrow::{
        array::{BooleanArray, RecordBatch},
        compute::filter_record_batch,
        row::{RowConverter, SortField},
    },
    common::{DFSchemaRef, HashMap, tree_node::TreeNodeRecursion},
    error::{DataFusionError, Result},
    execution::{
        TaskContext,
        memory_pool::{MemoryConsumer, MemoryReservation},
    },
    logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore},
    physical_expr::PhysicalExpr,
    physical_plan::{
        DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, PlanProperties, SendableRecordBatchStream,
        stream::RecordBatchStreamAdapter,
    },
};
use futures::{StreamExt, stream};
use std::{cmp::Ordering, fmt, sync::Arc};

/// The logical node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitBy {
    input: LogicalPlan,
    keys: Vec<Expr>,
    count: usize,
}

impl LimitBy {
    pub fn new(input: LogicalPlan, keys: Vec<Expr>, count: usize) -> Self {
        LimitBy { input, keys, count }
    }

    pub fn keys(&self) -> &[Expr] {
        &self.keys
    }

    pub fn count(&self) -> usize {
        self.count
    }
}

impl PartialOrd for LimitBy {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.count.partial_cmp(&other.count)
    }
}

impl UserDefinedLogicalNodeCore for LimitBy {
    fn name(&self) -> &str {
        "LimitBy"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        self.input.schema()
    }

    fn expressions(&self) -> Vec<Expr> {
        self.keys.clone()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LimitBy: {} rows of each {:?}", self.count, self.keys)
    }

    fn with_exprs_and_inputs(&self, keys: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        match inputs.pop() {
            Some(input) => Ok(LimitBy { input, keys, count: self.count }),
            None => Err(DataFusionError::Internal("a limit has one input".to_string())),
        }
    }
}

/// The physical operator.
#[derive(Debug)]
pub struct LimitByExec {
    input: Arc<dyn ExecutionPlan>,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    count: usize,
}

impl LimitByExec {
    pub fn new(input: Arc<dyn ExecutionPlan>, keys: Vec<Arc<dyn PhysicalExpr>>, count: usize) -> Self {
        LimitByExec { input, keys, count }
    }
}

impl DisplayAs for LimitByExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LimitByExec: {} rows of each {:?}", self.count, self.keys)
    }
}

impl ExecutionPlan for LimitByExec {
    fn name(&self) -> &str {
        "LimitByExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        vec![Distribution::SinglePartition]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for key in &self.keys {
            if f(key)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match children.pop() {
            Some(input) => Ok(Arc::new(LimitByExec { input, keys: self.keys.clone(), count: self.count })),
            None => Err(DataFusionError::Internal("a limit has one input".to_string())),
        }
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let schema = self.input.schema();
        let fields: Vec<SortField> =
            self.keys.iter().map(|key| Ok(SortField::new(key.data_type(&schema)?))).collect::<Result<_>>()?;
        let counter = Counter {
            keys: self.keys.clone(),
            rows: RowConverter::new(fields)?,
            seen: HashMap::default(),
            most: self.count,
            memory: MemoryConsumer::new("LimitBy").register(context.memory_pool()),
        };
        let input = self.input.execute(partition, context)?;
        let limited = stream::unfold((input, counter), |(mut input, mut counter)| async move {
            let batch = input.next().await?;
            let kept = batch.and_then(|batch| counter.keep(&batch));
            Some((kept, (input, counter)))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, limited)))
    }
}

/// How many rows of each group have gone by.
struct Counter {
    keys: Vec<Arc<dyn PhysicalExpr>>,
    rows: RowConverter,
    seen: HashMap<Box<[u8]>, usize>,
    most: usize,
    memory: MemoryReservation,
}

impl Counter {
    fn keep(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns: Vec<_> = self
            .keys
            .iter()
            .map(|key| key.evaluate(batch).and_then(|value| value.into_array(batch.num_rows())))
            .collect::<Result<_>>()?;
        let rows = self.rows.convert_columns(&columns)?;
        let mut grown = 0;
        let mut kept = Vec::with_capacity(batch.num_rows());
        for row in rows.iter() {
            let seen = match self.seen.get_mut(row.as_ref()) {
                Some(seen) => seen,
                None => {
                    grown += row.as_ref().len() + size_of::<(Box<[u8]>, usize)>();
                    self.seen.entry(row.as_ref().into()).or_insert(0)
                }
            };
            kept.push(*seen < self.most);
            *seen = seen.saturating_add(1);
        }
        self.memory.try_grow(grown)?;
        Ok(filter_record_batch(batch, &BooleanArray::from(kept))?)
    }
}
