use ingest::*;
use std::sync::Arc;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&a[1]).unwrap();
    let chunk: usize = a[2].parse().unwrap();
    let head = Head {
        bytes: &bytes[..bytes.len().min(256 << 10)],
        whole: bytes.len() <= 256 << 10,
        path: std::path::Path::new(&a[1]),
    };
    let source = source::SOURCES.iter().find(|s| s.recognise(&head)).expect("no source");
    let log = source.open(&head, &Options::default()).unwrap();
    let fields: Vec<_> = if a.len() > 3 && a[3] != "-" {
        a[3].split(',').map(|n| log.fields().into_iter().find(|f| f.name == n).expect(n)).collect()
    } else {
        log.fields()
    };
    let print = a.get(4).map(|s| s.as_str()) != Some("time");
    let projection = Arc::new(Projection::new(fields));
    let buffer = arrow::buffer::Buffer::from_vec(bytes);
    let t = std::time::Instant::now();
    let mut decoder = log.decoder(&projection);
    let mut batch = EventBatch::new(projection.clone());
    let mut tally = Tally::default();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut flush = |batch: &mut EventBatch| {
        use std::io::Write;
        let rb = batch.take().unwrap();
        if !print {
            return;
        }
        for r in 0..rb.num_rows() {
            let row: Vec<String> =
                rb.columns().iter().map(|c| arrow::util::display::array_value_to_string(c, r).unwrap()).collect();
            if a.len() > 3 && a[3] != "-" {
                writeln!(out, "{}", row.join("\t")).unwrap()
            } else {
                for (f, v) in rb.schema().fields().iter().zip(row) {
                    if !v.is_empty() {
                        writeln!(out, "{} = {}", f.name(), v).unwrap()
                    }
                }
                writeln!(out).unwrap()
            }
        }
    };
    let mut at = 0;
    let mut records = 0;
    while at < buffer.len() {
        let n = chunk.min(buffer.len() - at);
        decoder.decode(&Chunk { bytes: buffer.slice_with_length(at, n), offset: at as u64 }, &mut batch, &mut tally);
        at += n;
        records += decoder.records();
        flush(&mut batch);
    }
    decoder.finish(&mut batch, &mut tally);
    records += decoder.records();
    flush(&mut batch);
    eprintln!("{} {} records {} {:?} {:?}", source.name(), a[1], records, tally, t.elapsed());
}
