//! Any bytes are read as `windows-dns-debug` or refused.

#![no_main]

#[path = "common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| common::read("windows-dns-debug", bytes));
