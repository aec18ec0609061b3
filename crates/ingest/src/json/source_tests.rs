//! Documents in every form that they are written to files in.

use super::rows::{Layout, Rows};
use crate::{EventBatch, InputErrorKind, Options, Projection, Report, Scan, open};
use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int64Type, TimestampMillisecondType},
    util::display::array_value_to_string,
};
use schema::{DataStream, Field, Type};
use std::{error::Error, io::Write, sync::Arc};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Read {
    /// A row of cells for each event; null is `-`.
    rows: Vec<Vec<String>>,
    report: Report,
    streams: Vec<String>,
}

fn read(text: &[u8], fields: &[(&'static str, Type, bool)]) -> Result<Read> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(text)?;
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let input = opened.inputs.first().ok_or_else(|| format!("{:?}", opened.errors))?;
    let fields = fields.iter().map(|(name, ty, many)| Field { name: (*name).into(), ty: *ty, many: *many });
    let projection = Arc::new(Projection::new(fields.collect()));
    let scan = Scan::new(&opened.inputs, projection, None);
    let mut rows = Vec::new();
    for batch in scan.worker() {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| cell(column, row)).collect::<std::result::Result<_, _>>()?);
        }
    }
    let streams = input.streams().iter().map(DataStream::to_string).collect();
    Ok(Read { rows, report: scan.reports().remove(0), streams })
}

fn cell(column: &dyn Array, row: usize) -> std::result::Result<String, arrow::error::ArrowError> {
    if column.is_null(row) { Ok("-".to_owned()) } else { array_value_to_string(column, row) }
}

const NAME: (&str, Type, bool) = ("dns.question.name", Type::Keyword, false);
const INDEX: (&str, Type, bool) = (Projection::INDEX, Type::Keyword, false);
const ID: (&str, Type, bool) = (Projection::ID, Type::Keyword, false);

#[test]
fn documents_are_read_however_they_are_written() -> Result<()> {
    let hits = r#"{"took":3,"hits":{"total":{"value":2},"hits":[
        {"_index":"packetbeat-8","_id":"x","_source":{"dns":{"question":{"name":"a.test"}}}},
        {"_index":".ds-logs-b-default-2024.01.01-000007","_id":"y","_source":{"dns.question.name":"b.test"}}]}}"#;
    let one_line = hits.replace('\n', "");
    let rows_of_hits = vec!["a.test packetbeat-8 x", "b.test logs-b-default y"];
    let cases: Vec<(&str, &str, Vec<&str>)> = vec![
        (
            "lines",
            "{\"dns\":{\"question\":{\"name\":\"a.test\"}}}\n\n{\"dns.question\":{\"name\":\"b.test\"}}",
            vec!["a.test logs-generic-default 0:0", "b.test logs-generic-default 0:40"],
        ),
        (
            "array",
            "[{\"dns.question.name\":\"a.test\"},\n {\"x\":1}]",
            vec!["a.test logs-generic-default 0:1", "- logs-generic-default 0:34"],
        ),
        (
            "pretty",
            "{\n  \"dns.question.name\": \"a.test\",\n  \"event\": {\n    \"dataset\": \"d\"\n  }\n}\n{\n  \"x\": 1\n}\n",
            vec!["a.test logs-d-default 0:0", "- logs-generic-default 0:73"],
        ),
        ("search", hits, rows_of_hits.clone()),
        ("search on one line", &one_line, rows_of_hits.clone()),
        (
            "elasticdump",
            "{\"_index\":\"i\",\"_id\":\"n\",\"_source\":{\"dns.question.name\":\"a.test\"}}\n",
            vec!["a.test i n"],
        ),
        (
            "bulk",
            "{\"index\":{\"_index\":\"i\",\"_id\":\"n\"}}\n{\"dns.question.name\":\"a.test\"}\n{\"delete\":{\"_id\":\"n\"}}\n\
                  {\"create\":{}}\n{\"dns.question.name\":\"b.test\",\"data_stream\":{\"dataset\":\"d\"}}\n",
            vec!["a.test i n", "b.test logs-d-default 0:103"],
        ),
    ];
    for (form, text, expected) in cases {
        let read = read(text.as_bytes(), &[NAME, INDEX, ID])?;
        let rows: Vec<String> = read.rows.iter().map(|row| row.join(" ")).collect();
        assert_eq!(rows, expected, "{form}");
        assert_eq!((read.report.tally.events, read.report.tally.unreadable), (expected.len() as u64, 0), "{form}");
        for row in &read.rows {
            assert!(read.streams.contains(&row[1]), "{form}: {} is not among {:?}", row[1], read.streams);
        }
    }
    Ok(())
}

