//! The events of logs as a DataFusion table.
//!
//! Each partition is a worker of one scan: it decodes on the thread that then filters and aggregates, while the batch is
//! still in its cache, and only the projected columns are built. Workers pull, so a slow consumer holds them back.

use super::condition::conditions;
use crate::{finding::InputOutcome, json};
use async_trait::async_trait;
use datafusion::{
    arrow::{array::AsArray, datatypes::SchemaRef},
    catalog::{Session, TableProvider},
    error::{DataFusionError, Result},
    execution::TaskContext,
    logical_expr::{Expr, TableProviderFilterPushDown, TableType},
    physical_plan::{
        ExecutionPlan, SendableRecordBatchStream,
        stream::RecordBatchStreamAdapter,
        streaming::{PartitionStream, StreamingTableExec},
    },
};
use futures::stream;
use ingest::{Fetched, Input, Lost, Projection, Scan};
use schema::{DataStream, Field, StreamSelection};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The logs that a query may read, and the scans that queries made of them.
#[derive(Clone, Default)]
pub struct Events {
    inputs: Arc<Mutex<Arc<Vec<Input>>>>,
    /// Every scan so far, for progress and reports.
    scans: Arc<Mutex<Vec<Scan>>>,
}

impl Events {
    pub fn new(inputs: Vec<Input>) -> Self {
        Events { inputs: Arc::new(Mutex::new(Arc::new(inputs))), scans: Arc::default() }
    }

    pub fn inputs(&self) -> Arc<Vec<Input>> {
        locked(&self.inputs).clone()
    }

    /// Whether some input may have fields and data streams that are not known yet.
    pub fn is_open_ended(&self) -> bool {
        self.inputs().iter().any(Input::is_open_ended)
    }

    /// Reads such inputs through for all their fields and data streams.
    pub fn discover(&self) {
        if !self.is_open_ended() {
            return;
        }
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let found = ingest::discover(&self.inputs(), workers, |scan| self.begun(scan));
        *locked(&self.inputs) = Arc::new(found);
    }

    /// Whether events of these streams may be among the inputs'.
    pub fn may_have(&self, streams: &StreamSelection) -> bool {
        self.inputs().iter().any(|input| may_have(input, streams))
    }

    /// The scans made so far, in order.
    pub fn scans(&self) -> Vec<Scan> {
        locked(&self.scans).clone()
    }

    fn begun(&self, scan: &Scan) {
        locked(&self.scans).push(scan.clone());
    }

    /// What was read of each input, in order: by the pass that read most of it, as later ones may look at parts only.
    pub fn outcomes(&self) -> Vec<InputOutcome> {
        let scans = self.scans();
        let outcome = |input: &Input| {
            let reports = scans.iter().flat_map(Scan::reports).filter(|report| report.path == input.path());
            let (tally, error) = reports
                .map(|report| (report.tally, report.error))
                .max_by_key(|(tally, _)| tally.events + tally.unreadable)
                .unwrap_or_default();
            let (path, source) = (input.path().to_string(), Some(input.source().to_string()));
            let notes = input.log().notes();
            let error = error.map(|error| error.reason).or_else(|| input.changed().map(str::to_string));
            InputOutcome { path, source, tally, notes, error, skipped: None }
        };
        self.inputs().iter().map(outcome).collect()
    }

    /// Reads the inputs that no scan has looked at, so that their events and unreadable records are counted too.
    pub fn read_rest(&self, workers: usize) {
        let scanned: HashSet<String> = self.scans().iter().flat_map(Scan::reports).map(|report| report.path).collect();
        let inputs = self.inputs();
        let rest: Vec<Input> = inputs.iter().filter(|input| !scanned.contains(input.path())).cloned().collect();
        if rest.is_empty() {
            return;
        }
        let time = Field::one("@timestamp", schema::Type::Date);
        let scan = Scan::new(&rest, Arc::new(Projection::new(vec![time])), None);
        self.begun(&scan);
        std::thread::scope(|scope| {
            for _ in 0..workers.max(1) {
                scope.spawn(|| scan.worker().for_each(drop));
            }
        });
    }

