//! `grapheme_count` against the crate `unicode-segmentation`, and the generator of its table.
//!
//! The table is made from how that crate treats each code point, so both have the same Unicode version.
//! To make it anew: `UPDATE=1 cargo test --test graphemes`.

use ectomorph::value::grapheme_count;
use std::fmt::Write;
use std::sync::LazyLock;
use std::{env, fs};
use unicode_segmentation::{UNICODE_VERSION, UnicodeSegmentation};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/value/graphemes_table.rs");

/// One code point of each class, in the order in which `graphemes.rs` numbers them.
const REPRESENTATIVES: [char; 18] = [
    'a',         // OTHER
    '\u{300}',   // EXTEND
    '\u{903}',   // SPACING
    '\u{1f600}', // PICTOGRAPH
    '\u{915}',   // CONSONANT
    '\u{ad}',    // CONTROL
    '\u{600}',   // PREPEND
    '\u{94d}',   // LINKER
    '\u{200c}',  // NON_JOINER
    '\u{200d}',  // JOINER
    '\u{1f1e6}', // REGIONAL
    '\u{1100}',  // HANGUL_L
    '\u{1160}',  // HANGUL_V
    '\u{11a8}',  // HANGUL_T
    '\u{ac00}',  // HANGUL_LV
    '\u{ac01}',  // HANGUL_LVT
    '\r',        // CR
    '\n',        // LF
];
const HANGUL_LV: usize = 14;
const HANGUL_LVT: usize = 15;

#[test]
fn the_committed_table_is_what_the_generator_makes() {
    let made = table_file();
    if env::var_os("UPDATE").is_some() {
        fs::write(TABLE, &made).unwrap();
    }
    assert!(fs::read_to_string(TABLE).unwrap() == made, "run this test with UPDATE=1 to make the table anew");
}

#[test]
fn every_code_point_alone_is_one_cluster() {
    for c in char::MIN..=char::MAX {
        assert_eq!(grapheme_count(c.encode_utf8(&mut [0; 4])), 1, "{c:?}");
    }
}

#[test]
fn every_pair_of_representatives_is_counted_alike() {
    for a in REPRESENTATIVES {
        for b in REPRESENTATIVES {
            assert_counted_alike(&String::from_iter([a, b]));
        }
    }
}

#[test]
fn every_triple_of_representatives_is_counted_alike() {
    for a in REPRESENTATIVES {
        for b in REPRESENTATIVES {
            for c in REPRESENTATIVES {
                assert_counted_alike(&String::from_iter([a, b, c]));
            }
        }
    }
}

#[test]
fn every_edge_of_a_class_is_counted_alike_beside_every_representative() {
    for edge in edges() {
        for beside in REPRESENTATIVES {
            assert_counted_alike(&String::from_iter([beside, edge]));
            assert_counted_alike(&String::from_iter([edge, beside]));
        }
    }
}

#[test]
fn random_text_is_counted_alike() {
    let mut random = Random(7);
    let edges = edges();
    for _ in 0..200_000 {
        let length = random.below(16);
        // Mostly representatives, so that the long rules have a chance to match.
        let text = String::from_iter((0..length).map(|_| match random.below(8) {
            0 => edges[random.below(edges.len())],
            1 => char::from(random.below(128) as u8),
            _ => REPRESENTATIVES[random.below(REPRESENTATIVES.len())],
        }));
        assert_counted_alike(&text);
    }
}

#[test]
fn emoji_and_conjuncts_of_random_length_are_counted_alike() {
    let mut random = Random(11);
    let families: [&[char]; 3] = [
        &['\u{1f600}', '\u{200d}', '\u{fe0f}', '\u{1f3fd}', '\u{200c}', '\u{94d}'],
        &['\u{915}', '\u{94d}', '\u{200d}', '\u{93c}', '\u{200c}', '\u{93e}'],
        &['\u{1f1e6}', '\u{1f1ff}', '\u{300}', 'a', '\u{600}', '\r', '\n'],
    ];
    for round in 0..60_000 {
        let family = families[round % families.len()];
        let length = random.below(12);
        assert_counted_alike(&String::from_iter((0..length).map(|_| family[random.below(family.len())])));
    }
}

#[test]
fn ascii_is_counted_alike_at_every_length_and_every_place_of_another_byte() {
    for length in 0..40 {
        let plain = "abcdefg\n".repeat(5)[..length].to_string();
        assert_eq!(grapheme_count(&plain), length);
        for at in 0..length {
            for other in ["\r", "\0", "\u{7f}", "é", "\u{301}", "\u{600}", "👍🏽"] {
                let mut text = plain.clone();
                text.insert_str(at, other);
                assert_counted_alike(&text);
            }
        }
    }
}

