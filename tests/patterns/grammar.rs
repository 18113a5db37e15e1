//! Random patterns of the dialect, each with texts that have a chance to match.

use ectomorph::pattern::Pattern;

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const PATTERNS: usize = 3000;
const TEXTS: usize = 10;
const FLAGS: [&str; 12] = ["", "i", "u", "iu", "m", "s", "im", "is", "mu", "su", "imsu", "xu"];

/// Characters with something about them: case beyond ASCII, line ends, spaces, joiners, astral ones.
const LETTERS: [char; 44] = [
    'a', 'b', 'k', 'K', 's', 'S', 'z', 'Z', 'i', 'I', '0', '9', '_', '-', ' ', '\n', '\r', '\t', '\u{b}',
    '\u{85}', '\u{a0}', '\u{feff}', '\u{2028}', '\u{17f}', '\u{212a}', 'ß', 'ẞ', 'İ', 'ı', 'σ', 'ς', 'Σ',
    'é', 'É', 'µ', 'μ', 'ǅ', '\u{301}', '\u{200d}', '٣', '東', 'я', '😀', '𐐀',
];

/// Every accepted pattern of the grammar with its texts.
pub fn all() -> Vec<(Pattern, Vec<String>)> {
    let mut random = Random(SEED);
    let mut accepted = Vec::new();
    let mut refused = 0;
    while accepted.len() < PATTERNS {
        let flags = random.pick(&FLAGS);
        let (source, sample) = alternation(&mut random, 3, flags.contains('u'));
        match Pattern::new(&source, flags) {
            Ok(pattern) => {
                let texts = texts(&mut random, &sample);
                accepted.push((pattern, texts));
            }
            Err(error) => {
                assert_eq!(error.construct(), "partly caseless pattern", "/{source}/{flags}: {error}");
                refused += 1;
            }
        }
    }
    assert!(refused < PATTERNS / 2, "{refused} of the patterns are refused");
    accepted
}

/// Text that looks like a pattern, and now and then is one.
pub fn debris() -> impl Iterator<Item = String> {
    const PIECES: [&str; 48] = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "*",
        "+",
        "?",
        "|",
        "^",
        "$",
        ".",
        "\\",
        "-",
        "--",
        "&&",
        "~~",
        ":",
        ",",
        "1",
        "2",
        "a",
        "z",
        "é",
        "K",
        "#",
        " ",
        "\n",
        "(?",
        "(?i",
        "(?:",
        "(?<n>",
        "(?-",
        "[^",
        "[:alpha:]",
        r"\d",
        r"\W",
        r"\p",
        r"\pL",
        r"\p{Lu}",
        r"\x",
        r"\x41",
        r"\u{e9}",
        r"\b",
        "{1}",
        "{0,2}",
        "{2,}",
    ];
    let mut random = Random(SEED);
    (0..8_000).map(move |_| (0..1 + random.below(9)).map(|_| random.pick(&PIECES)).collect())
}

/// The sample, parts and changes of it, and noise.
fn texts(random: &mut Random, sample: &str) -> Vec<String> {
    let noise = |random: &mut Random| (0..random.below(6)).map(|_| random.pick(&LETTERS)).collect::<String>();
    let mut texts = vec![sample.to_string(), String::new()];
    while texts.len() < TEXTS {
        texts.push(match random.below(6) {
            0 => sample.to_uppercase(),
            1 => sample.to_lowercase(),
            2 => format!("{}{sample}{}", noise(random), noise(random)),
            3 => sample
                .chars()
                .map(|old| if random.below(4) == 0 { random.pick(&LETTERS) } else { old })
                .collect(),
            4 => sample.chars().skip(1).collect(),
            _ => noise(random),
        });
    }
    texts
}

/// Branches, and a text that one of them might match.
fn alternation(random: &mut Random, depth: u32, unicode: bool) -> (String, String) {
    let (mut source, mut sample) = concat(random, depth, unicode);
    while random.below(5) == 0 {
        let (branch, text) =
            if random.below(6) == 0 { Default::default() } else { concat(random, depth, unicode) };
        source = source + "|" + &branch;
        if random.below(2) == 0 {
            sample = text;
        }
    }
    (source, sample)
}

