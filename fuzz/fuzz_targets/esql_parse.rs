//! Any text is a query or a list of errors inside it; a query survives printing.

#![no_main]

use lang::esql::{self, Params};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match esql::parse(text) {
        Ok(query) => {
            let printed = esql::print(&query);
            if printed.len() > esql::MAX_LENGTH {
                return;
            }
            let again = esql::parse(&printed).unwrap_or_else(|errors| panic!("{errors:?} in {printed}"));
            assert_eq!(printed, esql::print(&again));
            if let (Ok(first), Ok(second)) =
                (esql::lower(&query, &Params::none()), esql::lower(&again, &Params::none()))
            {
                assert_eq!(first.stages.len(), second.stages.len());
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty());
            for span in errors.iter().filter_map(|error| error.span) {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        }
    }
});
