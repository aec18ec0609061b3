//! Zeek's `dns.log` as JSON (`LogAscii::use_json=T`): the fields of the tab-separated log in their order, unset ones
//! left out, times and intervals as numbers of seconds.

use std::io;

use super::zeek_tsv::{View, class_name, type_name, uid, written};
use super::{Encode, json, order::Order, text};
use crate::event::{Event, Transport};

#[derive(Default)]
pub struct ZeekJson {
    order: Order,
}

impl Encode for ZeekJson {
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.release(event.time, out);
        self.order.add(written(event), |record| line(event, record));
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.order.finish(out);
        Ok(())
    }
}

fn line(event: &Event, out: &mut Vec<u8>) {
    let view = View::of(event);
    out.push(b'{');
    json::key("ts", out);
    seconds(event.time, out);
    json::key("uid", out);
    json::string(&uid(event), out);
    json::address_field("id.orig_h", event.client.ip(), out);
    json::number_field("id.orig_p", u64::from(event.client.port()), out);
    json::address_field("id.resp_h", event.server.ip(), out);
    json::number_field("id.resp_p", u64::from(event.server.port()), out);
    json::text_field("proto", if event.transport == Transport::Udp { "udp" } else { "tcp" }, out);
    json::number_field("trans_id", u64::from(event.id), out);
    if let Some(rtt) = view.rtt {
        json::key("rtt", out);
        seconds(rtt, out);
    }
    question(event, &view, out);
    if let Some(response) = &event.response {
        json::number_field("rcode", u64::from(response.rcode), out);
        json::text_field("rcode_name", crate::rcode::mnemonic(response.rcode).unwrap_or("unknown"), out);
    }
    json::flag_field("AA", view.authoritative, out);
    json::flag_field("TC", false, out);
    json::flag_field("RD", view.question && event.recursion_desired, out);
    json::flag_field("RA", view.recursion_available, out);
    json::number_field("Z", 0, out);
    answers(&view, out);
    json::flag_field("rejected", false, out);
    out.extend_from_slice(b"}\n");
}

fn question(event: &Event, view: &View, out: &mut Vec<u8>) {
    if view.question || !view.answers.is_empty() {
        json::key("query", out);
        let begin = out.len();
        match event.question.name.is_root() {
            true => json::string(b"<Root>", out),
            false => {
                json::dotted(&event.question.name, out);
                out[begin..].make_ascii_lowercase();
            }
        }
    }
    if view.question {
        json::number_field("qclass", u64::from(event.question.class), out);
        json::text_field("qclass_name", &class_name(event.question.class), out);
        json::number_field("qtype", u64::from(event.question.rtype), out);
        json::text_field("qtype_name", &type_name(event.question.rtype), out);
    }
}

fn answers(view: &View, out: &mut Vec<u8>) {
    if view.answers.is_empty() {
        return;
    }
    json::key("answers", out);
    out.push(b'[');
    for (_, value) in &view.answers {
        json::comma(out);
        json::string(value, out);
    }
    out.push(b']');
    json::key("TTLs", out);
    out.push(b'[');
    for (ttl, _) in &view.answers {
        json::comma(out);
        text::number(u64::from(*ttl), out);
        out.extend_from_slice(b".0");
    }
    out.push(b']');
}

/// Seconds with microseconds, zeros at the end cut off but for one: `0.06654`, `60.0`.
fn seconds(nanos: i64, out: &mut Vec<u8>) {
    text::seconds_micros(nanos, out);
    while out.last() == Some(&b'0') && out.get(out.len().wrapping_sub(2)) != Some(&b'.') {
        out.pop();
    }
}
