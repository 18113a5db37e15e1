//! How many characters a reader sees: extended grapheme clusters, by the rules of Unicode 16 (UAX #29).
//!
//! A code point has a class, a class joins what stands before it or starts a new cluster. What was read
//! so far is remembered as one class too: mostly that of the last code point, or one of the few that
//! no code point has, such as "an emoji and a joiner".

use super::graphemes_table::PAGES;

/// The number of extended grapheme clusters in `text`: what `String.length/1` answers in Elixir.
///
/// Plain ASCII is counted eight bytes at a time. There is no limit on the length of a cluster.
///
/// ```
/// use ectomorph::value::grapheme_count;
/// assert_eq!(grapheme_count("Zoe\u{301}"), 3);
/// assert_eq!(grapheme_count("👩\u{200d}👩\u{200d}👧 🇸🇪"), 3);
/// assert_eq!(grapheme_count("\r\n"), 1);
/// ```
pub fn grapheme_count(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text;
    // Nothing joins a control, as nothing joins the start of the text.
    let mut before = CONTROL;
    let mut run = Run { start: 0, end: 0, class: OTHER };
    loop {
        if joins(before) & (bit(OTHER) | bit(LF)) == 0 {
            let plain = plain_prefix(rest.as_bytes());
            if let Some(&last) = rest.as_bytes().get(plain.wrapping_sub(1)) {
                count += plain;
                before = ascii_class(last.into());
                rest = rest.get(plain..).unwrap_or_default();
            }
        }
        let mut chars = rest.chars();
        let Some(point) = chars.next().map(u32::from) else { return count };
        rest = chars.as_str();
        let class = if point < 0x80 { ascii_class(point) } else { run.class_of(point) };
        count += usize::from(joins(before) & bit(class) == 0);
        before = after(before, class);
    }
}

// The classes in the table: they fit four bits. The tests number them in the same order.
const OTHER: u8 = 0;
const EXTEND: u8 = 1;
const SPACING: u8 = 2;
const PICTOGRAPH: u8 = 3;
const CONSONANT: u8 = 4;
const CONTROL: u8 = 5;
const PREPEND: u8 = 6;
const LINKER: u8 = 7;
const NON_JOINER: u8 = 8;
const JOINER: u8 = 9;
const REGIONAL: u8 = 10;
const HANGUL_L: u8 = 11;
const HANGUL_V: u8 = 12;
const HANGUL_T: u8 = 13;
const HANGUL_LV: u8 = 14;

// Classes told from the code point itself.
const HANGUL_LVT: u8 = 15;
const CR: u8 = 16;
const LF: u8 = 17;

// What only the text before can be.
const PICTOGRAPH_JOINER: u8 = 18;
const CONSONANT_LINKER: u8 = 19;

const fn bit(class: u8) -> u32 {
    1 << class
}

/// The classes that continue a cluster which so far ends in `before`, as bits.
fn joins(before: u8) -> u32 {
    // GB9, GB9a
    const MARKS: u32 = bit(EXTEND) | bit(SPACING) | bit(LINKER) | bit(NON_JOINER) | bit(JOINER);
    match before {
        CR => bit(LF),                                                                        // GB3
        CONTROL | LF => 0,                                                                    // GB4
        PREPEND => !(bit(CONTROL) | bit(CR) | bit(LF)),                                       // GB5, GB9b
        HANGUL_L => MARKS | bit(HANGUL_L) | bit(HANGUL_V) | bit(HANGUL_LV) | bit(HANGUL_LVT), // GB6
        HANGUL_LV | HANGUL_V => MARKS | bit(HANGUL_V) | bit(HANGUL_T),                        // GB7
        HANGUL_LVT | HANGUL_T => MARKS | bit(HANGUL_T),                                       // GB8
        CONSONANT_LINKER => MARKS | bit(CONSONANT),                                           // GB9c
        PICTOGRAPH_JOINER => MARKS | bit(PICTOGRAPH),                                         // GB11
        REGIONAL => MARKS | bit(REGIONAL),                                                    // GB12, GB13
        _ => MARKS,                                                                           // GB999
    }
}

/// What stands before the next code point, once `class` has followed `before`.
fn after(before: u8, class: u8) -> u8 {
    match (before, class) {
        // Two make a flag, and a third starts the next one.
        (REGIONAL, REGIONAL) => OTHER,
        (PICTOGRAPH, EXTEND | LINKER | NON_JOINER) => PICTOGRAPH,
        (PICTOGRAPH, JOINER) => PICTOGRAPH_JOINER,
        (CONSONANT | CONSONANT_LINKER, LINKER) => CONSONANT_LINKER,
        (CONSONANT | CONSONANT_LINKER, EXTEND | JOINER) => before,
        _ => class,
    }
}

fn ascii_class(point: u32) -> u8 {
    match point {
        0x0a => LF,
        0x0d => CR,
        0x20..0x7f => OTHER,
        _ => CONTROL,
    }
}

/// How many bytes at the start are ASCII and not CR, so that each is a cluster, or starts one.
fn plain_prefix(bytes: &[u8]) -> usize {
    const EACH: u64 = u64::MAX / 0xff;
    const HIGH: u64 = EACH * 0x80;
    let mut plain = 0;
    let (words, _) = bytes.as_chunks();
    for &word in words {
        let word = u64::from_le_bytes(word);
        // In ASCII, a byte is CR if and only if taking one from its difference to CR sets a high bit.
        let less = (word ^ (EACH * 0x0d)).wrapping_sub(EACH);
        if (word | less) & HIGH != 0 {
            break;
        }
        plain += 8;
    }
    let tail = bytes.get(plain..).unwrap_or_default();
    plain + tail.iter().take_while(|&&byte| byte < 0x80 && byte != b'\r').count()
}

/// Code points of one class, from `start` up to but not including `end`.
struct Run {
    start: u32,
    end: u32,
    class: u8,
}

impl Run {
    /// The class of a code point beyond ASCII. Text stays within a few runs, so the last one is kept.
    fn class_of(&mut self, point: u32) -> u8 {
        if point < self.start || self.end <= point {
            *self = find(point);
        }
        if self.class == HANGUL_LV && !(point - 0xac00).is_multiple_of(28) { HANGUL_LVT } else { self.class }
    }
}

/// Looks a code point up in the table.
///
/// The table is a row of pages, each with its first code point (three bytes, little end first) and then
/// runs without gaps. A run is a byte, its class in the low half and its length less one in the high
/// half; where that is fifteen, the rest of the length follows, seven bits a byte, little end first.
fn find(point: u32) -> Run {
    let first = |page: &[u8; 64]| u32::from_le_bytes([page[0], page[1], page[2], 0]);
    let (pages, _) = PAGES.as_chunks();
    let above = pages.partition_point(|page| first(page) <= point);
    let mut end = 0;
    if let Some(page) = pages.get(above.wrapping_sub(1)) {
        end = first(page);
        let mut bytes = page[3..].iter();
        while let Some(&byte) = bytes.next() {
            let start = end;
            end += u32::from(byte >> 4) + 1;
            if byte >> 4 == 15 {
                let mut shift = 0;
                for &more in bytes.by_ref() {
                    end += u32::from(more & 0x7f) << shift;
                    shift += 7;
                    if more < 0x80 {
                        break;
                    }
                }
            }
            if point < end {
                return Run { start, end, class: byte & 15 };
            }
        }
    }
    Run { start: end, end: u32::MAX, class: OTHER }
}
