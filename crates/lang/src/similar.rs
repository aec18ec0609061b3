//! Finding the name that was probably meant, for hints.

/// The candidate closest to `name`, where one is close enough to be worth suggesting.
pub(crate) fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer names are never suggested, and distances over them would cost quadratic time on hostile input.
    if name.len() > 40 {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let allowed = name.chars().count() / 3;
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&name, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_close() {
        let names = ["where", "stats", "sort", "limit"];
        assert_eq!(similar("wehre", names), Some("where"));
        assert_eq!(similar("SORTT", names), Some("sort"));
        assert_eq!(similar("explode", names), None);
    }
}
