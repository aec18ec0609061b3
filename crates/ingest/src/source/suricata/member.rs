//! The members of a record that the mapping reads.

macro_rules! members {
    ($($name:ident: $path:literal,)*) => {
        /// A member by its path.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Member {
            $($name,)*
        }

        impl Member {
            pub const ALL: &'static [(&'static str, Member)] = &[$(($path, Member::$name),)*];
        }
    };
}

members! {
    Timestamp: "timestamp",
    EventType: "event_type",
    SourceIp: "src_ip",
    SourcePort: "src_port",
    DestinationIp: "dest_ip",
    DestinationPort: "dest_port",
    Protocol: "proto",
    AppProtocol: "app_proto",
    CommunityId: "community_id",
    IcmpType: "icmp_type",
    IcmpCode: "icmp_code",
    SourceMac: "ether.src_mac",
    DestinationMac: "ether.dest_mac",
    DnsVersion: "dns.version",
    DnsType: "dns.type",
    DnsId: "dns.id",
    DnsFlags: "dns.flags",
    DnsAa: "dns.aa",
    DnsTc: "dns.tc",
    DnsRd: "dns.rd",
    DnsRa: "dns.ra",
    DnsOpcode: "dns.opcode",
    DnsRcode: "dns.rcode",
    DnsName: "dns.rrname",
    DnsRecordType: "dns.rrtype",
    DnsTtl: "dns.ttl",
    DnsData: "dns.rdata",
    DnsQueries: "dns.queries",
    DnsQuery: "dns.query",
    DnsAnswers: "dns.answers",
    DnsAuthorities: "dns.authorities",
    DnsAdditionals: "dns.additionals",
    FlowState: "flow.state",
    FlowStart: "flow.start",
    FlowEnd: "flow.end",
    BytesToServer: "flow.bytes_toserver",
    BytesToClient: "flow.bytes_toclient",
    PacketsToServer: "flow.pkts_toserver",
    PacketsToClient: "flow.pkts_toclient",
    AlertAction: "alert.action",
    HttpStatus: "http.status",
    HttpHost: "http.hostname",
    HttpUrl: "http.url",
    TlsVersion: "tls.version",
    TlsName: "tls.sni",
    TlsSubject: "tls.subject",
    TlsIssuer: "tls.issuerdn",
    TlsFingerprint: "tls.fingerprint",
    TlsSerial: "tls.serial",
    TlsJa3: "tls.ja3.hash",
    TlsJa3s: "tls.ja3s.hash",
}

/// How many members there are.
pub const MEMBERS: usize = Member::ALL.len();
