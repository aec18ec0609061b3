//! The shipped samples are what `samples/make.sh` says they are: its options give the same bytes.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use traffic::encode;
use traffic::generate::{Config, START, Tool, Traffic, Tunnel, tunnels_for};

#[test]
fn the_samples_can_be_made_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let script = fs::read_to_string(folder.join("make.sh")).unwrap();
    let mut made = 0;
    for line in script.lines().filter(|line| line.starts_with("sample ")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, file, format, from, hours, events, tunnel, seed] = words[..] else { panic!("`{line}`") };
        let number = |text: &str| text.parse::<u64>().unwrap();
        let beacon = tunnels_for(0, 1).into_iter().find(|tunnel| tunnel.tool == Tool::Beacon).unwrap();
        let config = Config {
            events: number(events),
            seed: number(seed),
            clients: 6,
            start: (START + number(from) as i64 * 3600) * 1_000_000_000,
            span: number(hours) as i64 * 3_600_000_000_000,
            tunnels: vec![Tunnel { queries: number(tunnel), client: 5, ..beacon }],
        };
        let events: Vec<_> = Traffic::new(&config).collect();
        let encoder = encode::named(format).unwrap().encoder;
        let again = encode::to_bytes(&mut *encoder(), &events).unwrap();
        assert!(again == shipped(&folder, file), "{file} is not what make.sh makes");
        made += 1;
    }
    assert_eq!(made, 5);
}

/// The bytes of a sample, unpacked where it is shipped packed.
fn shipped(folder: &Path, file: &str) -> Vec<u8> {
    if let Ok(bytes) = fs::read(folder.join(file)) {
        return bytes;
    }
    let mut bytes = Vec::new();
    let packed = fs::File::open(folder.join(format!("{file}.gz"))).unwrap();
    GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}
