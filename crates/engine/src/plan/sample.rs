//! `SAMPLE`: each row with a probability.

use super::{Frame, Planner};
use arrow::{array::BooleanArray, datatypes::DataType};
use datafusion::{
    error::Result as DfResult,
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
};
use ir::{Diagnostic, Span, codes};
use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

impl Planner<'_> {
    pub(super) fn sample(&self, frame: Frame, probability: f64, span: Span) -> Result<Frame, Diagnostic> {
        if !(probability > 0.0 && probability < 1.0) {
            let message = format!("RANDOM_SAMPLING probability [{probability}] must be strictly between 0.0 and 1.0");
            return Err(Diagnostic::refusal(codes::ARGUMENT_VALUE, message).at(span));
        }
        let choose = Choose {
            // Numbers of 64 random bits below this are chosen.
            below: (probability * u64::MAX as f64) as u64,
            state: Arc::new(AtomicU64::new(RandomState::new().hash_one(span))),
            signature: Signature::nullary(Volatility::Volatile),
        };
        let choose = Arc::new(ScalarUDF::from(choose)).call(Vec::new());
        Frame::build(frame.plan, frame.scope, span, |builder| builder.filter(choose))
    }
}

/// A random boolean for each row.
#[derive(Debug)]
struct Choose {
    below: u64,
    state: Arc<AtomicU64>,
    signature: Signature,
}

impl ScalarUDFImpl for Choose {
    fn name(&self) -> &str {
        "sample"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DfResult<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        let chosen: BooleanArray = (0..args.number_rows).map(|_| Some(self.next() < self.below)).collect();
        Ok(ColumnarValue::Array(Arc::new(chosen)))
    }
}

impl Choose {
    /// SplitMix64 (Steele, Lea, Flood 2014), shared by all partitions.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl PartialEq for Choose {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.state, &other.state)
    }
}

impl Eq for Choose {}

impl std::hash::Hash for Choose {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.below.hash(state);
    }
}
