//! The query languages. Each has the same organs: lexer, AST, parser, lowering to `ir`, and a printer where rules
//! are written back out.

pub mod eql;
pub mod esql;
mod excerpt;
pub mod kuery;
pub mod kusto;
pub mod lucene;
pub mod python;
mod range_value;
pub mod sigma;
pub mod spl;

pub(crate) use range_value::range_value;
