//! Text that a spreadsheet would compute, or read as a number, a date or a truth value, and how a table keeps it text.
//!
//! The rule, for every cell of text of every CSV and for the names of its columns:
//!
//! 1. What does not print (control characters, breaks of lines, marks of direction) is written as an escape, `\u{1b}`.
//! 2. An apostrophe is put in front of a text that
//!    * begins with `=`, `+`, `-`, `@` (also in their full width) or `#`, or with an apostrophe;
//!    * holds a digit, no underscore, and no word but those of numbers, dates and times: months in English, German,
//!      French, Spanish, Italian, Portuguese and Dutch from three letters on, days of the week, `e` after a digit, `am`,
//!      `pm`, an era's letter before three numbers, and 年月日時分秒;
//!    * is a word for true, false, or a missing or impossible number.
//!
//! Without one apostrophe in front, where there is one, the text is what it was. Programs that read the tables strip it
//! or never meet it: `check` warns about such names.

use crate::text::printable;
use std::borrow::Cow;

/// Months in the languages of the rule; from three letters on a beginning is enough.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "maerz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
    "janeiro",
    "fevereiro",
    "março",
    "marco",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
    "januari",
    "februari",
    "maart",
    "mrt",
    "mei",
    "augustus",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Words that stand for a truth value or for no number.
const VALUES: &[&str] = &[
    "true",
    "false",
    "wahr",
    "falsch",
    "vrai",
    "faux",
    "verdadero",
    "falso",
    "vero",
    "verdadeiro",
    "waar",
    "onwaar",
    "nan",
    "na",
    "n/a",
    "nil",
    "null",
    "none",
    "inf",
    "infinity",
];

/// A cell of text by the rule of this file.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let shown = printable(text);
    if is_mistaken(&shown) { format!("'{shown}").into() } else { shown }
}

/// Whether a spreadsheet would take a text for something else.
pub fn is_mistaken(text: &str) -> bool {
    let plain: String = text.trim().chars().map(narrow).collect::<String>().to_lowercase();
    let begins = plain.starts_with(['=', '+', '-', '−', '@', '#', '\''])
        || text.starts_with(['\t', '\r', '\n', '\'']);
    begins || VALUES.contains(&plain.as_str()) || looks_like_a_number_or_date(&plain)
}

/// The ASCII character of a full-width one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether every word between the digits is one of numbers, dates and times.
fn looks_like_a_number_or_date(text: &str) -> bool {
    let numbers = runs(text, char::is_numeric);
    if numbers.is_empty() || text.contains('_') {
        return false;
    }
    let count = numbers.len();
    runs(text, char::is_alphabetic).iter().all(|(at, word)| {
        let before = numbers.iter().take_while(|(number, _)| number < at).count();
        match *word {
            "e" | "am" | "pm" | "a" | "p" => before > 0,
            "t" | "z" | "utc" | "gmt" if before >= 3 => true,
            "m" | "t" | "s" | "h" | "r" => before == 0 && count >= 3,
            word if word
                .chars()
                .all(|c| "年月日時分秒午前後上下明治大正昭和平成令".contains(c)) =>
            {
                true
            }
            word => word.chars().count() >= 3 && MONTHS.iter().any(|month| month.starts_with(word)),
        }
    })
}

/// The longest runs of characters of a kind, each with its place in bytes.
fn runs(text: &str, kind: fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(kind) {
        let tail = &rest[start..];
        let end = tail.find(|c| !kind(c)).unwrap_or(tail.len());
        found.push((text.len() - tail.len(), &tail[..end]));
        rest = &tail[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_change_is_marked() {
        for text in [
            "=1+1",
            " =1+1",
            "＝1",
            "+x",
            "-x",
            "@x",
            "#N/A",
            "'x",
            "1e5",
            "1E+05",
            "12",
            "007",
            "1-2",
            "3/4",
            "1,000",
            "50%",
            "$5",
            "(5)",
            "1:30",
            "10 AM",
            "mar1",
            "mar-1",
            "1-Mar",
            "2026-07-01",
            "1.5.2026",
            "1. Juli 2026",
            "août 2024",
            "dez 24",
            "1 sept",
            "2026-07-01T10:00Z",
            "12345678901234567890",
            "TRUE",
            "false",
            "Wahr",
            "NA",
            "n/a",
            "null",
            "inf",
            "R8.7.1",
            "令和8年7月1日",
            "１２",
            "Sat 1",
            "-1",
            "\t=1",
            "\rx",
            "1e",
            "2026",
            "5.",
            ".5",
            "1_0=".trim_end_matches("_0="),
        ] {
            assert!(is_mistaken(text), "{text:?}");
            assert!(cell(text).starts_with('\'') || cell(text).starts_with('\\'), "{text:?}");
        }
    }

    #[test]
    fn names_stay() {
        for text in [
            "",
            "dump",
            "managed_adjustment",
            "aug_2024_replay",
            "march_2020",
            "1d",
            "12m",
            "3y",
            "p5",
            "es95",
            "prob_ge_20bp",
            "event+1d",
            "impact.prior=studies",
            "event.1.official_sale.amount_usd_bn",
            "dump #2",
            "markets.csv 6pi-1.csv",
            "a=1",
            "boj 3",
            "may",
            "march",
            "e5",
            "日本",
            "2 runs",
            "5 bp",
            "x-1",
        ] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn what_does_not_print_is_shown() {
        assert_eq!(cell("a\u{1b}[31m\u{202e}\n"), "a\\u{1b}[31m\\u{202e}\\n");
        assert_eq!(cell("\t=1+1"), "\\t=1+1");
    }

    proptest! {
        /// Any name comes back, prints, begins with nothing that computes, and is no number to a reader.
        #[test]
        fn any_name_stays_text(name in "\\PC{0,12}|[=+@'#-]?[0-9a-zA-Z.,:/ %-]{0,9}") {
            let shown = cell(&name);
            let trimmed = shown.trim_start();
            prop_assert!(!trimmed.starts_with(['=', '+', '-', '@', '#', '＝', '＋', '－', '＠', '\t', '\r']), "{}", shown);
            prop_assert!(shown.trim().parse::<f64>().is_err(), "{}", shown);
            prop_assert!(!shown.contains(crate::text::is_hidden), "{}", shown);
            let back = if is_mistaken(&name) { shown.strip_prefix('\'') } else { Some(&*shown) };
            prop_assert_eq!(back, Some(&*printable(&name)));
        }
    }
}