#[test]
fn known_clusters_are_one_each() {
    for cluster in [
        "e\u{301}",
        "\r\n",
        "👍🏽",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "❤\u{fe0f}\u{200d}🔥",
        "🇸🇪",
        "1\u{fe0f}\u{20e3}",
        "각",
        "\u{1100}\u{1161}\u{11a8}",
        "\u{915}\u{94d}\u{937}\u{93f}",
        "\u{600}5",
    ] {
        assert_eq!(grapheme_count(cluster), 1, "{}", cluster.escape_unicode());
        assert_eq!(grapheme_count(&cluster.repeat(3)), 3, "{}", cluster.escape_unicode());
    }
}

#[track_caller]
fn assert_counted_alike(text: &str) {
    assert_eq!(grapheme_count(text), expected_count(text), "{}", text.escape_unicode());
}

fn expected_count(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The code points beyond ASCII, in runs of one class.
///
/// A code point's class is that of the representative that behaves like it.
static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| {
    assert_eq!(UNICODE_VERSION, (16, 0, 0), "graphemes.rs names its Unicode version: change it there too");
    let known = REPRESENTATIVES.map(behaviour);
    for (i, one) in known.iter().enumerate().take(HANGUL_LVT + 1) {
        assert!(!known[..i].contains(one), "no context tells {:?} apart", REPRESENTATIVES[i]);
    }
    let mut runs = Vec::<Run>::new();
    for c in '\u{80}'..=char::MAX {
        let own = behaviour(c);
        let class = known.iter().position(|one| *one == own).expect("a class for every code point");
        // The two kinds of syllable alternate, and are told apart by arithmetic.
        let class = if class == HANGUL_LVT { HANGUL_LV } else { class };
        match runs.last_mut() {
            Some(last) if last.class == class => last.last = c,
            _ => runs.push(Run { first: c, last: c, class }),
        }
    }
    runs
});

struct Run {
    first: char,
    last: char,
    class: usize,
}

const CONTEXTS: [(&str, &str); 6] = [
    ("", "\u{1f1e6}"),
    ("", "\u{1160}"),
    ("\u{1160}", "\u{11a8}"),
    ("\u{915}", "\u{915}"),
    ("\u{915}\u{94d}", "\u{915}"),
    ("\u{1f600}", "\u{200d}\u{1f600}"),
];

/// The number of clusters in each of the contexts, which together tell the classes apart.
fn behaviour(c: char) -> [usize; CONTEXTS.len()] {
    let mut text = String::new();
    CONTEXTS.map(|(before, after)| {
        text.clear();
        text.push_str(before);
        text.push(c);
        text.push_str(after);
        expected_count(&text)
    })
}

/// The first and last code point of each run.
fn edges() -> Vec<char> {
    RUNS.iter().flat_map(|run| [run.first, run.last]).collect()
}

const PAGE: usize = 64;

/// The pages that `find` in `graphemes.rs` reads.
fn pages(runs: &[Run]) -> Vec<Vec<u8>> {
    let mut pages = Vec::<Vec<u8>>::new();
    for (i, run) in runs.iter().enumerate() {
        let mut start = u32::from(run.first);
        // Surrogates are no chars: a run reaches to the next one.
        let end = runs.get(i + 1).map_or(u32::from(char::MAX) + 1, |next| next.first.into());
        while start < end {
            if pages.last().is_none_or(|page| page.len() == PAGE) {
                pages.push(start.to_le_bytes()[..3].to_vec());
            }
            let page = pages.last_mut().unwrap();
            let mut length = end - start;
            let mut code = run_code(run.class, length);
            if page.len() + code.len() > PAGE {
                length = 15;
                code = run_code(run.class, length);
            }
            page.extend(code);
            start += length;
        }
    }
    pages.last_mut().unwrap().resize(PAGE, 0);
    pages
}

fn run_code(class: usize, length: u32) -> Vec<u8> {
    let class = class as u8;
    let Some(mut more) = length.checked_sub(16) else { return vec![(length as u8 - 1) << 4 | class] };
    let mut code = vec![0xf0 | class];
    while more >= 0x80 {
        code.push(more as u8 | 0x80);
        more >>= 7;
    }
    code.push(more as u8);
    code
}

fn table_file() -> String {
    let mut file = String::from(
        "//! The classes of code points in Unicode 16.0.0, made by `tests/graphemes.rs`; not for editing.\n\n\
         /// Pages of 64 bytes, each with runs of code points of one class.\n\
         #[rustfmt::skip]\n\
         pub(super) const PAGES: &[u8] = b\"\\\n",
    );
    for page in pages(&RUNS) {
        for half in page.chunks(PAGE / 2) {
            for byte in half {
                write!(file, "\\x{byte:02x}").unwrap();
            }
            file.push_str("\\\n");
        }
    }
    file.push_str("\";\n");
    file
}

/// Numbers that are the same in every run of the tests (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
