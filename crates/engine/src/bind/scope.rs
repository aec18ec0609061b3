//! The columns that a stage sees.

use super::Value;
use crate::types::ColumnType;
use datafusion::{common::Column as DfColumn, logical_expr::Expr, scalar::ScalarValue};
use schema::Field;

/// The columns of a stage's input, in order.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub columns: Vec<Column>,
    /// Canonical fields that no input has: they are null wherever the query names them.
    pub absent: Vec<Field>,
    /// Fields whose types differ between the selected streams, with those types in words.
    pub conflicts: Vec<(String, String)>,
}

/// A column by the name that the query and the plan both use.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub ty: ColumnType,
    /// Its value where that is the same in every row.
    pub constant: Option<ScalarValue>,
}

/// A reference to a column of the plan, whatever characters its name has.
pub fn reference(name: &str) -> Expr {
    Expr::Column(DfColumn::new_unqualified(name))
}

impl Column {
    pub fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Column { name: name.into(), ty, constant: None }
    }

    pub fn value(&self) -> Value {
        Value { expr: reference(&self.name), ty: self.ty, constant: self.constant.clone() }
    }

    pub fn field(&self) -> Field {
        Field { name: self.name.clone().into(), ty: self.ty.ty, many: self.ty.many }
    }
}

impl Scope {
    pub fn new(columns: Vec<Column>) -> Self {
        Scope { columns, ..Scope::default() }
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Adds a column at the end; one of the same name is replaced.
    pub fn push(&mut self, column: Column) {
        self.columns.retain(|old| old.name != column.name);
        self.absent.retain(|field| field.name != column.name);
        self.columns.push(column);
    }

    /// References to all columns, in order: the projection that changes nothing.
    pub fn references(&self) -> Vec<Expr> {
        self.columns.iter().map(|column| reference(&column.name)).collect()
    }

    /// The known name that is most like `name`, if any is close.
    pub fn similar(&self, name: &str) -> Option<&str> {
        let near = |candidate: &&str| distance(candidate, name) <= 1 + name.chars().count() / 4;
        let names = self.columns.iter().map(|column| column.name.as_str());
        let absent = self.absent.iter().map(|field| field.name.as_ref());
        names.chain(absent).filter(near).min_by_key(|candidate| distance(candidate, name))
    }
}

/// Levenshtein distance, over code points; names too different in length are not compared.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 8 || a.len().max(b.len()) > 256 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, &y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use schema::Type;

    #[test]
    fn a_similar_name_is_close() {
        let scope = Scope::new(vec![Column::new("dns.question.name", ColumnType::one(Type::Keyword))]);
        assert_eq!(scope.similar("dns.question.nam"), Some("dns.question.name"));
        assert_eq!(scope.similar("user"), None);
    }
}
