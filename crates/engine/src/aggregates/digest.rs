//! Quantiles of any number of values in bounded memory.
//!
//! Up to [`EXACT`] values a digest holds them all and interpolates between neighbours, as Elasticsearch does on small data.
//! Beyond, it is a merging t-digest (Dunning and Ertl 2019, scale function k1): clusters of neighbouring values, small
//! towards both ends, so that a rank is off by less than `π·√(q(1-q))/COMPRESSION`.

/// How many single values a digest holds at most.
const EXACT: usize = 8_192;

/// Elasticsearch's default for ES|QL; no more clusters than this are kept.
const COMPRESSION: f64 = 1_000.0;

/// The values of a group.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// Sorted by mean; empty while all values are held singly.
    clusters: Vec<Cluster>,
    singles: Vec<f64>,
    /// The extremes of the clusters, which clusters blur.
    least: f64,
    greatest: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Cluster {
    mean: f64,
    weight: u64,
}

impl Digest {
    pub fn add(&mut self, value: f64) {
        self.singles.push(value);
        if self.singles.len() > EXACT {
            self.compress();
        }
    }

    pub fn merge(&mut self, other: Digest) {
        if !other.clusters.is_empty() {
            let unclustered = self.clusters.is_empty();
            self.least = if unclustered { other.least } else { self.least.min(other.least) };
            self.greatest = if unclustered { other.greatest } else { self.greatest.max(other.greatest) };
            self.clusters.extend(other.clusters);
            self.clusters.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        }
        self.singles.extend(other.singles);
        if self.singles.len() > EXACT || self.clusters.len() > 2 * COMPRESSION as usize {
            self.compress();
        }
    }

    /// The value below which that share of the values lies, from 0 to 1; `None` without values.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        quantile(&self.sorted(), self.ends()?, share)
    }

    /// The median of the distances from the median.
    pub fn median_deviation(&self) -> Option<f64> {
        let median = self.quantile(0.5)?;
        let distance = |value: f64| (value - median).abs();
        let mut clusters = self.sorted();
        clusters.iter_mut().for_each(|cluster| cluster.mean = distance(cluster.mean));
        clusters.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        let (least, greatest) = self.ends()?;
        let nearest = clusters.first().map_or(0.0, |cluster| cluster.mean);
        quantile(&clusters, (nearest, distance(least).max(distance(greatest))), 0.5)
    }

    /// Clusters and single values in order.
    fn sorted(&self) -> Vec<Cluster> {
        let singles = self.singles.iter().map(|&mean| Cluster { mean, weight: 1 });
        let mut all: Vec<Cluster> = self.clusters.iter().copied().chain(singles).collect();
        all.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        all
    }

    fn ends(&self) -> Option<(f64, f64)> {
        let singles = self.singles.iter().copied();
        let clustered = (!self.clusters.is_empty()).then_some((self.least, self.greatest));
        singles.map(|value| (value, value)).chain(clustered).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn compress(&mut self) {
        let Some((least, greatest)) = self.ends() else { return };
        let sorted = self.sorted();
        let total = weight_of(&sorted) as f64;
        (self.least, self.greatest) = (least, greatest);
        self.singles.clear();
        self.clusters.clear();
        let mut sorted = sorted.into_iter();
        let Some(mut open) = sorted.next() else { return };
        let (mut before, mut limit) = (0.0, limit_after(0.0));
        for next in sorted {
            let joined = open.weight.saturating_add(next.weight);
            if (before + joined as f64) / total <= limit {
                open.mean += (next.mean - open.mean) * (next.weight as f64 / joined as f64);
                open.weight = joined;
            } else {
                before += open.weight as f64;
                limit = limit_after(before / total);
                self.clusters.push(open);
                open = next;
            }
        }
        self.clusters.push(open);
    }

    /// Heap bytes.
    pub fn size(&self) -> usize {
        self.clusters.capacity() * size_of::<Cluster>() + self.singles.capacity() * size_of::<f64>()
    }

    pub fn save(&self, out: &mut Vec<u8>) {
        for end in [self.least, self.greatest] {
            out.extend_from_slice(&end.to_le_bytes());
        }
        out.extend_from_slice(&(self.clusters.len() as u64).to_le_bytes());
        for cluster in &self.clusters {
            out.extend_from_slice(&cluster.mean.to_le_bytes());
            out.extend_from_slice(&cluster.weight.to_le_bytes());
        }
        for value in &self.singles {
            out.extend_from_slice(&value.to_le_bytes());
        }
    }

    /// Reads what [`Digest::save`] wrote.
    pub fn load(bytes: &[u8]) -> Option<Self> {
        let (words, []) = bytes.as_chunks::<8>() else { return None };
        let [least, greatest, count, rest @ ..] = words else { return None };
        let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
        let (clusters, singles) = rest.split_at_checked(count.checked_mul(2)?)?;
        let (clusters, _) = clusters.as_chunks::<2>();
        let cluster = |[mean, weight]: &[[u8; 8]; 2]| {
            let weight = u64::from_le_bytes(*weight);
            (weight > 0).then_some(Cluster { mean: f64::from_le_bytes(*mean), weight })
        };
        Some(Digest {
            clusters: clusters.iter().map(cluster).collect::<Option<_>>()?,
            singles: singles.iter().map(|value| f64::from_le_bytes(*value)).collect(),
            least: f64::from_le_bytes(*least),
            greatest: f64::from_le_bytes(*greatest),
        })
    }
}

