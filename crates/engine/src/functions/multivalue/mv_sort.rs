//! `MV_SORT(field, order)`.

use super::reshape::bind;
use crate::functions::{Bound, Call, Doc, Example, Function, Input, Kind, Parameter, lists, order::comparator};
use ir::Diagnostic;

pub struct MvSort;

static DOC: Doc = Doc {
    name: "mv_sort",
    summary: "The values of a field in order.",
    parameters: &[
        Parameter::required("field", "any type", "The values."),
        Parameter::optional("order", "keyword", "`ASC` (the default) or `DESC`."),
    ],
    returns: "the field's type",
    examples: &[Example { query: r#"ROW x = MV_SORT([4, 2, -3, 2], "DESC")"#, rows: &["[4, 2, 2, -3]"] }],
};

impl Function for MvSort {
    fn doc(&self) -> &'static Doc {
        &DOC
    }

    fn bind(&self, call: &Call<'_>) -> Result<Bound, Diagnostic> {
        call.count(1, 2)?;
        let mut rest = Vec::new();
        let mut descending = false;
        if call.args.len() == 2 {
            call.expect(1, Kind::String)?;
            rest.push(Input::Captured);
            descending = match call.constant_text(1)? {
                Some(order) if order.eq_ignore_ascii_case("asc") => false,
                Some(order) if order.eq_ignore_ascii_case("desc") => true,
                Some(order) => {
                    let message = format!(
                        "Invalid order value in [{}], expected one of [ASC, DESC] but got [{order}]",
                        call.text
                    );
                    return Err(call.bad_value(1, message));
                }
                None => false,
            };
        }
        let field = call.column(0, Kind::Any)?;
        if !field.many {
            rest.insert(0, Input::One(field.ty));
            return Ok(Bound::new(field, rest, |args, _| Ok(args[0].clone())));
        }
        let sort = |descending| -> super::reshape::Fill {
            if descending {
                |ty, list, _, selection, _| sort_rows(ty, list, selection, true)
            } else {
                |ty, list, _, selection, _| sort_rows(ty, list, selection, false)
            }
        };
        bind(call, rest, sort(descending))
    }
}

fn sort_rows(
    ty: schema::Type,
    list: &arrow::array::ListArray,
    selection: &mut lists::Selection,
    descending: bool,
) -> Result<(), arrow::error::ArrowError> {
    let compare = comparator(ty, list.values(), list.values())?;
    let mut places: Vec<usize> = Vec::new();
    for row in lists::rows(list) {
        places.clear();
        places.extend(row.into_iter().flatten());
        places.sort_by(|a, b| if descending { compare(*b, *a) } else { compare(*a, *b) });
        places.iter().for_each(|at| selection.push(*at));
        selection.end_row();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn table() {
        crate::functions::testing::check(
            r##"
            mv_sort([4, 2, -3, 2]) => [-3, 2, 2, 4]
            mv_sort([4, 2, -3, 2], "DESC") => [4, 2, 2, -3]
            mv_sort([true, false, true], "asc") => [false, true, true]
            mv_sort(["b", "aa", "a"]) => [a, aa, b]
            mv_sort([version"1.11", version"1.2"]) => [1.2, 1.11]
            mv_sort(1) => 1
            mv_sort(null) => null
            mv_sort([2, 1], "up") => refused
            "##,
        );
    }
}
