//! The query languages. Each has the same organs: lexer, AST, parser, lowering to `ir`, and a printer where rules
//! are written back out.

pub mod esql;
pub mod sigma;