#[test]
fn values_are_converted_to_their_fields() -> Result<()> {
    let text = r#"{"@timestamp":"2024-01-01T00:00:00.5Z","source":{"ip":"::FFFF:10.0.0.1","port":"53"},"k":7,"l":[1,2],"m":["x","y"]}
{"@timestamp":1704067201000,"source.ip":"nonsense","source.port":1.9,"k":true,"m":"\u00fc\ud83d\udc26"}
{"@timestamp":"1704067202000","source.ip":null,"source.port":{},"k":[],"m":[[["z"]]]}
"#;
    let fields = [
        ("@timestamp", Type::Date, false),
        ("source.ip", Type::Ip, false),
        ("source.port", Type::Long, false),
        ("k", Type::Keyword, false),
        ("l", Type::Long, false),
        ("m", Type::Keyword, true),
    ];
    let read = read(text.as_bytes(), &fields)?;
    let rows: Vec<String> = read.rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        rows,
        [
            "2024-01-01T00:00:00.500 10.0.0.1 53 7 1 [x, y]",
            "2024-01-01T00:00:01 - 1 true - [ü🐦]",
            "2024-01-01T00:00:02 - - - - [z]",
        ]
    );
    let tally = read.report.tally;
    assert_eq!((tally.several_values, tally.several_values_field.as_deref()), (1, Some("l")));
    assert_eq!((tally.unconverted, tally.unconverted_field.as_deref()), (1, Some("source.ip")));
    assert_eq!((tally.first, tally.last), (Some(1_704_067_200_500), Some(1_704_067_202_000)));
    Ok(())
}

#[test]
fn what_cannot_be_read_is_counted_and_reading_goes_on() -> Result<()> {
    let lines = b"{\"n\":1}\n{\"n\":\nnot json\n{\"n\":\"\xff\"}\r\n[1]\n{\"n\":2} {\"n\":3}\n{\"n\":4";
    let read_lines = read(lines, &[("n", Type::Keyword, false)])?;
    assert_eq!(read_lines.rows, [["1"], ["\u{fffd}"]]);
    let tally = read_lines.report.tally;
    assert_eq!((tally.events, tally.unreadable, tally.lossy), (2, 5, 1));
    assert_eq!(tally.examples.iter().map(|example| example.record).collect::<Vec<_>>(), [2, 3, 5, 6, 7]);

    let array = b"[{\"n\":1},{\"n\":01},3,{\"n\":2},{\"n\":";
    let read_array = read(array, &[("n", Type::Keyword, false)])?;
    assert_eq!(read_array.rows, [["1"], ["2"]]);
    let reasons: Vec<(u64, &str)> =
        read_array.report.tally.examples.iter().map(|example| (example.record, example.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (2, "invalid JSON at byte 6: not a value"),
            (3, "not a JSON object"),
            (5, "the input ends in the middle of the document")
        ]
    );
    Ok(())
}

