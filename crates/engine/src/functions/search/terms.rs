//! What `MATCH` and `MATCH_PHRASE` share: text as terms.
//!
//! Elasticsearch asks its index. Without one, text is cut into words where Unicode says (UAX 29), as the standard analyzer
//! does, and put in lower case; everything that is not text matches as a whole.

use crate::{
    functions::{Bound, Call, Input, Kernel, Kind, lists, order::comparator},
    types::ColumnType,
};
use arrow::array::{Array, AsArray, BooleanArray};
use ir::{Diagnostic, codes};
use schema::Type;
use std::{cmp::Ordering, sync::Arc};
use unicode_segmentation::UnicodeSegmentation;

/// Which of the query's terms a text must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    Any,
    All,
    /// All of them, next to each other and in order.
    Phrase,
}

/// Binds a call whose first two of `args` arguments are the field and the query; the others are options.
pub(super) fn bind(call: &Call<'_>, args: usize, wanted: Wanted) -> Result<Bound, Diagnostic> {
    if args != 2 {
        call.count(2, if args < call.args.len() { 3 } else { 2 })?;
    }
    let ty = call.expect(0, Kind::Any)?;
    call.must_be_constant(1)?;
    let boolean = ColumnType::one(Type::Boolean);
    let mut inputs = vec![Input::Captured; call.args.len()];
    if ty == Type::Null {
        return Ok(Bound::of(boolean, inputs, Arc::new(|_, evaluation| Ok(Arc::new(never(evaluation.rows))))));
    }
    let query = call.ty(1).ty;
    if ty != query && !query.is_string() && !(ty.is_numeric() && query.is_numeric()) && query != Type::Null {
        let message = format!("second argument of [{}] must be [{ty}], found type [{query}]", call.text);
        return Err(Diagnostic::refusal(codes::ARGUMENT_TYPE, message).at(call.span));
    }
    inputs[0] = Input::Many(ty);
    let kernel = if ty == Type::Text {
        text(call.constant_str(1).unwrap_or_default(), wanted)
    } else {
        inputs[1] = Input::One(ty);
        whole(ty)
    };
    Ok(Bound::of(boolean, inputs, kernel))
}

fn never(rows: usize) -> BooleanArray {
    BooleanArray::from(vec![false; rows])
}

fn whole(ty: Type) -> Kernel {
    Arc::new(move |args, _| {
        let list = args[0].as_list::<i32>();
        let equal = comparator(ty, list.values(), &args[1])?;
        let answers = lists::rows(list).enumerate().map(|(row, places)| {
            args[1].is_valid(row) && places.is_some_and(|mut places| places.any(|at| equal(at, row) == Ordering::Equal))
        });
        Ok(Arc::new(answers.map(Some).collect::<BooleanArray>()))
    })
}

fn text(query: &str, wanted: Wanted) -> Kernel {
    let query: Vec<String> = terms(query).collect();
    Arc::new(move |args, evaluation| {
        if query.is_empty() {
            return Ok(Arc::new(never(evaluation.rows)));
        }
        let list = args[0].as_list::<i32>();
        let texts = list.values().as_string_view();
        let answers = lists::rows(list)
            .map(|places| places.is_some_and(|mut places| places.any(|at| has_terms(texts.value(at), &query, wanted))));
        Ok(Arc::new(answers.map(Some).collect::<BooleanArray>()))
    })
}

fn has_terms(text: &str, query: &[String], wanted: Wanted) -> bool {
    let mut found = terms(text);
    match wanted {
        Wanted::Any => found.any(|term| query.contains(&term)),
        Wanted::All => {
            let found: Vec<String> = found.collect();
            query.iter().all(|term| found.contains(term))
        }
        Wanted::Phrase => {
            let found: Vec<String> = found.collect();
            found.windows(query.len()).any(|window| window == query)
        }
    }
}

/// The terms of a text, in lower case.
pub fn terms(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(str::to_lowercase)
}
