//! Functions of internet addresses.

pub mod address;

pub use address::canonical;
