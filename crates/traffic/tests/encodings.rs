//! One look-up in every text encoding, as the real programs write it: checked by eye against their documentation and
//! the samples that Elastic's integrations test with, and held here.

use std::net::Ipv4Addr;
use std::sync::Arc;

use traffic::encode::{Encode, packetbeat, pcap, suricata, to_bytes, windows_debug, zeek_json, zeek_tsv};
use traffic::{Answer, Event, Name, Question, Rdata, Response, Transport, rtype};

/// 2026-06-01T14:05:09.5Z
const TIME: i64 = 1_780_322_709_500_000_000;

fn name(text: &str) -> Name {
    Name::from_text(text).unwrap()
}

fn event(question: &str, kind: u16, answers: Vec<(&str, Rdata)>) -> Event {
    let answers = answers.into_iter().map(|(owner, data)| Answer { name: name(owner), ttl: 59, data }).collect();
    let found = Response { delay: 23_045_678, rcode: 0, authoritative: false, recursion_available: true, answers };
    Event {
        time: TIME,
        client: "10.20.1.15:60280".parse().unwrap(),
        server: "10.20.0.53:53".parse().unwrap(),
        transport: Transport::Udp,
        id: 0x5b47,
        question: Question { name: name(question), rtype: kind, class: 1 },
        recursion_desired: true,
        query_seen: true,
        response: Some(found),
    }
}

fn alias() -> Event {
    let edge = "www.example.com.edge.example.net";
    let answers = vec![("www.example.com", Rdata::Cname(name(edge))), (edge, Rdata::A(Ipv4Addr::new(198, 18, 0, 1)))];
    event("www.example.com", rtype::A, answers)
}

/// A name with bytes that every program escapes in its own way, and two strings.
fn odd() -> Event {
    let strings = [b"a,b".to_vec(), b"\xff\"".to_vec()];
    event("\\255A\\.b.example.com", rtype::TXT, vec![("\\255A\\.b.example.com", Rdata::Txt(Arc::from(strings)))])
}

fn missing() -> Event {
    let mut event = event("nope.example.com", rtype::AAAA, vec![]);
    if let Some(response) = &mut event.response {
        response.rcode = 3;
        response.authoritative = true;
    }
    event
}

