//! The adapter between aggregates that keep a state of their own for each group and DataFusion.
//!
//! Most [`Reducer`]s see single values; the adapter takes lists apart (all values of a row belong to the row's group), skips
//! nulls and filtered rows, and moves states between partial and final aggregation as columns of binary views, which a pane's
//! many windows share without copying.

use arrow::{
    array::{Array, ArrayRef, AsArray, BinaryViewArray, BinaryViewBuilder, BooleanArray, UInt32Array},
    compute::take,
    datatypes::{DataType, Field, FieldRef},
};
use datafusion::{
    common::{Result, exec_err},
    logical_expr::{
        Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
        function::{AccumulatorArgs, StateFieldsArgs},
    },
    scalar::ScalarValue,
};
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// How values become a group's state, and states a result.
pub trait Reducer: Send + Sync + 'static {
    /// The state of one group; the default is the state of no values.
    type Group: Default + Send + Sync + 'static;
    /// A batch's arguments, downcast and hashed or otherwise made ready once.
    type Prepared;

    /// Whether the reducer sees rows as they are, nulls and lists included, rather than the single values of its first argument.
    const WHOLE_ROWS: bool = false;

    /// Makes a batch ready. The first argument holds single values without nulls, unless the reducer sees whole rows; the
    /// others are of the same length, with the nulls and lists that they have.
    fn prepare(&self, args: &[ArrayRef]) -> Result<Self::Prepared>;

    /// Adds the value at `row`.
    fn add(&self, group: &mut Self::Group, values: &Self::Prepared, row: usize);

    fn merge(&self, group: &mut Self::Group, other: Self::Group);

    /// Writes a state so that [`Reducer::load`] reads it back.
    fn save(&self, group: &Self::Group, out: &mut Vec<u8>);

    /// Reads a state; `None` if the bytes are not one.
    fn load(&self, bytes: &[u8]) -> Option<Self::Group>;

    /// Adds a saved state; false if the bytes are not one. Worth writing where a state takes memory: windows absorb each
    /// state many times.
    fn absorb(&self, group: &mut Self::Group, bytes: &[u8]) -> bool {
        self.load(bytes).map(|other| self.merge(group, other)).is_some()
    }

    /// The result of each group.
    fn finish(&self, groups: Vec<Self::Group>) -> Result<ArrayRef>;

    /// Heap bytes held by a group.
    fn size(&self, group: &Self::Group) -> usize;
}

/// The DataFusion aggregate of a reducer.
pub fn aggregate<R: Reducer>(name: &'static str, reducer: R, returns: DataType, args: Vec<Expr>) -> Expr {
    let signature = Signature::any(args.len(), Volatility::Immutable);
    let call = ReducerUdaf { name, reducer: Arc::new(reducer), returns, signature };
    AggregateUDF::from(call).call(args)
}

struct ReducerUdaf<R> {
    name: &'static str,
    reducer: Arc<R>,
    returns: DataType,
    signature: Signature,
}

impl<R: Reducer> AggregateUDFImpl for ReducerUdaf<R> {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[state]", args.name), DataType::BinaryView, true))])
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Groups::new(self.reducer.clone())))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::new(self.reducer.clone())))
    }
}

/// The states of all groups of one partition.
struct Groups<R: Reducer> {
    reducer: Arc<R>,
    groups: Vec<R::Group>,
    /// Heap bytes of all groups, kept up to date because asking every group is too slow.
    bytes: usize,
}

impl<R: Reducer> Groups<R> {
    fn new(reducer: Arc<R>) -> Self {
        Groups { reducer, groups: Vec::new(), bytes: 0 }
    }

    fn reserve(&mut self, groups: usize) {
        if self.groups.len() < groups {
            self.groups.resize_with(groups, R::Group::default);
        }
    }

    fn change(&mut self, group: usize, change: impl FnOnce(&R, &mut R::Group)) {
        let before = self.reducer.size(&self.groups[group]);
        change(&self.reducer, &mut self.groups[group]);
        self.bytes = (self.bytes + self.reducer.size(&self.groups[group])).saturating_sub(before);
    }

    fn add(&mut self, args: &[ArrayRef], group_of: impl Fn(usize) -> Option<usize>) -> Result<()> {
        if R::WHOLE_ROWS {
            let prepared = self.reducer.prepare(args)?;
            for row in 0..args.first().map_or(0, |first| first.len()) {
                if let Some(group) = group_of(row) {
                    self.change(group, |reducer, state| reducer.add(state, &prepared, row));
                }
            }
            return Ok(());
        }
        let (values, rows) = single_values(args)?;
        let prepared = self.reducer.prepare(&values)?;
        for (at, row) in rows.into_iter().enumerate() {
            if let Some(group) = group_of(row as usize) {
                self.change(group, |reducer, state| reducer.add(state, &prepared, at));
            }
        }
        Ok(())
    }

