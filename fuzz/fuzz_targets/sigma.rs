//! Any text is rules with diagnostics that point into it; a detection survives printing.

#![no_main]

use ir::{Body, Expr};
use lang::dialect::sigma::{self, Placeholders};
use lang::envelope::sigma::{Sigma, detections};
use lang::envelope::{Context, Envelope};
use lang::repository::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let document = Document { path: "rules/fuzzed.yml".into(), text: text.to_owned() };
    Sigma.recognises(&document);
    let mut context = Context::default();
    Sigma.gather(&document, &mut context);
    for rule in Sigma.read(&document, &context) {
        let within = |span: ir::Span| {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        };
        rule.diagnostics.iter().filter_map(|found| found.span).for_each(within);
        rule.log_sources.iter().for_each(|source| within(source.span));
        let walk = |expr: &Expr| expr.walk(&mut |part| within(part.span));
        match &rule.body {
            Some(Body::Match(expr)) => walk(expr),
            Some(Body::Pipeline(pipeline)) => pipeline.for_each_expr(&mut |expr| walk(expr)),
            Some(Body::Sequence(sequence)) => sequence.steps.iter().for_each(|step| walk(&step.condition)),
            _ => {}
        }
    }
    for detection in detections(text).into_iter().flatten() {
        let printed = sigma::print(&detection);
        if printed.len() > 1 << 20 {
            continue;
        }
        let again = detections(&printed);
        let [Ok(read)] = again.as_slice() else { panic!("{again:?} in\n{printed}") };
        assert_eq!(printed, sigma::print(read));
        let meaning = |detection| sigma::lower(detection, &Placeholders::new()).map(|lowered| shape(&lowered.body));
        let (first, second) = (meaning(&detection), meaning(read));
        assert_eq!(first.ok(), second.ok(), "{printed}");
    }
});

fn shape(body: &Body) -> String {
    match body {
        Body::Match(expr) => expr.to_string(),
        other => other.kind().to_owned(),
    }
}
