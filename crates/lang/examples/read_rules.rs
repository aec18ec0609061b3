//! Reads and lowers all rules below some paths, and says how long that took: what `benches/compare/sigma_parse.py` runs.
//! `read_rules REPEATS PATH...` prints a line for each repetition: the number of rules and files, and the seconds.

use lang::repository::Repository;
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let repeats = args.next().and_then(|text| text.parse::<usize>().ok());
    let paths: Vec<PathBuf> = args.map(PathBuf::from).collect();
    let Some(repeats) = repeats.filter(|_| !paths.is_empty()) else {
        eprintln!("usage: read_rules REPEATS PATH...");
        std::process::exit(2);
    };
    for _ in 0..repeats {
        let start = Instant::now();
        let repository = Repository::read(&paths);
        let seconds = start.elapsed().as_secs_f64();
        println!("{} rules {} files {seconds:.4} s", repository.rules().count(), repository.files.len());
    }
}
