//! Work on many independent items, on all cores.

use std::sync::{Mutex, PoisonError};
use std::{panic, thread};

/// The results of a function for each item, in the order of the items. Panics where the function does.
pub fn map<T: Send, R: Send>(items: Vec<T>, compute: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut results = Vec::new();
        while let Some((at, item)) = next() {
            results.push((at, compute(item)));
        }
        results
    };
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        for worker in workers {
            results.extend(worker.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        }
        results
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let squares = map((0..1000_u64).collect(), |number| number * number);
        assert!(squares.into_iter().eq((0..1000).map(|number| number * number)));
        assert!(map(Vec::<u8>::new(), |item| item).is_empty());
    }
}
