#!/usr/bin/env bash
# Makes the samples in this folder again, byte for byte: samples/make.sh
set -eu
cd "$(dirname "$0")"
traffic=${TRAFFIC:-"cargo run --quiet --release -p traffic --"}

# One office on 2026-06-01 (UTC), seen by one sensor after the other. Client 5, 10.20.1.15, runs the tunnel all day.
#       FILE                  FORMAT         FROM   HOURS  EVENTS  OF THE TUNNEL  SEED
sample() {
  $traffic --clients 6 --format "$2" --start "$((1780272000 + $3 * 3600))" --hours "$4" --events "$5" \
    --tunnel "beacon=$6@5" --seed "$7" --output "$1"
}
sample dns.log                zeek-tsv        6      4      110     40             11
sample dns.pcap               pcap           10      3       70     30             12
sample packetbeat.ndjson      ndjson         13      3       46     26             13
sample suricata.json          suricata-v2    16      3       90     30             14
sample windows-dns-debug.log  windows-debug  19      4       44     24             15
gzip --no-name --best --force suricata.json
