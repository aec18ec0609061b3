//! Every rule language, read into `ir`.
//!
//! Two axes that are easily confused are kept apart: the **envelope** is the vendor's file (metadata, schedule,
//! severity), the **dialect** is the query language inside it. A dialect never sees a file and an envelope never
//! sees a token; what joins them is [`Origin`], which says where in the file each byte of the query stands, so that
//! every span points into the file. Nothing here knows field types or data, and nothing here sees Arrow.

pub mod dialect;
pub mod envelope;
mod origin;
pub mod parallel;
mod pcre;
pub mod repository;
mod similar;

pub use dialect::{esql, python, spl};
pub use origin::Origin;