fn text(mut encoder: impl Encode, event: &Event) -> String {
    let bytes = to_bytes(&mut encoder, std::slice::from_ref(event)).unwrap();
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// The lines that are no header.
fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn zeek_tsv() {
    let both = "CK8Yq8wGZ6H1Ls6W1l";
    for (event, expected) in [
        (
            alias(),
            "1780322709.500000\tUID\t10.20.1.15\t60280\t10.20.0.53\t53\tudp\t23367\t0.023045\twww.example.com\t1\tC_INTERNET\t1\tA\t0\t\
             NOERROR\tF\tF\tT\tT\t0\twww.example.com.edge.example.net,198.18.0.1\t59.000000,59.000000\tF",
        ),
        (
            odd(),
            "1780322709.500000\tUID\t10.20.1.15\t60280\t10.20.0.53\t53\tudp\t23367\t0.023045\t\\xffa.b.example.com\t1\tC_INTERNET\t16\t\
             TXT\t0\tNOERROR\tF\tF\tT\tT\t0\tTXT 3 a\\x2cb TXT 2 \\xff\"\t59.000000\tF",
        ),
        (
            missing(),
            "1780322709.500000\tUID\t10.20.1.15\t60280\t10.20.0.53\t53\tudp\t23367\t-\tnope.example.com\t1\tC_INTERNET\t28\tAAAA\t3\t\
             NXDOMAIN\tF\tF\tT\tF\t0\t-\t-\tF",
        ),
    ] {
        let text = text(zeek_tsv::ZeekTsv::default(), &event);
        let line = lines(&text)[0].to_string();
        let uid = line.split('\t').nth(1).unwrap().to_string();
        assert_eq!((uid.len(), uid.starts_with('C')), (both.len(), true));
        assert_eq!(line.replace(&uid, "UID"), expected);
        assert!(
            text.starts_with(
                "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
            )
        );
        assert!(text.ends_with("#close\t2026-06-01-14-05-09\n"));
    }
}

#[test]
fn zeek_json() {
    let text = text(zeek_json::ZeekJson::default(), &alias());
    let (head, tail) = text.split_once("\",\"id.orig_h\"").unwrap();
    assert!(head.starts_with("{\"ts\":1780322709.5,\"uid\":\"C"));
    let expected = r#":"10.20.1.15","id.orig_p":60280,"id.resp_h":"10.20.0.53","id.resp_p":53,"proto":"udp","trans_id":23367,"rtt":0.023045,"query":"www.example.com","qclass":1,"qclass_name":"C_INTERNET","qtype":1,"qtype_name":"A","rcode":0,"rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"Z":0,"answers":["www.example.com.edge.example.net","198.18.0.1"],"TTLs":[59.0,59.0],"rejected":false}"#;
    assert_eq!(tail.trim_end(), expected);
}

#[test]
fn suricata() {
    let dns = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split_once("\"dns\":").unwrap().1.to_string()).collect()
    };
    let text_2 = text(suricata::Suricata::version_2(), &alias());
    assert_eq!(
        dns(&text_2),
        [
            r#"{"type":"query","id":23367,"rrname":"www.example.com","rrtype":"A","tx_id":0,"opcode":0}}"#,
            r#"{"version":2,"type":"answer","id":23367,"flags":"8180","qr":true,"rd":true,"ra":true,"opcode":0,"rrname":"www.example.com","rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"www.example.com","rrtype":"CNAME","ttl":59,"rdata":"www.example.com.edge.example.net"},{"rrname":"www.example.com.edge.example.net","rrtype":"A","ttl":59,"rdata":"198.18.0.1"}],"grouped":{"CNAME":["www.example.com.edge.example.net"],"A":["198.18.0.1"]}}}"#,
        ]
    );
    let text_3 = text(suricata::Suricata::version_3(), &odd());
    assert_eq!(
        dns(&text_3),
        [
            r#"{"version":3,"type":"request","tx_id":0,"id":23367,"flags":"100","rd":true,"opcode":0,"rcode":"NOERROR","queries":[{"rrname":"\\xffA.b.example.com","rrtype":"TXT"}]}}"#,
            r#"{"version":3,"type":"response","tx_id":1,"id":23367,"flags":"8180","qr":true,"rd":true,"ra":true,"opcode":0,"rcode":"NOERROR","queries":[{"rrname":"\\xffA.b.example.com","rrtype":"TXT"}],"answers":[{"rrname":"\\xffA.b.example.com","rrtype":"TXT","ttl":59,"rdata":"a,b"},{"rrname":"\\xffA.b.example.com","rrtype":"TXT","ttl":59,"rdata":"\\xff\""}],"grouped":{"TXT":["a,b","\\xff\""]}}}"#,
        ]
    );
    let second = |text: &str| text.lines().nth(1).unwrap().to_string();
    assert!(second(&text_2).contains(r#""timestamp":"2026-06-01T14:05:09.523045+0000""#));
    assert!(
        second(&text_2).contains(r#""src_ip":"10.20.1.15","src_port":60280,"dest_ip":"10.20.0.53","dest_port":53"#)
    );
    assert!(
        second(&text_3).contains(r#""src_ip":"10.20.0.53","src_port":53,"dest_ip":"10.20.1.15","dest_port":60280"#)
    );
}

#[test]
fn windows_debug() {
    use windows_debug::{Locale, WindowsDebug};
    for (locale, stamp) in [
        (Locale::UnitedStates, "6/1/2026 4:05:09 PM"),
        (Locale::UnitedKingdom, "01/06/2026 16:05:09"),
        (Locale::Germany, "01.06.2026 16:05:09"),
        (Locale::Sweden, "2026-06-01 16:05:09"),
        (Locale::Japan, "2026/06/01 16:05:09"),
    ] {
        let mut encoder = WindowsDebug::default();
        encoder.locale = locale;
        encoder.offset_minutes = 120;
        let text = text(encoder, &missing());
        let packets: Vec<&str> = text.lines().filter(|line| line.contains(" PACKET ")).collect();
        assert!(text.starts_with(&format!("DNS Server log file creation at {stamp}\n")));
        for (packet, tail) in packets.iter().zip([
            "UDP Rcv 10.20.1.15      5b47   Q [0001   D   NOERROR] AAAA   (4)nope(7)example(3)com(0)",
            "UDP Snd 10.20.1.15      5b47 R Q [8385 A DR NXDOMAIN] AAAA   (4)nope(7)example(3)com(0)",
        ]) {
            assert!(packet.starts_with(stamp), "{packet}");
            assert!(packet.ends_with(tail), "{packet}");
        }
    }
    let text = text(WindowsDebug::detailed(), &alias());
    let answer = "    ANSWER SECTION:
    Offset = 0x0021, RR count = 0
    Name      \"[C00C](3)www(7)example(3)com(0)\"
      TYPE   CNAME  (5)
      CLASS  1
      TTL    59
      DLEN   34
      DATA   (3)www(7)example(3)com(4)edge(7)example(3)net(0)
    Offset = 0x004f, RR count = 1
    Name      \"[C02D](3)www(7)example(3)com(4)edge(7)example(3)net(0)\"
      TYPE   A  (1)
      CLASS  1
      TTL    59
      DLEN   4
      DATA   198.18.0.1
    AUTHORITY SECTION:
      empty
";
    assert!(text.contains(answer), "{text}");
}

#[test]
fn packetbeat() {
    let lean = text(packetbeat::Packetbeat::lean(), &alias());
    let expected = r#"{"@timestamp":"2026-06-01T14:05:09.500Z","destination":{"ip":"10.20.0.53","port":53},"dns":{"id":23367,"question":{"class":"IN","name":"www.example.com","type":"A"},"resolved_ip":["198.18.0.1"],"response_code":"NOERROR","type":"answer"},"event":{"dataset":"network_traffic.dns","duration":23045678},"network":{"transport":"udp"},"source":{"ip":"10.20.1.15","port":60280},"status":"OK"}"#;
    assert_eq!(lean.trim_end(), expected);
    let whole = text(packetbeat::Packetbeat::whole(), &odd());
    for part in [
        r#""client":{"bytes":34,"ip":"10.20.1.15","port":60280}"#,
        r#""answers":[{"class":"IN","data":"a,b \\255\\\"","name":"\\255A\\.b.example.com","ttl":"59","type":"TXT"}],"answers_count":1"#,
        r#""question":{"class":"IN","etld_plus_one":"example.com","name":"\\255A\\.b.example.com","registered_domain":"example.com","subdomain":"\\255A\\.b","top_level_domain":"com","type":"TXT"}"#,
        r#""query":"class IN, type TXT, \\255A\\.b.example.com""#,
        r#""end":"2026-06-01T14:05:09.523Z""#,
    ] {
        assert!(whole.contains(part), "{part}\n{whole}");
    }
}

#[test]
fn pcap_has_a_frame_for_each_message() {
    let mut event = alias();
    for (client, server, transport, sizes) in [
        ("10.20.1.15:60280", "10.20.0.53:53", Transport::Udp, [14 + 20 + 8 + 33, 14 + 20 + 8 + 95]),
        ("10.20.1.15:60280", "10.20.0.53:53", Transport::Tcp, [14 + 20 + 22 + 33, 14 + 20 + 22 + 95]),
        ("[2001:db8::15]:60280", "[2001:db8::53]:53", Transport::Udp, [14 + 40 + 8 + 33, 14 + 40 + 8 + 95]),
    ] {
        (event.client, event.server) = (client.parse().unwrap(), server.parse().unwrap());
        event.transport = transport;
        let bytes = to_bytes(&mut pcap::Pcap::default(), std::slice::from_ref(&event)).unwrap();
        assert_eq!(bytes.len(), 24 + 2 * 16 + sizes[0] + sizes[1]);
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!([word(24), word(28), word(32), word(36)], [1_780_322_709, 500_000, sizes[0], sizes[0]]);
    }
}