    fn absorb(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let states = states[0].as_binary_view();
        for (row, bytes) in states.iter().enumerate() {
            let Some(bytes) = bytes else { continue };
            let mut sound = true;
            self.change(group_of(row), |reducer, state| sound = reducer.absorb(state, bytes));
            if !sound {
                return exec_err!("a partial aggregate state is damaged");
            }
        }
        Ok(())
    }

    fn emit(&mut self, emit_to: EmitTo) -> Vec<R::Group> {
        let groups = emit_to.take_needed(&mut self.groups);
        let bytes: usize = groups.iter().map(|group| self.reducer.size(group)).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        groups
    }

    fn saved(&self, groups: &[R::Group]) -> BinaryViewArray {
        let mut states = BinaryViewBuilder::new();
        let mut bytes = Vec::new();
        for group in groups {
            bytes.clear();
            self.reducer.save(group, &mut bytes);
            states.append_value(&bytes);
        }
        states.finish()
    }

    fn size(&self) -> usize {
        self.bytes + self.groups.capacity() * size_of::<R::Group>()
    }
}

impl<R: Reducer> GroupsAccumulator for Groups<R> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.reserve(total_num_groups);
        let passes = |row| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.add(values, |row| passes(row).then(|| group_indices[row]))
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = self.emit(emit_to);
        self.reducer.finish(groups)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let groups = self.emit(emit_to);
        Ok(vec![Arc::new(self.saved(&groups))])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], group_indices: &[usize], total_num_groups: usize) -> Result<()> {
        self.reserve(total_num_groups);
        self.absorb(values, |row| group_indices[row])
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let rows: Vec<usize> = (0..values.first().map_or(0, |first| first.len())).collect();
        let mut states = Groups::new(self.reducer.clone());
        GroupsAccumulator::update_batch(&mut states, values, &rows, filter, rows.len())?;
        GroupsAccumulator::state(&mut states, EmitTo::All)
    }

    fn size(&self) -> usize {
        Groups::size(self)
    }
}

impl<R: Reducer> Accumulator for Groups<R> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.reserve(1);
        self.add(values, |_| Some(0))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.reserve(1);
        let groups = self.emit(EmitTo::All);
        ScalarValue::try_from_array(&self.reducer.finish(groups)?, 0)
    }

    fn size(&self) -> usize {
        Groups::size(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.reserve(1);
        let groups = self.emit(EmitTo::All);
        Ok(vec![ScalarValue::try_from_array(&self.saved(&groups), 0)?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.reserve(1);
        self.absorb(states, |_| 0)
    }
}

/// The first argument's values without nulls and out of their lists, the other arguments beside them, and the row that
/// each came from.
fn single_values(args: &[ArrayRef]) -> Result<(Vec<ArrayRef>, Vec<u32>)> {
    let Some(first) = args.first() else { return exec_err!("an aggregate needs an argument") };
    let mut rows = Vec::with_capacity(first.len());
    let mut elements = Vec::with_capacity(first.len());
    let values = match first.as_list_opt::<i32>() {
        Some(list) => {
            for (row, ends) in list.offsets().windows(2).enumerate().filter(|(row, _)| list.is_valid(*row)) {
                rows.extend(std::iter::repeat_n(row as u32, (ends[1] - ends[0]) as usize));
                elements.extend(ends[0] as u32..ends[1] as u32);
            }
            list.values()
        }
        None => {
            rows.extend((0..first.len() as u32).filter(|&row| first.is_valid(row as usize)));
            elements.clone_from(&rows);
            first
        }
    };
    if elements.len() == first.len() && args.len() == 1 && first.as_list_opt::<i32>().is_none() {
        return Ok((args.to_vec(), rows));
    }
    let mut flat = vec![take(values, &UInt32Array::from(elements), None)?];
    let rows_array = UInt32Array::from(rows.clone());
    for other in &args[1..] {
        flat.push(take(other, &rows_array, None)?);
    }
    Ok((flat, rows))
}

impl<R: Reducer> fmt::Debug for Groups<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} groups", self.groups.len())
    }
}

impl<R> fmt::Debug for ReducerUdaf<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

// Two calls are the same aggregate when they share a reducer, which holds their constant arguments.
impl<R> PartialEq for ReducerUdaf<R> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reducer, &other.reducer)
    }
}

impl<R> Eq for ReducerUdaf<R> {}

impl<R> Hash for ReducerUdaf<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
