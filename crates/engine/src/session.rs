//! Running queries.
//!
//! A session owns the threads, the memory and the spill space that its queries share. A query is bound, planned and run;
//! what it could not compute is told beside the answer, never instead of it.

use crate::{
    bind::Query,
    exec::{KeepUnnestOrder, Planner as PhysicalPlanner},
    plan::{Frame, Planner, Split},
    table::Tables,
    warning::{Warning, Warnings},
};
use arrow::{array::RecordBatch, compute::cast, datatypes::Schema};
use datafusion::{
    error::DataFusionError,
    execution::{
        SendableRecordBatchStream, SessionStateBuilder, context::SessionContext, memory_pool::FairSpillPool,
        runtime_env::RuntimeEnvBuilder,
    },
    logical_expr::LogicalPlan,
    physical_optimizer::optimizer::PhysicalOptimizer,
    physical_plan::{ExecutionPlan, execute_stream},
    prelude::SessionConfig,
};
use futures::StreamExt;
use ingest::physical;
use ir::{Diagnostic, Pipeline, codes};
use schema::Field;
use std::{
    cell::{Cell, RefCell},
    path::PathBuf,
    sync::Arc,
};
use tokio::runtime::Runtime;

/// What a session may use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes that operators may hold before they spill to disk or the query fails.
    pub memory: usize,
    /// How many threads work at once; each reads and aggregates a part of the input.
    pub partitions: usize,
    /// What `NOW()` is, in nanoseconds since the epoch. The engine has no clock of its own.
    pub now: i64,
    /// Where operators spill to; the system's directory for temporary files where absent.
    pub spill: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        let partitions = std::thread::available_parallelism().map_or(1, usize::from);
        Settings { memory: 512 << 20, partitions, now: 0, spill: None }
    }
}

/// Threads, memory and settings for queries.
pub struct Session {
    context: SessionContext,
    runtime: Runtime,
    now: i64,
    memory: usize,
}

/// A query's result.
#[derive(Clone, Debug)]
pub struct Answer {
    pub fields: Vec<Field>,
    /// Columns have the physical types of `fields`, in the same order.
    pub batches: Vec<RecordBatch>,
    /// What could not be computed while running.
    pub warnings: Vec<Warning>,
    /// Losses and notes found before running.
    pub diagnostics: Vec<Diagnostic>,
}

/// A query, ready to run.
pub struct Prepared {
    pub fields: Vec<Field>,
    pub logical: LogicalPlan,
    pub physical: Arc<dyn ExecutionPlan>,
    /// Filled while the plan runs.
    pub warnings: Warnings,
    pub diagnostics: Vec<Diagnostic>,
}

