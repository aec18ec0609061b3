//! Any text is a program or an error inside it; any program is read as a condition of bounded depth, whose places are in it.

#![no_main]

use lang::python::{self, Facts, Library, Module};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let path = Path::new("rule.py");
    match Module::parse(path, text) {
        Err(error) => {
            let span = error.span.unwrap_or_default();
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        }
        Ok(module) => {
            let mut library = Library::default();
            library.add(path, text);
            let Ok(reading) = python::read(&module, "rule", &library, &Facts::default()) else { return };
            assert!(depth(&reading.condition) <= python::MAX_DEPTH);
            reading.condition.walk(&mut |expr| {
                let place = expr.span.start as usize..expr.span.end as usize;
                assert!(text.get(place).is_some(), "{:?} of {expr}", expr.span);
            });
        }
    }
});

fn depth(expr: &ir::Expr) -> usize {
    let mut below = 0;
    expr.for_each_child(&mut |child| below = below.max(depth(child)));
    below + 1
}
