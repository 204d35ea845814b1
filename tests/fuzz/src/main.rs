//! Mutates scenario files for some seconds and fails if loading one panics, if simulating a good one does, or if its
//! `show` is refused.
//!
//! `cargo run --release -- [SECONDS] [SEED]` in this folder; a failing input is written to `crash.toml`.

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};
use ustress::cli::LIBRARY;
use ustress::model::{Block, CATALOGUE, Plan, simulate_block};
use ustress::scenario::{decode, explain, load, schema, show};

/// Pieces that mean something in a scenario file.
const WORDS: [&str; 54] = [
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-0.0",
    "0",
    "1",
    "9999999999999999999",
    "1979-05-27",
    "2026-07-03",
    "2026-09-01T00:00:00Z",
    "true",
    "\"9 to 27\"",
    "\"-5 to 5\"",
    "\"5 to 5\"",
    "[[event]]\n",
    "[[correlation]]\n",
    "[boj]\n",
    "[impact]\n",
    "[sources]\n",
    "day = 3\n",
    "date = 2026-08-03\n",
    "horizon = \"5y\"\n",
    "extends = \"baseline\"\n",
    "extends = \"treasury_card_played\"\n",
    "drop_events = true\n",
    "drop_events = [\"words\"]\n",
    "meeting = 2\n",
    "levels = 2026-06-30\n",
    "[levels]\n",
    "boj_move = { size_bp = 25 }\n",
    "prior = \"cbo_debt\"\n",
    "{}",
    "[]",
    "{ beta = { a = 2, b = 0.1 } }",
    "{ pert = { low = 0, mode = 0, high = 1 } }",
    "{ mixture = { parts = [\"1 to 2\", 3], weights = [1, 2] } }",
    "{ discrete = { values = [1, 2], weights = [1, 2] } }",
    "{ bernoulli = { p = 0.5 } }",
    "min = 0.1, ",
    "max = 3, ",
    "name = \"x\"\n",
    "probability = 0.5\n",
    "yen_jump = { size_pct = -5 }\n",
    "\"",
    "'''",
    "\\u0000",
    "\u{feff}",
    "é",
    "日本",
    "\r\n",
    "\0",
    "a.b.c = 1\n",
    "[[[[[[[[",
];

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = ["tests/broken", "tests/broken/parents", "scenarios"].map(|name| root.join(name));
    let mut paths: Vec<_> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> =
        paths.iter().filter_map(|path| std::fs::read(path).ok()).collect();
    seeds.push(include_bytes!("../child.toml").to_vec());
    seeds.push(include_bytes!("../good.toml").to_vec());
    seeds
}

fn mutate(rng: &mut Xoshiro256PlusPlus, seeds: &[Vec<u8>]) -> Vec<u8> {
    // Half of the inputs start from the good file, which is the last.
    let start = rng.random_range(0..2 * seeds.len()).min(seeds.len() - 1);
    let mut text = seeds[start].clone();
    if rng.random_bool(0.25) {
        swap_values(rng, &mut text);
        return text;
    }
    if rng.random_bool(0.3) {
        change_digits(rng, &mut text);
        return text;
    }
    for _ in 0..rng.random_range(1..5) {
        let at = rng.random_range(0..=text.len());
        let to = (at + rng.random_range(0..12)).min(text.len());
        match rng.random_range(0..7) {
            0 => text.insert(at, (rng.next_u32() & 0xff) as u8),
            1 => drop(text.drain(at..to)),
            2 => {
                let word = WORDS[rng.random_range(0..WORDS.len())];
                drop(text.splice(at..at, word.bytes()));
            }
            3 => {
                let word = WORDS[rng.random_range(0..WORDS.len())];
                drop(text.splice(at..to, word.bytes()));
            }
            4 => {
                let other = &seeds[rng.random_range(0..seeds.len())];
                let from = rng.random_range(0..=other.len());
                drop(text.splice(at..at, other[from..].iter().copied()));
            }
            5 => swap_values(rng, &mut text),
            _ => {
                if let Some(byte) = text.get_mut(at) {
                    *byte ^= 1 << rng.random_range(0..8);
                }
            }
        }
        text.truncate(20_000);
    }
    text
}