fn weight_of(clusters: &[Cluster]) -> u64 {
    clusters.iter().fold(0, |total, cluster| total.saturating_add(cluster.weight))
}

/// Up to which share a cluster may reach that begins at `share`: one step of k1, `COMPRESSION / 2π · asin(2q - 1)`.
fn limit_after(share: f64) -> f64 {
    use std::f64::consts::{FRAC_PI_2, TAU};
    let angle = (2.0 * share - 1.0).clamp(-1.0, 1.0).asin() + TAU / COMPRESSION;
    if angle >= FRAC_PI_2 { 1.0 } else { (angle.sin() + 1.0) / 2.0 }
}

/// Interpolates between the middles of clusters: of single values, between neighbours.
fn quantile(clusters: &[Cluster], (least, greatest): (f64, f64), share: f64) -> Option<f64> {
    let total = weight_of(clusters).checked_sub(1)? as f64;
    let rank = share * total;
    let (mut low, mut below, mut before) = ((0.0, least), None, 0.0);
    for cluster in clusters {
        let middle = (before + (cluster.weight as f64 - 1.0) / 2.0, cluster.mean);
        if middle.0 >= rank {
            below = Some(middle);
            break;
        }
        low = middle;
        before += cluster.weight as f64;
    }
    let high = below.unwrap_or((total, greatest));
    let (span, reach) = (high.0 - low.0, high.1 - low.1);
    // Equal infinities are no distance apart.
    if span <= 0.0 || low.1 == high.1 { Some(high.1) } else { Some(low.1 + reach * ((rank - low.0) / span)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Digest {
        let mut digest = Digest::default();
        values.into_iter().for_each(|value| digest.add(value));
        digest
    }

    /// Every number below `count` once, in an order that is not sorted.
    fn shuffled(count: u64) -> impl Iterator<Item = f64> {
        (0..count).map(move |at| (at * 7_919 % count) as f64)
    }

    #[test]
    fn few_values_are_interpolated() {
        let digest = of([4.0, 1.0, 3.0, 2.0]);
        for (share, expected) in [(0.0, 1.0), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            assert!((digest.quantile(share).unwrap_or(f64::NAN) - expected).abs() < 1e-12, "{share}");
        }
        assert_eq!(of([5.0]).quantile(0.3), Some(5.0));
        assert_eq!(of([]).quantile(0.3), None);
        assert_eq!(of([f64::INFINITY, f64::INFINITY]).quantile(0.5), Some(f64::INFINITY));
    }

    #[test]
    fn many_values_are_close_in_every_split() {
        let count = 300_007;
        for parts in [1, 2, 40, 300] {
            let values: Vec<f64> = shuffled(count).collect();
            let mut digest = Digest::default();
            for part in values.chunks(values.len() / parts + 1) {
                let mut bytes = Vec::new();
                of(part.iter().copied()).save(&mut bytes);
                digest.merge(Digest::load(&bytes).unwrap_or_default());
            }
            assert!(digest.size() < 1 << 18, "{} bytes", digest.size());
            for share in [0.0, 0.001, 0.25, 0.5, 0.95, 0.999, 1.0] {
                let error = (digest.quantile(share).unwrap_or(f64::NAN) / count as f64 - share).abs();
                assert!(
                    error < 0.002 * (share * (1.0 - share)).sqrt() + 2e-5,
                    "{parts} parts, {share}: off by {error}"
                );
            }
            let deviation = digest.median_deviation().unwrap_or(f64::NAN) / count as f64;
            assert!((deviation - 0.25).abs() < 1e-3, "{deviation}");
        }
    }

    #[test]
    fn bytes_that_are_no_digest_are_refused() {
        let mut bytes = Vec::new();
        of(shuffled(10_000)).save(&mut bytes);
        for end in 0..bytes.len().min(2_000) {
            let _ = Digest::load(&bytes[..end]).map(|digest| digest.quantile(0.5));
        }
        assert!(Digest::load(&[255; 24]).is_none());
        assert!(Digest::load(&[0; 23]).is_none());
    }
}
