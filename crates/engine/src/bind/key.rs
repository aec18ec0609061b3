//! Sort keys of the types whose text does not sort as their values do.

use super::{Binder, Value, failed, fold};
use crate::order;
use arrow::{
    array::{ArrayRef, AsArray, BinaryArray},
    datatypes::DataType,
};
use datafusion::{
    error::Result,
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility},
    scalar::ScalarValue,
};
use ir::{Diagnostic, Span};
use schema::Type;
use std::sync::Arc;

impl Binder<'_> {
    /// The least or greatest value of each row.
    pub fn extreme(&self, value: &Value, greatest: bool, span: Span) -> Result<Value, Diagnostic> {
        if !value.ty.many {
            return Ok(value.clone());
        }
        let name = if greatest { "mv_max" } else { "mv_min" };
        self.function_of(name, value, span)
    }

    /// A byte string that sorts as the address or version does; other types sort as they are.
    pub fn order_key(&self, value: &Value, span: Span) -> Result<Value, Diagnostic> {
        let version = match value.ty.ty {
            Type::Ip => false,
            Type::Version => true,
            _ => return Ok(value.clone()),
        };
        let udf = Arc::new(ScalarUDF::from(OrderKey { version, signature: Signature::any(1, Volatility::Immutable) }));
        fold::value(udf.call(vec![value.folded()]), value.ty, &[value]).map_err(|error| failed(error, span))
    }
}

/// Text of one value in each row to its key.
#[derive(Debug, PartialEq, Eq, Hash)]
struct OrderKey {
    version: bool,
    signature: Signature,
}

impl ScalarUDFImpl for OrderKey {
    fn name(&self) -> &str {
        if self.version { "version_order" } else { "ip_order" }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let key = |text: &str| if self.version { order::version(text) } else { order::ip(text).to_vec() };
        match args.args.first() {
            Some(ColumnarValue::Array(texts)) => {
                let keys: BinaryArray = texts.as_string_view().iter().map(|text| text.map(key)).collect();
                Ok(ColumnarValue::Array(Arc::new(keys) as ArrayRef))
            }
            Some(ColumnarValue::Scalar(text)) => {
                let key = text.try_as_str().flatten().map(key);
                Ok(ColumnarValue::Scalar(ScalarValue::Binary(key)))
            }
            None => Ok(ColumnarValue::Scalar(ScalarValue::Binary(None))),
        }
    }
}
