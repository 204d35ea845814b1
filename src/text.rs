//! Text of others, made fit for a terminal and a message: what does not print is shown as an escape, what is long is cut.
//!
//! File names, arguments, scenario texts and column names may hold control characters (ESC moves the cursor, recolours,
//! retitles), marks that turn the direction of the line, and marks without a width. None of them may reach a terminal:
//! they are written `\u{1b}`. Everything that prints, in any language, stays.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Most characters of a quoted word in a message.
const LONGEST_QUOTE: usize = 80;

/// Most characters of a message.
const LONGEST_MESSAGE: usize = 2000;

/// Whether a character does something to a terminal, or hides, instead of showing: the control characters C0, DEL and C1,
/// the line and paragraph separators, the marks of direction, those without a width, and the tags.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text on one line in which everything shows: breaks as `\n`, what is hidden as `\u{1b}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// The same of a text of many lines: breaks of lines and tabs stay.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\n' || c == '\t')
}

/// The same of a page that may hold our own colours, ESC `[` digits and `;` then `m`, which stay when `coloured`.
pub fn printable_page(text: &str, coloured: bool) -> Cow<'_, str> {
    if !coloured || !text.contains('\u{1b}') {
        return printable_lines(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\u{1b}');
    out.push_str(&printable_lines(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let digits = |body: &str| body.bytes().all(|b| b.is_ascii_digit() || b == b';');
        let colour = piece.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        match colour.filter(|(body, _)| digits(body)) {
            Some((body, rest)) => {
                let _ = write!(out, "\u{1b}[{body}m{}", printable_lines(rest));
            }
            None => {
                let _ = write!(out, "\\u{{1b}}{}", printable_lines(piece));
            }
        }
    }
    Cow::Owned(out)
}

/// A line of JSON whose strings hold nothing hidden, `\u009b` instead: JSON itself escapes C0 only.
pub fn printable_json(line: &str) -> Cow<'_, str> {
    if !line.contains(is_hidden) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hides = |c: char| is_hidden(c) && !stays(c);
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !hides(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// The beginning of a text, with `…` where it goes on.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A message whose words in backticks are cut, so that what is said about them can be read; and itself no page.
pub fn brief(message: &str) -> Cow<'_, str> {
    if message.len() <= LONGEST_QUOTE {
        return Cow::Borrowed(message);
    }
    let parts: Vec<Cow<'_, str>> = message
        .split('`')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { cut(part, LONGEST_QUOTE) } else { part.into() })
        .collect();
    if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return cut(message, LONGEST_MESSAGE);
    }
    Cow::Owned(cut(&parts.join("`"), LONGEST_MESSAGE).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_shown_and_what_prints_stays() {
        assert_eq!(
            printable("日本語 ¥1.5tn – naïve 👍 \u{5d0}"),
            "日本語 ¥1.5tn – naïve 👍 \u{5d0}"
        );
        assert_eq!(printable("a\u{1b}[31m\u{7}\r\n\t"), "a\\u{1b}[31m\\u{7}\\r\\n\\t");
        for c in ['\u{7f}', '\u{85}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}'] {
            assert_eq!(printable(&c.to_string()), format!("\\u{{{:x}}}", u32::from(c)));
        }
        assert_eq!(printable_lines("a\n\tb\r"), "a\n\tb\\r");
    }

    #[test]
    fn colours_of_ours_stay_and_nothing_else_of_an_escape() {
        let page = "\u{1b}[1mtitle\u{1b}[0m\n\u{1b}]0;own\u{7}\u{1b}[2J\u{1b}";
        let shown = "\u{1b}[1mtitle\u{1b}[0m\n\\u{1b}]0;own\\u{7}\\u{1b}[2J\\u{1b}";
        assert_eq!(printable_page(page, true), shown);
        assert!(!printable_page(page, false).contains('\u{1b}'));
    }

    #[test]
    fn json_stays_json() {
        let line = serde_json::json!({ "a": "x\u{9b}\u{202e}\u{e0001}\n" }).to_string();
        let shown = printable_json(&line);
        assert!(!shown.contains(is_hidden), "{shown}");
        let back: serde_json::Value = serde_json::from_str(&shown).unwrap_or_default();
        assert_eq!(back["a"], "x\u{9b}\u{202e}\u{e0001}\n");
    }

    #[test]
    fn long_words_are_cut_and_the_sentence_stays() {
        let key = "k".repeat(1000);
        let said = brief(&format!("`{key}` is not a key of `boj`")).into_owned();
        assert_eq!(said, format!("`{}…` is not a key of `boj`", "k".repeat(80)));
        assert_eq!(brief("`a` is short"), "`a` is short");
        assert_eq!(cut("日本語", 2), "日本…");
    }
}