fn concat(random: &mut Random, depth: u32, unicode: bool) -> (String, String) {
    let (mut source, mut sample) = (String::new(), String::new());
    for _ in 0..1 + random.below(4) {
        let (atom, text) = atom(random, depth, unicode);
        source += &atom;
        // Repetitions without a limit within each other would take a backtracking engine ages.
        let times = match random.below(22) {
            0 | 16 => ("?", random.below(2)),
            1 | 17 => ("??", 0),
            2 | 18 => ("{2}", 2),
            3 | 19 => ("{0,1}", 1),
            4 | 20 => ("{1,3}?", 2),
            5 | 21 => ("{0}", 0),
            _ if atom.contains('(') => ("", 1),
            6 => ("+", 1 + random.below(2)),
            7 => ("*", random.below(3)),
            8 => ("*?", random.below(3)),
            9 => ("+?", 1),
            10 => ("{2,}", 3),
            _ => ("", 1),
        };
        source += times.0;
        sample += &text.repeat(times.1);
    }
    if random.below(8) == 0 {
        source = random.pick(&["(?i)", "(?-i)", "(?s)", "(?m)", "(?x)", "(?-s-m)"]).replace("-s-m", "-sm")
            + &source;
    }
    (source, sample)
}

fn atom(random: &mut Random, depth: u32, unicode: bool) -> (String, String) {
    match random.below(if depth == 0 { 12 } else { 17 }) {
        0..4 => {
            let letter = random.pick(&LETTERS);
            (literal(random, letter), letter.into())
        }
        4 => (".".into(), random.pick(&LETTERS).into()),
        5 => (random.pick(&["^", "$", r"\A", r"\z"]).into(), random.pick(&["", "", "\n"]).into()),
        6 | 7 => (random.pick(&[r"\b", r"\B"]).into(), String::new()),
        8 => named(random, unicode),
        9..12 => class(random, depth, unicode),
        _ => {
            let (inner, text) = alternation(random, depth - 1, unicode);
            let open = random.pick(&["(", "(?:", "(?:", "(?i:", "(?-i:", "(?s:", "(?m-s:"]);
            (format!("{open}{inner})"), text)
        }
    }
}

/// A character that stands for itself, in any of the ways to write it.
fn literal(random: &mut Random, letter: char) -> String {
    let code = letter as u32;
    match random.below(4) {
        0 => format!(r"\x{{{code:x}}}"),
        1 if code < 0x10000 => format!(r"\u{code:04X}"),
        _ if letter.is_ascii_punctuation() || letter.is_whitespace() && letter.is_ascii() => {
            format!(r"\{letter}")
        }
        // White space beyond ASCII has no backslash, and means nothing under flag x.
        _ if letter.is_whitespace() => format!(r"\x{{{code:x}}}"),
        _ => letter.to_string(),
    }
}

/// A class with a name, and a character.
fn named(random: &mut Random, unicode: bool) -> (String, String) {
    const UNICODE: [&str; 17] = [
        r"\p{L}",
        r"\P{L}",
        r"\p{Lu}",
        r"\P{Lu}",
        r"\p{Ll}",
        r"\pN",
        r"\p{Nd}",
        r"\p{P}",
        r"\PZ",
        r"\p{M}",
        r"\p{Latin}",
        r"\p{Greek}",
        r"\P{Cyrillic}",
        r"\p{Han}",
        r"\p{Alphabetic}",
        r"\p{Uppercase}",
        r"\p{White_Space}",
    ];
    let name = if unicode && random.below(2) == 0 {
        random.pick(&UNICODE)
    } else {
        random.pick(&[r"\d", r"\D", r"\s", r"\S", r"\w", r"\W"])
    };
    (name.into(), random.pick(&LETTERS).into())
}

fn class(random: &mut Random, depth: u32, unicode: bool) -> (String, String) {
    const POSIX: [&str; 10] = [
        "[:alpha:]",
        "[:^alpha:]",
        "[:upper:]",
        "[:lower:]",
        "[:punct:]",
        "[:space:]",
        "[:word:]",
        "[:^digit:]",
        "[:cntrl:]",
        "[:xdigit:]",
    ];
    let negated = if random.below(3) == 0 { "^" } else { "" };
    let mut source = format!("[{negated}");
    let mut sample = String::from(random.pick(&LETTERS));
    let operands = if random.below(4) == 0 { 2 } else { 1 };
    for operand in 0..operands {
        if operand > 0 {
            source += random.pick(&["&&", "--"]);
        }
        for _ in 0..1 + random.below(3) {
            source += &match random.below(8) {
                0 => random.pick(&POSIX).to_string(),
                1 => named(random, unicode).0,
                2 if depth > 0 => class(random, depth - 1, unicode).0,
                3 | 4 => {
                    let (one, other) = (random.pick(&LETTERS), random.pick(&LETTERS));
                    let range = (one.min(other), one.max(other));
                    sample = range.0.into();
                    format!("{}-{}", literal(random, range.0), literal(random, range.1))
                }
                _ => {
                    let letter = random.pick(&LETTERS);
                    sample = letter.into();
                    literal(random, letter)
                }
            };
        }
    }
    (source + "]", sample)
}

/// xorshift64*: the same patterns in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
