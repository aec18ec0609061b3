//! `COUNT_DISTINCT(field [, precision])`: how many different values there are.
//!
//! Exact up to the precision threshold: a set of 64-bit hashes. Beyond it a HyperLogLog sketch of 2^14 registers, whose standard
//! error is 0.8 %, which takes 16 KiB. Elasticsearch does the same with other constants.

use super::{
    Aggregate, BoundAggregate,
    reducer::{self, Reducer},
};
use crate::{
    functions::{Call, Doc, Example, Kind, Parameter},
    types::ColumnType,
    warning::Warnings,
};
use arrow::{
    array::{ArrayRef, Int64Array},
    datatypes::DataType,
};
use datafusion::{
    common::{
        HashSet, Result,
        hash_utils::{QualityRandomState, create_hashes},
    },
    logical_expr::Expr,
    scalar::ScalarValue,
};
use ir::Diagnostic;
use schema::Type;
use std::sync::Arc;

pub struct CountDistinct;

/// Elasticsearch's greatest `precision_threshold`. It is the default here, where Elasticsearch's is 3000: a hunt's counts are
/// compared with other tools', and a group may hold 400 KiB of hashes.
const GREATEST_THRESHOLD: u64 = 40_000;

static DOC: Doc = Doc {
    name: "count_distinct",
    summary: "The number of different values. Exact up to the precision threshold, close to it beyond.",
    parameters: &[
        Parameter::required("field", "any type", "The values to count."),
        Parameter::optional(
            "precision",
            "integer, long, unsigned_long",
            "The threshold; at most 40000, which is the default.",
        ),
    ],
    returns: "long",
    examples: &[Example { query: r#"ROW names = ["a", "b", "a"] | STATS n = COUNT_DISTINCT(names)"#, rows: &["2"] }],
};

impl Aggregate for CountDistinct {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>, mut args: Vec<Expr>, _: &Warnings) -> Result<BoundAggregate, Diagnostic> {
        call.count(1, 2)?;
        call.expect(0, Kind::Any)?;
        let threshold = if args.len() == 1 { GREATEST_THRESHOLD } else { threshold(call)? };
        args.truncate(1);
        let reducer = Distinct { threshold: threshold.min(GREATEST_THRESHOLD) as usize };
        let count = reducer::aggregate("count_distinct", reducer, DataType::Int64, args);
        Ok(BoundAggregate::single(ColumnType::one(Type::Long), count))
    }
}

fn threshold(call: &Call<'_>) -> Result<u64, Diagnostic> {
    call.expect(1, Kind::Numeric)?;
    let bad = || call.bad_value(1, format!("the precision of [{}] must be a constant whole number", call.text));
    let value = call.constant(1).ok_or_else(bad)?;
    match value.cast_to(&DataType::UInt64) {
        Ok(ScalarValue::UInt64(Some(threshold))) => Ok(threshold),
        _ => Err(bad()),
    }
}

struct Distinct {
    threshold: usize,
}

/// The hashes seen, or a sketch of them.
enum Hashes {
    Exact(HashSet<u64>),
    Sketch(Box<Sketch>),
}

impl Default for Hashes {
    fn default() -> Self {
        Hashes::Exact(HashSet::default())
    }
}

/// The hash function is the same in all partitions, or their sets could not be merged.
const HASHER: QualityRandomState = QualityRandomState::with_seed(0x6a6e);

impl Reducer for Distinct {
    type Group = Hashes;
    type Prepared = Vec<u64>;

    fn prepare(&self, args: &[ArrayRef]) -> Result<Vec<u64>> {
        let mut hashes = vec![0; args[0].len()];
        create_hashes(&args[..1], &HASHER, &mut hashes)?;
        Ok(hashes)
    }

    fn add(&self, group: &mut Hashes, hashes: &Vec<u64>, row: usize) {
        self.insert(group, hashes[row]);
    }

    fn merge(&self, group: &mut Hashes, other: Hashes) {
        match (&mut *group, other) {
            (_, Hashes::Exact(hashes)) => hashes.into_iter().for_each(|hash| self.insert(group, hash)),
            (Hashes::Exact(hashes), Hashes::Sketch(mut sketch)) => {
                hashes.iter().for_each(|&hash| sketch.insert(hash));
                *group = Hashes::Sketch(sketch);
            }
            (Hashes::Sketch(sketch), Hashes::Sketch(other)) => sketch.merge(&other),
        }
    }

    fn save(&self, group: &Hashes, out: &mut Vec<u8>) {
        match group {
            Hashes::Exact(hashes) => {
                out.push(0);
                hashes.iter().for_each(|hash| out.extend_from_slice(&hash.to_le_bytes()));
            }
            Hashes::Sketch(sketch) => {
                out.push(1);
                out.extend_from_slice(&sketch.registers);
            }
        }
    }

    fn load(&self, bytes: &[u8]) -> Option<Hashes> {
        match bytes.split_first()? {
            (0, hashes) => {
                let (hashes, rest) = hashes.as_chunks::<8>();
                rest.is_empty().then(|| Hashes::Exact(hashes.iter().map(|hash| u64::from_le_bytes(*hash)).collect()))
            }
            (1, registers) => Some(Hashes::Sketch(Box::new(Sketch { registers: registers.try_into().ok()? }))),
            _ => None,
        }
    }

    fn absorb(&self, group: &mut Hashes, bytes: &[u8]) -> bool {
        match bytes.split_first() {
            Some((0, hashes)) if hashes.len() % 8 == 0 => {
                hashes.as_chunks::<8>().0.iter().for_each(|hash| self.insert(group, u64::from_le_bytes(*hash)));
                true
            }
            _ => self.load(bytes).map(|other| self.merge(group, other)).is_some(),
        }
    }

    fn finish(&self, groups: Vec<Hashes>) -> Result<ArrayRef> {
        let counts = groups.iter().map(|group| match group {
            Hashes::Exact(hashes) => hashes.len() as i64,
            Hashes::Sketch(sketch) => sketch.estimate(),
        });
        Ok(Arc::new(counts.collect::<Int64Array>()))
    }

    fn size(&self, group: &Hashes) -> usize {
        match group {
            Hashes::Exact(hashes) => hashes.capacity() * (size_of::<u64>() + 1),
            Hashes::Sketch(_) => REGISTERS,
        }
    }
}

impl Distinct {
    fn insert(&self, group: &mut Hashes, hash: u64) {
        match group {
            Hashes::Sketch(sketch) => sketch.insert(hash),
            Hashes::Exact(hashes) => {
                if hashes.insert(hash) && hashes.len() > self.threshold {
                    let mut sketch = Box::new(Sketch { registers: [0; REGISTERS] });
                    hashes.iter().for_each(|&hash| sketch.insert(hash));
                    *group = Hashes::Sketch(sketch);
                }
            }
        }
    }
}

const INDEX_BITS: u32 = 14;
const REGISTERS: usize = 1 << INDEX_BITS;

/// HyperLogLog (Flajolet et al. 2007) over 64-bit hashes, with linear counting for small cardinalities.
struct Sketch {
    registers: [u8; REGISTERS],
}

impl Sketch {
    fn insert(&mut self, hash: u64) {
        let register = &mut self.registers[(hash >> (64 - INDEX_BITS)) as usize];
        // The set bit ends the run of zeros where all the hash's own bits are zero.
        let rank = ((hash << INDEX_BITS) | (1 << (INDEX_BITS - 1))).leading_zeros() as u8 + 1;
        *register = (*register).max(rank);
    }

    fn merge(&mut self, other: &Sketch) {
        for (register, other) in self.registers.iter_mut().zip(&other.registers) {
            *register = (*register).max(*other);
        }
    }

    fn estimate(&self) -> i64 {
        let registers = REGISTERS as f64;
        let sum: f64 = self.registers.iter().map(|&rank| (-f64::from(rank)).exp2()).sum();
        let raw = 0.7213 / (1.0 + 1.079 / registers) * registers * registers / sum;
        let empty = self.registers.iter().filter(|&&rank| rank == 0).count();
        let estimate = match empty {
            0 => raw,
            _ if raw > 2.5 * registers => raw,
            _ => registers * (registers / empty as f64).ln(),
        };
        estimate.round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(reducer: &Distinct, parts: &[std::ops::Range<i64>]) -> Result<i64> {
        let mut whole = Hashes::default();
        for part in parts {
            let values: ArrayRef = Arc::new(part.clone().collect::<Int64Array>());
            let hashes = reducer.prepare(&[values])?;
            let mut group = Hashes::default();
            (0..hashes.len()).for_each(|row| reducer.add(&mut group, &hashes, row));
            let mut bytes = Vec::new();
            reducer.save(&group, &mut bytes);
            reducer.merge(&mut whole, reducer.load(&bytes).unwrap_or_default());
        }
        let result = reducer.finish(vec![whole])?;
        Ok(result.as_any().downcast_ref::<Int64Array>().map_or(-1, |counts| counts.value(0)))
    }

    #[test]
    fn exact_up_to_the_threshold_across_partial_states() -> Result<()> {
        let reducer = Distinct { threshold: 3_000 };
        assert_eq!(counted(&reducer, &[0..2_000, 1_000..3_000])?, 3_000);
        Ok(())
    }

    #[test]
    fn close_beyond_the_threshold_in_every_combination_of_states() -> Result<()> {
        let reducer = Distinct { threshold: 3_000 };
        for parts in [[0..50_000, 50_000..100_000], [0..10, 0..100_000], [0..100_000, 99_990..100_000]] {
            let estimate = counted(&reducer, &parts)?;
            assert!((estimate - 100_000).abs() < 2_500, "{parts:?} gave {estimate}");
        }
        Ok(())
    }
}
