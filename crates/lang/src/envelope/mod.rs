//! The vendors' rule files. Each envelope reads its file into an [`ir::Rule`] and hands the query inside to a
//! dialect, with an [`crate::Origin`] that says where in the file the query stands.

mod date_math;
pub mod elastic;
mod toml_file;
