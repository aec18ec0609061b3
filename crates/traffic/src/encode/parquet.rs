//! A Parquet table with ECS column names, as a data lake that keeps Packetbeat events would have it: Snappy, row
//! groups of 128 Ki rows, dictionaries where they pay (the library's defaults).

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow::array::{
    ArrayRef, Int64Builder, ListBuilder, RecordBatch, StringBuilder, TimestampMillisecondBuilder, UInt16Builder,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use super::{Encode, text};
use crate::event::{Event, Transport, rcode, rtype};

const ROWS: usize = 16_384;
const ROW_GROUP: usize = 131_072;

#[derive(Default)]
pub struct Parquet {
    writer: Option<ArrowWriter<Vec<u8>>>,
    columns: Columns,
    rows: usize,
}

#[derive(Default)]
struct Columns {
    time: TimestampMillisecondBuilder,
    source_ip: StringBuilder,
    source_port: UInt16Builder,
    destination_ip: StringBuilder,
    destination_port: UInt16Builder,
    id: UInt16Builder,
    name: StringBuilder,
    rtype: StringBuilder,
    class: StringBuilder,
    code: StringBuilder,
    kind: StringBuilder,
    answers: UInt16Builder,
    resolved: ListBuilder<StringBuilder>,
    dataset: StringBuilder,
    duration: Int64Builder,
    transport: StringBuilder,
}

impl Encode for Parquet {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        self.columns.push(event);
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS) { self.write(out) } else { Ok(()) }
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.write(out)?;
        if let Some(writer) = self.writer.take() {
            out.append(&mut writer.into_inner().map_err(io::Error::other)?);
        }
        Ok(())
    }
}

impl Parquet {
    /// Hands the rows on, and passes on the bytes of row groups that became whole.
    fn write(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let batch = self.columns.take().map_err(io::Error::other)?;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(ROW_GROUP))
                    .build();
                let writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties));
                self.writer.insert(writer.map_err(io::Error::other)?)
            }
        };
        writer.write(&batch).map_err(io::Error::other)?;
        out.append(writer.inner_mut());
        Ok(())
    }
}

impl Columns {
    fn push(&mut self, event: &Event) {
        self.time.append_value(event.time.div_euclid(1_000_000));
        address(&mut self.source_ip, event.client.ip());
        self.source_port.append_value(event.client.port());
        address(&mut self.destination_ip, event.server.ip());
        self.destination_port.append_value(event.server.port());
        self.id.append_value(event.id);
        let mut name = Vec::new();
        event.question.name.write_presentation(&mut name);
        self.name.append_value(String::from_utf8_lossy(&name));
        match rtype::mnemonic(event.question.rtype) {
            Some(mnemonic) => self.rtype.append_value(mnemonic),
            None => self.rtype.append_value(format!("TYPE{}", event.question.rtype)),
        }
        self.class.append_value(if event.question.class == 1 { "IN" } else { "CH" });
        self.code.append_option(event.response.as_ref().and_then(|response| rcode::mnemonic(response.rcode)));
        self.kind.append_value(if event.response.is_some() { "answer" } else { "query" });
        self.answers.append_value(event.answers().len() as u16);
        for ip in event.answers().iter().filter_map(|answer| answer.data.address()) {
            address(self.resolved.values(), ip);
        }
        self.resolved.append(true);
        self.dataset.append_value("network_traffic.dns");
        self.duration.append_option(event.response.as_ref().map(|response| response.delay));
        self.transport.append_value(if event.transport == Transport::Udp { "udp" } else { "tcp" });
    }

    fn take(&mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("@timestamp", Arc::new(self.time.finish().with_timezone("UTC"))),
            ("source.ip", Arc::new(self.source_ip.finish())),
            ("source.port", Arc::new(self.source_port.finish())),
            ("destination.ip", Arc::new(self.destination_ip.finish())),
            ("destination.port", Arc::new(self.destination_port.finish())),
            ("dns.id", Arc::new(self.id.finish())),
            ("dns.question.name", Arc::new(self.name.finish())),
            ("dns.question.type", Arc::new(self.rtype.finish())),
            ("dns.question.class", Arc::new(self.class.finish())),
            ("dns.response_code", Arc::new(self.code.finish())),
            ("dns.type", Arc::new(self.kind.finish())),
            ("dns.answers_count", Arc::new(self.answers.finish())),
            ("dns.resolved_ip", Arc::new(self.resolved.finish())),
            ("event.dataset", Arc::new(self.dataset.finish())),
            ("event.duration", Arc::new(self.duration.finish())),
            ("network.transport", Arc::new(self.transport.finish())),
        ];
        let nullable = ["dns.response_code", "event.duration"];
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), nullable.contains(name)))
            .collect();
        debug_assert!(matches!(fields[0].data_type(), DataType::Timestamp(TimeUnit::Millisecond, Some(_))));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, column)| column).collect())
    }
}

fn address(column: &mut StringBuilder, ip: IpAddr) {
    let mut bytes = Vec::with_capacity(40);
    text::address(ip, &mut bytes);
    column.append_value(String::from_utf8_lossy(&bytes));
}