impl Session {
    /// # Errors
    /// The system refuses threads or the spill directory.
    pub fn new(settings: &Settings) -> Result<Session, Diagnostic> {
        let refused = |error: String| Diagnostic::refusal(codes::EXECUTION, error);
        let mut config = SessionConfig::new().with_target_partitions(settings.partitions.max(1));
        let options = config.options_mut();
        // Scans are parallel by themselves, and repartitioning a sorted stream would lose its order.
        options.optimizer.enable_round_robin_repartition = false;
        // The small side of each join is known and put first.
        options.optimizer.join_reordering = false;
        options.optimizer.repartition_joins = false;
        let mut environment = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(settings.memory)));
        if let Some(spill) = &settings.spill {
            environment = environment.with_temp_file_path(spill);
        }
        let environment = environment.build_arc().map_err(|error| refused(error.strip_backtrace()))?;
        let mut rules = PhysicalOptimizer::new().rules;
        rules.insert(0, Arc::new(KeepUnnestOrder));
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(environment)
            .with_default_features()
            .with_physical_optimizer_rules(rules)
            .with_query_planner(Arc::new(PhysicalPlanner))
            .build();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(settings.partitions.max(1))
            .thread_stack_size(8 << 20)
            .thread_name("engine")
            .build()
            .map_err(|error| refused(format!("cannot start threads: {error}")))?;
        Ok(Session {
            context: SessionContext::new_with_state(state),
            runtime,
            now: settings.now,
            memory: settings.memory,
        })
    }

    /// The DataFusion context that plans of this session run in.
    pub fn context(&self) -> &SessionContext {
        &self.context
    }

    /// The threads that plans of this session run on.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Runs a pipeline to its end. `text` is what its spans point into.
    ///
    /// # Errors
    /// Why the pipeline does not fit the tables, or what stopped it.
    pub fn query(&self, pipeline: &Pipeline, text: &str, tables: &Tables) -> Result<Answer, Vec<Diagnostic>> {
        let mut batches = Vec::new();
        let mut answer = self.stream(pipeline, text, tables, &mut |batch| batches.push(batch))?;
        answer.batches = batches;
        Ok(answer)
    }

    /// Runs a pipeline and hands on each batch of its result as it comes; the answer's own batches are empty.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub fn stream(
        &self,
        pipeline: &Pipeline,
        text: &str,
        tables: &Tables,
        each: &mut dyn FnMut(RecordBatch),
    ) -> Result<Answer, Vec<Diagnostic>> {
        let prepared = self.prepare(pipeline, text, tables)?;
        let shape = Shape::new(&prepared.fields);
        let mut misshapen = None;
        self.run(&prepared.physical, &mut |batch| match shape.of(&batch) {
            Ok(batch) => each(batch),
            Err(error) => misshapen = Some(stopped(&error)),
        })
        .map_err(|error| vec![error])?;
        if let Some(error) = misshapen {
            return Err(vec![error]);
        }
        Ok(Answer {
            fields: prepared.fields,
            batches: Vec::new(),
            warnings: prepared.warnings.list(),
            diagnostics: prepared.diagnostics,
        })
    }

    /// Binds and plans a pipeline.
    ///
    /// # Errors
    /// Why the pipeline does not fit the tables.
    pub fn prepare(&self, pipeline: &Pipeline, text: &str, tables: &Tables) -> Result<Prepared, Vec<Diagnostic>> {
        let query = self.binding(text);
        let frame = Planner { query: &query, tables }.pipeline(pipeline).map_err(|error| vec![error])?;
        let physical = self.planned(&frame, tables.events.is_none()).map_err(|error| vec![error])?;
        let fields = frame.scope.columns.iter().map(|column| column.field()).collect();
        let diagnostics = query.diagnostics.into_inner();
        Ok(Prepared { fields, logical: frame.plan, physical, warnings: query.warnings, diagnostics })
    }

    /// The pipeline cut at its first `STATS`; see [`Planner::split`]. The query collects what is found while binding.
    ///
    /// # Errors
    /// As [`Session::prepare`].
    pub fn split(
        &self,
        pipeline: &Pipeline,
        query: &Query,
        tables: &Tables,
        carry: &[(&str, &str)],
    ) -> Result<Split, Diagnostic> {
        Planner { query, tables }.split(pipeline, carry)
    }

    /// What binding a text's expressions needs.
    pub fn binding(&self, text: &str) -> Query {
        Query {
            text: Arc::from(text),
            now: self.now,
            warnings: Warnings::default(),
            unknown_fields: Cell::default(),
            diagnostics: RefCell::default(),
        }
    }

    /// The physical plan of a frame.
    ///
    /// # Errors
    /// DataFusion refuses the plan.
    pub fn physical(&self, frame: &Frame) -> Result<Arc<dyn ExecutionPlan>, Diagnostic> {
        self.planned(frame, false)
    }

    /// The physical plan of a frame. Without logs there is little to aggregate, and the groups may as well come in the
    /// order in which they appear.
    fn planned(&self, frame: &Frame, small: bool) -> Result<Arc<dyn ExecutionPlan>, Diagnostic> {
        let mut state = self.context.state();
        state.config_mut().options_mut().optimizer.repartition_aggregations = !small;
        let planned = self.runtime.block_on(state.create_physical_plan(&frame.plan));
        planned.map_err(|error| stopped(&error))
    }

    /// Runs a physical plan and hands on each batch as it comes.
    ///
    /// # Errors
    /// What stopped it.
    pub fn run(&self, plan: &Arc<dyn ExecutionPlan>, each: &mut dyn FnMut(RecordBatch)) -> Result<(), Diagnostic> {
        let mut stream: SendableRecordBatchStream = {
            let _within = self.runtime.enter();
            execute_stream(plan.clone(), self.context.task_ctx()).map_err(|error| stopped(&error))?
        };
        while let Some(batch) = self.runtime.block_on(stream.next()) {
            each(batch.map_err(|error| stopped(&error))?);
        }
        Ok(())
    }

    /// Bytes that operators may hold.
    pub fn memory(&self) -> usize {
        self.memory
    }
}

/// The diagnostic of a query that was stopped.
fn stopped(error: &DataFusionError) -> Diagnostic {
    let code = match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => codes::LIMIT_EXCEEDED,
        _ => codes::EXECUTION,
    };
    Diagnostic::refusal(code, error.strip_backtrace())
}

/// Brings result batches to the exact physical types of the fields: operators may give plain strings for string views.
struct Shape {
    schema: Arc<Schema>,
}

impl Shape {
    fn new(fields: &[Field]) -> Self {
        Shape { schema: Arc::new(Schema::new(fields.iter().map(physical::field).collect::<Vec<_>>())) }
    }

    fn of(&self, batch: &RecordBatch) -> Result<RecordBatch, DataFusionError> {
        let columns = batch
            .columns()
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| {
                if column.data_type() == field.data_type() {
                    Ok(column.clone())
                } else {
                    cast(column, field.data_type())
                }
            })
            .collect::<Result<_, _>>()?;
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)?)
    }
}
