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
    let bag = Bag::new(&lower);
    let scored = known.into_iter().filter(|other| bag.may_be_near(other)).map(|candidate| {
        let distance = strsim::damerau_levenshtein(&lower, candidate);
        let likeness = strsim::jaro_winkler(&lower, candidate);
        (candidate, distance, likeness)
    });
    scored
        .filter(|(candidate, distance, likeness)| {
            *distance <= farthest(candidate.chars().count()) || *likeness > LIKE
        })
        .min_by(|a, b| a.1.cmp(&b.1).then(b.2.total_cmp(&a.2)))
        .map(|(candidate, ..)| candidate)
}

/// Likeness above which two words are near each other, whatever the letters between them.
const LIKE: f64 = 0.9;

/// Letters that may differ in a word of that length.
fn farthest(length: usize) -> usize {
    1 + length / 6
}

/// The letters of a word, which bound how near another can be in a time that grows with the lengths, not with their product.
struct Bag {
    counts: [u32; 256],
    length: usize,
}

impl Bag {
    fn new(word: &str) -> Self {
        let mut counts = [0; 256];
        word.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
        Bag { counts, length: word.chars().count() }
    }

    /// Whether a word has enough letters in common: each one that is not costs a change, and is no match of Jaro's.
    fn may_be_near(&self, other: &str) -> bool {
        let mut left = self.counts;
        let mut common = 0;
        for byte in other.bytes() {
            let count = &mut left[usize::from(byte)];
            common += usize::from(*count > 0);
            *count = count.saturating_sub(1);
        }
        let length = other.chars().count();
        let [most, fewest] = [self.length.max(length), self.length.min(length).max(1)];
        let matches = common.min(fewest) as f64;
        let jaro = (matches / fewest as f64 + matches / most.max(1) as f64 + 1.0) / 3.0;
        most <= common + farthest(length) || jaro + 0.4 * (1.0 - jaro) > LIKE
    }
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

    #[test]
    fn the_bound_leaves_out_no_word_that_is_near() {
        let known = ["amount_usd_bn", "over_days", "cohort", "日本語", "ab", "a", "title", "rho"];
        let words = [
            "amount_bn",
            "amount",
            "overdays",
            "days_over",
            "cohrt",
            "日本",
            "ba",
            "titel",
            "",
            "r",
            "é",
        ];
        for (word, candidate) in words.iter().flat_map(|word| known.map(|other| (*word, other))) {
            let near = strsim::damerau_levenshtein(word, candidate)
                <= farthest(candidate.chars().count())
                || strsim::jaro_winkler(word, candidate) > LIKE;
            assert!(!near || Bag::new(word).may_be_near(candidate), "{word} {candidate}");
        }
        assert!(!Bag::new("horizon").may_be_near("policy_rate_pct"));
    }
}
