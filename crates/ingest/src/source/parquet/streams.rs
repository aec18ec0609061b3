//! Which data streams the rows of a file belong to.
//!
//! By the columns that decide for JSON documents too. Most files hold one stream, and the statistics of the row groups
//! say so; where a group holds several values, its columns are read and each row is looked at.

use super::{column::Source, stored::Stored};
use crate::json::stream::{self, Facts, PATHS};
use ::parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder},
    },
    file::{metadata::RowGroupMetaData, statistics::Statistics},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray},
    compute::cast,
    datatypes::DataType,
};
use schema::DataStream;
use std::{collections::BTreeSet, sync::Arc};

/// A file with more streams than this says something else in those columns.
const MAX_STREAMS: usize = 1000;

pub struct Streams {
    all: Vec<DataStream>,
    /// Of each row group that holds one stream.
    groups: Vec<Option<DataStream>>,
}

/// How to name the stream of each row of a group.
#[derive(Clone)]
pub struct Plan {
    constant: Option<DataStream>,
    /// The columns that decide, in the order of [`Facts`]; the last is `_index`.
    columns: Vec<Option<Source>>,
}

impl Streams {
    pub fn of(file: &Stored, metadata: &ArrowReaderMetadata, columns: &[Source]) -> Result<Self, String> {
        let deciding = deciding(columns);
        let (mut all, mut groups) = (BTreeSet::new(), Vec::new());
        for (number, group) in metadata.metadata().row_groups().iter().enumerate() {
            let constant = constant(group, &deciding);
            match &constant {
                Some(stream) => {
                    all.insert(stream.clone());
                }
                None => {
                    let plan = Plan { constant: None, columns: deciding.clone() };
                    all.extend(plan.distinct(file, metadata, number)?);
                }
            }
            if all.len() > MAX_STREAMS {
                return Err(format!("its columns name more than {MAX_STREAMS} data streams"));
            }
            groups.push(constant);
        }
        Ok(Streams { all: all.into_iter().collect(), groups })
    }

    pub fn all(&self) -> Vec<DataStream> {
        self.all.clone()
    }

    pub fn plan(&self, group: usize, columns: &[Source]) -> Plan {
        Plan { constant: self.groups.get(group).cloned().flatten(), columns: deciding(columns) }
    }
}

impl Plan {
    /// The columns that have to be read.
    pub fn roots(&self) -> Vec<usize> {
        match self.constant {
            Some(_) => Vec::new(),
            None => self.columns.iter().flatten().map(|column| column.root).collect(),
        }
    }

    /// The name of each row's stream.
    pub fn names(&self, batch: &RecordBatch) -> ArrayRef {
        if let Some(stream) = &self.constant {
            let names = std::iter::repeat_n(Some(stream.as_str()), batch.num_rows());
            return Arc::new(names.collect::<StringViewArray>());
        }
        let names: StringViewArray = self.rows(batch).map(|stream| Some(stream.as_str().to_owned())).collect();
        Arc::new(names)
    }

    fn rows(&self, batch: &RecordBatch) -> impl Iterator<Item = DataStream> {
        let texts: Vec<Option<ArrayRef>> = self
            .columns
            .iter()
            .map(|column| {
                let array = batch.column_by_name(&column.as_ref()?.root_name)?;
                cast(array, &DataType::Utf8View).ok()
            })
            .collect();
        (0..batch.num_rows()).map(move |row| {
            let text = |at: usize| {
                let array = texts.get(at)?.as_ref()?.as_string_view();
                array.is_valid(row).then(|| array.value(row))
            };
            stream::of(&Facts { values: std::array::from_fn(text), index: text(PATHS.len()) })
        })
    }

    fn distinct(
        &self,
        file: &Stored,
        metadata: &ArrowReaderMetadata,
        group: usize,
    ) -> Result<BTreeSet<DataStream>, String> {
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file.clone(), metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(ProjectionMask::roots(metadata.parquet_schema(), self.roots()))
            .build()
            .map_err(|error| error.to_string())?;
        let mut found = BTreeSet::new();
        for batch in reader {
            found.extend(self.rows(&batch.map_err(|error| error.to_string())?));
        }
        Ok(found)
    }
}

/// The columns that decide; those within structs are not looked at.
fn deciding(columns: &[Source]) -> Vec<Option<Source>> {
    let named =
        |name: &&str| columns.iter().find(|column| column.field.name == *name && column.root_name == *name).cloned();
    PATHS.iter().chain(&["_index"]).map(named).collect()
}

/// The stream of a group in which each column that decides has one value throughout.
fn constant(group: &RowGroupMetaData, deciding: &[Option<Source>]) -> Option<DataStream> {
    let mut values: Vec<Option<String>> = Vec::new();
    for column in deciding {
        values.push(match column {
            Some(column) => value(group, &column.root_name)?,
            None => None,
        });
    }
    let text = |at: usize| values.get(at).and_then(Option::as_deref);
    Some(stream::of(&Facts { values: std::array::from_fn(text), index: text(PATHS.len()) }))
}

/// The only value of a column in a group, none within if all are null; none if it has several or that is not known.
fn value(group: &RowGroupMetaData, name: &str) -> Option<Option<String>> {
    let column = group.columns().iter().find(|column| column.column_path().parts() == [name])?;
    let Statistics::ByteArray(statistics) = column.statistics()? else { return None };
    let nulls = statistics.null_count_opt()?;
    if nulls == u64::try_from(group.num_rows()).ok()? {
        return Some(None);
    }
    let (min, max) = (statistics.min_opt()?, statistics.max_opt()?);
    // Long values are cut in statistics; then the two may agree by accident.
    let exact = statistics.min_is_exact() && statistics.max_is_exact();
    (nulls == 0 && exact && min == max).then(|| Some(String::from_utf8_lossy(min.data()).into_owned()))
}
