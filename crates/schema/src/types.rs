//! Types of fields and columns, as Elasticsearch names them.

use std::{borrow::Cow, fmt};

/// The type of one value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    Boolean,
    /// 32-bit signed.
    Integer,
    /// 64-bit signed.
    Long,
    /// 64-bit unsigned.
    UnsignedLong,
    /// IEEE 754 binary64.
    Double,
    /// A string compared as a whole.
    Keyword,
    /// A string that full-text search sees as terms.
    Text,
    /// Milliseconds since the Unix epoch, UTC.
    Date,
    /// Nanoseconds since the Unix epoch, UTC.
    DateNanos,
    /// An IPv4 or IPv6 address in canonical text form (RFC 5952; IPv4-mapped addresses as IPv4).
    Ip,
    /// A software version, ordered as Semantic Versioning 2.0 orders it.
    Version,
    /// The type of a literal null and of columns that hold nothing else.
    Null,
}

impl Type {
    pub const ALL: [Type; 12] = [
        Type::Boolean,
        Type::Integer,
        Type::Long,
        Type::UnsignedLong,
        Type::Double,
        Type::Keyword,
        Type::Text,
        Type::Date,
        Type::DateNanos,
        Type::Ip,
        Type::Version,
        Type::Null,
    ];

    /// The name Elasticsearch gives the type in results and messages.
    pub fn name(self) -> &'static str {
        match self {
            Type::Boolean => "boolean",
            Type::Integer => "integer",
            Type::Long => "long",
            Type::UnsignedLong => "unsigned_long",
            Type::Double => "double",
            Type::Keyword => "keyword",
            Type::Text => "text",
            Type::Date => "date",
            Type::DateNanos => "date_nanos",
            Type::Ip => "ip",
            Type::Version => "version",
            Type::Null => "null",
        }
    }

    pub fn from_name(name: &str) -> Option<Type> {
        Type::ALL.into_iter().find(|ty| ty.name() == name)
    }

    /// The type that holds values of both: a double where both are numbers, otherwise a keyword.
    pub fn widened(self, other: Type) -> Type {
        let is_number = |ty| matches!(ty, Type::Integer | Type::Long | Type::UnsignedLong | Type::Double);
        match (self, other) {
            (one, other) if one == other => one,
            (Type::Integer, Type::Long) | (Type::Long, Type::Integer) => Type::Long,
            (one, other) if is_number(one) && is_number(other) => Type::Double,
            _ => Type::Keyword,
        }
    }

    pub fn is_string(self) -> bool {
        matches!(self, Type::Keyword | Type::Text)
    }

    pub fn is_numeric(self) -> bool {
        matches!(self, Type::Integer | Type::Long | Type::UnsignedLong | Type::Double)
    }

    pub fn is_date(self) -> bool {
        matches!(self, Type::Date | Type::DateNanos)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A field or column: its dotted name, the type of its values, and whether one event may hold several of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: Cow<'static, str>,
    pub ty: Type,
    pub many: bool,
}

impl Field {
    pub fn one(name: impl Into<Cow<'static, str>>, ty: Type) -> Self {
        Field { name: name.into(), ty, many: false }
    }

    pub fn many(name: impl Into<Cow<'static, str>>, ty: Type) -> Self {
        Field { name: name.into(), ty, many: true }
    }
}
