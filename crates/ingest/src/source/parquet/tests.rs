use super::*;
use crate::{Scan, open};
use ::parquet::{arrow::ArrowWriter, file::properties::WriterProperties};
use arrow::{
    array::{AsArray, Int32Array, ListArray, StringArray, StructArray, TimestampMicrosecondArray, UInt16Array},
    datatypes::Field as ArrowField,
    util::display::array_value_to_string,
};
use schema::StreamSelection;

/// Three events of two streams, in groups of two.
fn table() -> RecordBatch {
    let question = StructArray::from(vec![(
        Arc::new(ArrowField::new("name", DataType::Utf8, true)),
        Arc::new(StringArray::from(vec![Some("a.example"), None, Some("c.example")])) as ArrayRef,
    )]);
    let ips = ListArray::from_iter_primitive::<arrow::datatypes::Int32Type, _, _>(vec![
        Some(vec![Some(1)]),
        Some(vec![]),
        None,
    ]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("@timestamp", Arc::new(TimestampMicrosecondArray::from(vec![1_500_000, 2_500_000, 3_500_000]))),
        ("source.ip", Arc::new(StringArray::from(vec!["10.0.0.1", "2001:DB8:0::1", "no address"]))),
        ("source.port", Arc::new(UInt16Array::from(vec![53, 54, 55]))),
        ("event.category", Arc::new(StringArray::from(vec![Some("network"), None, Some("network")]))),
        ("data_stream.dataset", Arc::new(StringArray::from(vec!["zeek.dns", "zeek.conn", "zeek.dns"]))),
        ("dns.question", Arc::new(question)),
        ("own", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        ("numbers", Arc::new(ips)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

fn written() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2)).build();
    let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), table().schema(), Some(properties)).unwrap();
    writer.write(&table()).unwrap();
    writer.close().unwrap();
    file
}

/// The rows of a scan, each its fields joined by `|`, in the order of the file; and the tally.
fn rows(fields: &[&str], streams: Option<&StreamSelection>, options: &Options) -> (Vec<String>, Tally) {
    let file = written();
    let opened = open(&[file.path().to_string_lossy().into_owned()], options);
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    let known = opened.inputs[0].fields();
    let find = |name: &&str| {
        let index = Field::one(name.to_string(), schema::Type::Keyword);
        known.iter().find(|field| field.name == *name).cloned().unwrap_or(index)
    };
    let projection = Arc::new(Projection::new(fields.iter().map(find).collect()));
    let scan = Scan::new(&opened.inputs, projection, streams);
    let mut rows = Vec::new();
    for batch in scan.worker() {
        let batch = batch.unwrap();
        let cell = |row, column: &ArrayRef| array_value_to_string(column, row).unwrap();
        let texts =
            (0..batch.num_rows()).map(|row| batch.columns().iter().map(|c| cell(row, c)).collect::<Vec<_>>().join("|"));
        rows.extend(texts);
    }
    (rows, scan.reports().remove(0).tally)
}

#[test]
fn columns_have_the_canonical_types() {
    let fields = ["@timestamp", "source.ip", "source.port", "event.category", "dns.question.name", "own", "numbers"];
    let (found, tally) = rows(&fields, None, &Options::default());
    let expected = [
        "1970-01-01T00:00:01.500|10.0.0.1|53|[network]|a.example|1|[1]",
        "1970-01-01T00:00:02.500|2001:db8::1|54|||2|",
        "1970-01-01T00:00:03.500||55|[network]|c.example|3|",
    ];
    assert_eq!(found, expected);
    assert_eq!((tally.events, tally.first, tally.last), (3, Some(1500), Some(3500)));
}

#[test]
fn rows_know_their_stream_and_place() {
    let (found, _) = rows(&["_index", "_id"], None, &Options::default());
    assert_eq!(found, ["logs-zeek.dns-default|0:0", "logs-zeek.conn-default|0:1", "logs-zeek.dns-default|0:2"]);
    let streams = StreamSelection::new([("logs-zeek.dns-default", false)]);
    assert_eq!(rows(&["own"], Some(&streams), &Options::default()).0, ["1", "3"]);
}

#[test]
fn columns_may_be_named_otherwise() {
    let options = Options { columns: vec![("own".to_owned(), "dns.id".to_owned())], ..Options::default() };
    assert_eq!(rows(&["dns.id"], None, &options).0, ["1", "2", "3"]);
}

#[test]
fn what_is_no_table_is_said() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for bytes in [&b"PAR1"[..], b"PAR1 nothing PAR1", b"PAR1\x00\x00\x00\x7FPAR1"] {
        std::fs::write(file.path(), bytes).unwrap();
        let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
        assert!(opened.inputs.is_empty() && opened.errors[0].reason.contains("Parquet"), "{:?}", opened.errors);
    }
}

/// Each worker must have a place of its own in the file.
#[test]
fn workers_share_the_row_groups() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1000)).build();
    let numbers: ArrayRef = Arc::new(arrow::array::Int64Array::from_iter_values(0..200_000));
    let batch = RecordBatch::try_from_iter([("source.port", numbers)]).unwrap();
    let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let scan = Scan::new(&opened.inputs, Arc::new(Projection::new(opened.inputs[0].fields())), None);
    let sum = || -> i64 {
        let column =
            |batch: RecordBatch| arrow::compute::sum(batch.column(0).as_primitive::<arrow::datatypes::Int64Type>());
        scan.worker().map(|batch| column(batch.unwrap()).unwrap_or(0)).sum()
    };
    let sums: i64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(sum)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    let tally = scan.reports().remove(0).tally;
    assert_eq!((sums, tally.events, tally.unreadable), (199_999 * 100_000, 200_000, 0));
}

#[test]
fn what_follows_from_the_columns_is_derived() {
    let fields = ["dns.type", "related.ip", "client.ip", "event.dataset"];
    let (found, tally) = rows(&fields, None, &Options::default());
    assert_eq!(found, ["query|[10.0.0.1]|10.0.0.1|zeek.dns", "|||", "query|||zeek.dns"]);
    assert_eq!(tally.unconverted, 0);
    assert_eq!(rows(&["source.ip"], None, &Options::default()).1.unconverted, 1, "`no address` is told of");
}

/// Its index is at the end, so it is read from a copy.
#[test]
fn a_compressed_table_is_read() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let bytes = std::fs::read(written().path()).unwrap();
    zstd::stream::copy_encode(&bytes[..], file.reopen().unwrap(), 1).unwrap();
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    assert!(opened.errors.is_empty(), "{:?}", opened.errors);
    let scan = Scan::new(&opened.inputs, Arc::new(Projection::new(opened.inputs[0].fields())), None);
    assert_eq!(scan.worker().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 3);
}