/// Replaces what stands behind one `=` by a word, which keeps the file well formed more often.
fn swap_values(rng: &mut Xoshiro256PlusPlus, text: &mut Vec<u8>) {
    let signs: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'=').collect();
    if signs.is_empty() {
        return;
    }
    let at = signs[rng.random_range(0..signs.len())] + 1;
    let end = text[at..].iter().position(|byte| b",}\n".contains(byte));
    let end = end.map_or(text.len(), |end| at + end);
    drop(text.splice(at..end, WORDS[rng.random_range(0..WORDS.len())].bytes()));
}

/// Replaces a few digits by others, which keeps most files well formed.
fn change_digits(rng: &mut Xoshiro256PlusPlus, text: &mut [u8]) {
    let digits: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_digit()).collect();
    for _ in 0..rng.random_range(1..4) {
        if let Some(at) = digits.get(rng.random_range(0..digits.len().max(1))) {
            text[*at] = b"0123456789"[rng.random_range(0..10)];
        }
    }
}

/// Loads a text in every way; true if it was good.
fn try_one(bytes: &[u8], set: &str) -> bool {
    let catalogue = &CATALOGUE;
    let resolve = |name: &str| LIBRARY.find(name).filter(|_| !name.contains(['/', '.']));
    let text = match decode("fuzz.toml", bytes) {
        Ok(text) => text,
        Err(error) => {
            let _ = error.to_string();
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    for sets in [vec![], vec![set.to_owned()]] {
        match load("fuzz.toml", &text, &resolve, &sets, catalogue) {
            Err(error) => {
                let said = error.to_string();
                assert!(said.contains("error: "), "an error without a word: {said}");
            }
            Ok(loaded) => {
                loaded.warnings.iter().for_each(|warning| drop(warning.render_styled()));
                for quantity in &loaded.scenario.quantities {
                    let drawn = quantity.marginal.draw(0.3, 0.4);
                    assert!(drawn.is_finite(), "{}: {drawn}", quantity.address);
                }
                if let Ok(plan) = Plan::new(&loaded.scenario) {
                    simulate_block(&plan, 1, 0, 8, false, &mut Block::default());
                }
                let shown = show(&loaded.scenario, catalogue);
                let again = load("fuzz.toml", &shown, &resolve, &[], catalogue);
                let again =
                    again.unwrap_or_else(|error| panic!("show is refused:\n{shown}\n{error}"));
                let pairs = loaded.scenario.quantities.iter().zip(&again.scenario.quantities);
                for (one, other) in pairs {
                    assert_eq!((&one.address, &one.marginal), (&other.address, &other.marginal));
                }
                return true;
            }
        }
    }
    false
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().ok());
    let seconds = arguments.next().flatten().unwrap_or(10);
    let seed = arguments.next().flatten().unwrap_or(1);
    let (seeds, mut rng) = (seeds(), Xoshiro256PlusPlus::seed_from_u64(seed));
    let _ = (schema(&CATALOGUE), explain("boj", &CATALOGUE));
    let (start, mut tried, mut good) = (Instant::now(), 0_u64, 0_u64);
    while start.elapsed() < Duration::from_secs(seconds) {
        let text = mutate(&mut rng, &seeds);
        let set =
            mutate(&mut rng, &[b"event.1.day=5".to_vec(), b"boj.hike_probability=0.5".to_vec()]);
        let set = String::from_utf8_lossy(&set).into_owned();
        tried += 1;
        match catch_unwind(AssertUnwindSafe(|| try_one(&text, &set))) {
            Ok(was_good) => good += u64::from(was_good),
            Err(_) => {
                std::fs::write("crash.toml", &text).expect("crash.toml can be written");
                eprintln!(
                    "panic at input {tried} of seed {seed}; --set {set:?}; text in crash.toml"
                );
                std::process::exit(1);
            }
        }
    }
    println!("{tried} files, {good} of them good, no panic");
}
