//! Tables of numbers and mnemonics, generated from the CSV files under `data`, in the order of the numbers.

include!(concat!(env!("OUT_DIR"), "/code_points.rs"));

pub(crate) fn mnemonic(table: &[(u16, &'static str)], number: u16) -> Option<&'static str> {
    let at = table.binary_search_by_key(&number, |(number, _)| *number).ok()?;
    table.get(at).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use crate::rows;

    #[test]
    fn a_malformed_field_is_an_error_with_its_line() {
        for (row, message) in [
            ("a.b,keyword,false", "f:3: 4 columns expected, 3 found"),
            ("a.b,keyword,false,ecs,", "f:3: 4 columns expected, 5 found"),
            ("", "f:3: 4 columns expected, 1 found"),
            ("a.b,string,false,ecs", "f:3: no such type: \"string\""),
            ("a.b,keyword,yes,ecs", "f:3: `many` is true or false, not \"yes\""),
            ("a.b,keyword,false,", "f:3: column `source` is empty, padded or quoted"),
            ("a.b ,keyword,false,ecs", "f:3: column `name` is empty, padded or quoted"),
            ("\"a.b\",keyword,false,ecs", "f:3: column `name` is empty, padded or quoted"),
            ("a,keyword,false,ecs", "f:3: \"a\" is a duplicate or out of order"),
            ("Z,keyword,false,ecs", "f:3: \"Z\" is a duplicate or out of order"),
        ] {
            let text = format!("name,type,many,source\na,ip,true,ecs\n{row}\n");
            assert_eq!(rows::fields("f", &text).err().as_deref(), Some(message), "{row}");
        }
        assert!(rows::fields("f", "a,ip,true,ecs\n").is_err_and(|message| message.starts_with("f:1:")));
        assert!(rows::fields("f", "").is_err());
    }

    #[test]
    fn a_malformed_code_point_is_an_error_with_its_line() {
        for (row, message) in [
            ("2", "f:3: 3 columns expected, 1 found"),
            ("256,X,RFC", "f:3: the number is not between 0 and 255"),
            ("two,X,RFC", "f:3: the number is not between 0 and 255"),
            ("1,X,RFC", "f:3: 1 is a duplicate or out of order"),
            ("2,a,RFC", "f:3: \"a\" is a duplicate"),
        ] {
            let text = format!("number,mnemonic,reference\n1,A,RFC\n{row}\n");
            assert_eq!(rows::code_points("f", &text, 255), Err(message.to_owned()), "{row}");
        }
    }

    #[test]
    fn the_tables_hold_every_row_of_their_files() {
        for (text, table) in [
            (include_str!("../data/dns_types.csv"), super::RR_TYPES),
            (include_str!("../data/dns_classes.csv"), super::CLASSES),
            (include_str!("../data/dns_rcodes.csv"), super::RCODES),
            (include_str!("../data/dns_opcodes.csv"), super::OPCODES),
            (include_str!("../data/ip_protocols.csv"), super::IP_PROTOCOLS),
        ] {
            assert_eq!(rows::code_points("", text, u16::MAX).as_deref(), Ok(table));
        }
        let rows = rows::fields("", include_str!("../data/fields.csv")).unwrap();
        assert_eq!(rows.len(), crate::fields().len());
        let namespaces = rows::namespaces("", include_str!("../data/namespaces.csv")).unwrap();
        assert!(namespaces.iter().all(|namespace| crate::is_canonical(&format!("{namespace}.x"))));
        for (row, field) in rows.iter().zip(crate::fields()) {
            assert_eq!((row.name, row.ty, row.many), (field.name.as_ref(), field.ty, field.many));
        }
    }
}