    /// The events of those ids, whole, by id; and those that could not be read again.
    pub fn documents(&self, ids: &[&str]) -> (HashMap<String, Value>, Vec<Lost>) {
        let mut documents = HashMap::new();
        let (fetched, lost) = ingest::fetch(&self.inputs(), ids.iter().copied());
        for Fetched { fields, batch } in fetched {
            let named = batch.column_by_name(Projection::ID).map(|column| column.as_string_view().clone());
            let events: Vec<Field> = fields.into_iter().filter(|field| field.name != Projection::ID).collect();
            for (row, id) in named.iter().flatten().enumerate() {
                documents.insert(id.unwrap_or_default().to_string(), json::document(&batch, &events, row));
            }
        }
        (documents, lost)
    }

    /// The data streams known of the inputs, each once.
    pub fn streams(&self) -> Vec<DataStream> {
        let mut streams: Vec<DataStream> = self.inputs().iter().flat_map(Input::streams).collect();
        streams.sort();
        streams.dedup();
        streams
    }

    /// The table of the events of those streams. Of an input that is open-ended it has the `named` fields, too, since later
    /// events may have them.
    pub fn table<'f>(&self, streams: StreamSelection, named: impl Iterator<Item = &'f Field>) -> EventTable {
        let inputs = self.inputs();
        let selected: Vec<&Input> = inputs.iter().filter(|input| may_have(input, &streams)).collect();
        let named = named.filter(|_| selected.iter().any(|input| input.is_open_ended())).cloned();
        let mut fields: Vec<Field> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for field in selected.iter().flat_map(|input| input.fields()).chain(named) {
            match known.get(field.name.as_ref()).and_then(|&at| fields.get_mut(at)) {
                // Fields of the schema are of one type everywhere.
                Some(merged) => {
                    merged.many |= field.many;
                    merged.ty = merged.ty.widened(field.ty);
                }
                None => {
                    known.insert(field.name.to_string(), fields.len());
                    fields.push(field);
                }
            }
        }
        for name in [Projection::INDEX, Projection::ID] {
            if !known.contains_key(name) {
                fields.push(Field::one(name, schema::Type::Keyword));
            }
        }
        let schema = Projection::new(fields.clone()).arrow_schema().clone();
        EventTable { events: self.clone(), fields, schema, streams }
    }
}

/// A poisoned lock guards a list whose every change is one step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn may_have(input: &Input, streams: &StreamSelection) -> bool {
    input.is_open_ended() || input.streams().iter().any(|held| streams.has(held.as_str()))
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

/// The events of some data streams.
#[derive(Debug)]
pub struct EventTable {
    events: Events,
    fields: Vec<Field>,
    schema: SchemaRef,
    streams: StreamSelection,
}

impl EventTable {
    /// The fields that the events may have, `_index` and `_id` among them.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

#[async_trait]
impl TableProvider for EventTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    /// A scan leaves out what no filter lets pass, and decodes no more of it than the filters need.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let pure = |filter: &&Expr| match filter.is_volatile() {
            true => TableProviderFilterPushDown::Unsupported,
            false => TableProviderFilterPushDown::Exact,
        };
        Ok(filters.iter().map(pure).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let fields = match projection {
            Some(wanted) => wanted.iter().filter_map(|&at| self.fields.get(at)).cloned().collect(),
            None => self.fields.clone(),
        };
        let projection = Arc::new(Projection::new(fields));
        let schema = projection.arrow_schema().clone();
        let conditions = conditions(filters, &self.fields, state)?;
        let scan = Scan::of_those(&self.events.inputs(), projection, Some(&self.streams), conditions);
        self.events.begun(&scan);
        let partition =
            || Arc::new(Partition { scan: scan.clone(), schema: schema.clone() }) as Arc<dyn PartitionStream>;
        let partitions = (0..state.config().target_partitions().max(1)).map(|_| partition()).collect();
        Ok(Arc::new(StreamingTableExec::try_new(schema.clone(), partitions, None, [], false, limit)?))
    }
}

/// One worker of a scan.
struct Partition {
    scan: Scan,
    schema: SchemaRef,
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("events")
    }
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = self.scan.worker().map(|batch| batch.map_err(DataFusionError::from));
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), stream::iter(batches)))
    }
}
