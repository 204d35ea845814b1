//! Near misses: "did you mean", and keys that carry the wrong unit.

/// Unit endings of keys, longest first, with the unit they stand for.
const UNITS: [(&str, &str); 20] = [
    ("_usd_bn_per_year", "USD bn a year"),
    ("_usd_bn_per_month", "USD bn a month"),
    ("_bp_per_100bn", "bp per USD 100bn"),
    ("_usd_tn", "USD tn"),
    ("_usd_bn", "USD bn"),
    ("_usd_mn", "USD mn"),
    ("_jpy_tn", "JPY tn"),
    ("_jpy_bn", "JPY bn"),
    ("_probability", "probability"),
    ("_percent", "%"),
    ("_months", "months"),
    ("_weeks", "weeks"),
    ("_years", "years"),
    ("_share", "share"),
    ("_ratio", "ratio"),
    ("_days", "days"),
    ("_usd", "USD"),
    ("_jpy", "JPY"),
    ("_pct", "%"),
    ("_bp", "bp"),
];

/// The nearest of some words, if one is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let scored = known.into_iter().map(|candidate| {
        let distance = strsim::damerau_levenshtein(&lower, candidate);
        let likeness = strsim::jaro_winkler(&lower, candidate);
        (candidate, distance, likeness)
    });
    scored
        .filter(|(candidate, distance, likeness)| {
            let length = candidate.chars().count();
            *distance <= 1 + length / 6 || *likeness > 0.9
        })
        .min_by(|a, b| a.1.cmp(&b.1).then(b.2.total_cmp(&a.2)))
        .map(|(candidate, ..)| candidate)
}

/// `did you mean …?` for the nearest of some words.
pub(super) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, known).map(|found| format!("did you mean `{found}`?"))
}

/// A key with the same stem and another unit: the key, and the unit that was written.
pub(super) fn same_stem<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, &'static str)> {
    let (stem, written) = split(word);
    let mut others = known.into_iter().filter(|candidate| *candidate != word);
    others.find(|candidate| split(candidate).0 == stem).map(|found| (found, written))
}

fn split(word: &str) -> (&str, &'static str) {
    let found = UNITS.iter().find_map(|(end, unit)| Some((word.strip_suffix(end)?, *unit)));
    found.unwrap_or((word, ""))
}

/// Words as `a`, `b` or `c`.
pub(super) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_far_ones_are_not() {
        let known = ["policy_rate_pct", "hike_probability", "safe_haven"];
        assert_eq!(nearest("hike_probabilty", known), Some("hike_probability"));
        assert_eq!(nearest("SAFE_HAVEN", known), Some("safe_haven"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(same_stem("policy_rate_bp", known), Some(("policy_rate_pct", "bp")));
        assert_eq!(same_stem("policy_rate", known), Some(("policy_rate_pct", "")));
        assert_eq!(same_stem("other_bp", known), None);
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