#[test]
fn fields_are_discovered_with_their_types() -> Result<()> {
    let text = r#"{"source":{"ip":"10.0.0.1"},"a":1,"b":1,"c":"x","d":true,"e":[1,2],"f":{"g":[{"h":1},{"h":"x"}]}}
{"a":2,"b":1.5,"c":1,"d":"x","dns":{"answers":[{"name":"n"}]}}
"#;
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let fields = opened.inputs[0].fields();
    let shown: Vec<String> = fields
        .iter()
        .map(|field| format!("{}:{}{}", field.name, field.ty, if field.many { "[]" } else { "" }))
        .collect();
    assert_eq!(
        shown,
        [
            "source.ip:ip",
            "a:long",
            "b:double",
            "c:keyword",
            "d:keyword",
            "e:long[]",
            "f.g.h:keyword[]",
            "dns.answers.name:keyword[]"
        ]
    );
    Ok(())
}

#[test]
fn what_the_head_does_not_show_is_discovered() -> Result<()> {
    let mut text = String::new();
    for n in 0..20_000 {
        text.push_str(&match n {
            15_000 => "{\"n\":1.5,\"late\":[1,2],\"event\":{\"dataset\":\"other\"}}\n".to_owned(),
            15_001 => "{\"n\":15001,\"pad\":7}\n".to_owned(),
            n => format!("{{\"n\":{n},\"pad\":\"{:0>30}\"}}\n", n % 7),
        });
    }
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
    let names = |input: &crate::Input| -> Vec<String> {
        input.fields().iter().map(|field| format!("{}:{}:{}", field.name, field.ty, field.many)).collect()
    };
    assert_eq!(names(&opened.inputs[0]), ["n:long:false", "pad:keyword:false"]);
    let discovered = crate::discover(&opened.inputs, 2, |_| ());
    assert_eq!(
        names(&discovered[0]),
        ["n:double:false", "pad:keyword:false", "event.dataset:keyword:false", "late:long:true"]
    );
    assert_eq!(discovered[0].streams().len(), 2);
    Ok(())
}

#[test]
fn what_is_no_json_is_left_to_others() -> Result<()> {
    for text in ["{x", "[1,2]", "[[]]", "hello", "{{{"] {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(text.as_bytes())?;
        let opened = open(&[file.path().to_string_lossy().into_owned()], &Options::default());
        assert_eq!(opened.errors.first().map(|error| error.kind), Some(InputErrorKind::Unrecognised), "{text}");
    }
    Ok(())
}

#[test]
fn elastics_own_documents_are_read() -> Result<()> {
    let shared = std::env::var("GANNET_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let path = std::path::Path::new(&shared).join("spec/ecs/network_traffic.dns/sample_event.json");
    if !path.exists() {
        println!("not there: {}", path.display());
        return Ok(());
    }
    let fields = [NAME, INDEX, ("@timestamp", Type::Date, false), ("dns.answers_count", Type::Long, false)];
    let read = read(&std::fs::read(path)?, &fields)?;
    assert_eq!((read.rows.len(), read.report.tally.unreadable), (1, 0));
    assert!(read.rows[0].iter().all(|cell| cell != "-"), "{:?}", read.rows);
    assert_eq!(read.rows[0][1], "logs-network_traffic.dns-ep", "the namespace is the document's own");
    Ok(())
}

#[test]
fn a_decoder_fills_any_batch() {
    // Batches outlive chunks: what a column holds must not depend on the memory of the chunk it came from.
    let projection = Arc::new(Projection::new(vec![Field::one("n", Type::Long), Field::one("t", Type::Date)]));
    let mut decoder = super::ndjson::LineDecoder::new(Rows::new(&projection, Layout::default(), None, None));
    let mut batch = EventBatch::new(projection);
    let mut tally = crate::Tally::default();
    for n in 0..3 {
        let text = format!("{{\"n\":{n},\"t\":{n}}}\n");
        let chunk = crate::Chunk { bytes: arrow::buffer::Buffer::from_vec(text.into_bytes()), offset: 0 };
        crate::Decoder::decode(&mut decoder, &chunk, &mut batch, &mut tally);
    }
    let batch: RecordBatch = batch.take().expect("a batch");
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[0, 1, 2]);
    assert_eq!(batch.column(1).as_primitive::<TimestampMillisecondType>().values(), &[0, 1, 2]);
}
