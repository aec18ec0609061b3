//! Any text is a query or an error inside it; a query survives printing, and what it means has its place in it.

#![no_main]

use lang::dialect::eql;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match eql::parse(text) {
        Ok(query) => {
            let printed = eql::print(&query);
            if printed.len() > eql::MAX_LENGTH {
                return;
            }
            let again = eql::parse(&printed).unwrap_or_else(|errors| panic!("{errors:?} in {printed}"));
            assert_eq!(printed, eql::print(&again));
            let options = eql::Options::default();
            let (first, second) = (eql::lower(&query, &options), eql::lower(&again, &options));
            assert_eq!(first.is_ok(), second.is_ok());
            if let (Ok((ir::Body::Match(first), _)), Ok((ir::Body::Match(second), _))) = (first, second) {
                assert_eq!(first.to_string(), second.to_string());
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
