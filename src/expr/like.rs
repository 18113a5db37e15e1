//! SQL's LIKE, and the lower case of its sister ILIKE.

/// Whether capitals differ from small letters.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Case {
    Matters,
    Ignored,
}

/// Whether all of `text` matches `pattern`: `%` is any text, `_` one character (code point), and a backslash
/// takes the character after it as it is; a last backslash stands for itself.
///
/// Takes at most `text.len() * pattern.len()` steps and no memory: after a mismatch only the last `%` takes
/// one character more, since an earlier one cannot help.
pub(super) fn like(text: &str, pattern: &str, case: Case) -> bool {
    let (mut text, mut pattern) = (text.chars(), pattern.chars());
    let mut last_percent = None;
    loop {
        let before = text.clone();
        let matched = match pattern.next() {
            Some('%') => {
                last_percent = Some((before.clone(), pattern.clone()));
                text = before;
                continue;
            }
            Some('_') => text.next().is_some(),
            Some(wanted) => {
                let wanted = if wanted == '\\' { pattern.next().unwrap_or('\\') } else { wanted };
                text.next().is_some_and(|found| {
                    found == wanted || case == Case::Ignored && lowercase(found) == lowercase(wanted)
                })
            }
            None if before.as_str().is_empty() => return true,
            None => false,
        };
        if !matched {
            let Some((retry_text, retry_pattern)) = &mut last_percent else { return false };
            if retry_text.next().is_none() {
                return false;
            }
            (text, pattern) = (retry_text.clone(), retry_pattern.clone());
        }
    }
}

/// Capitals as first, last, step from one to the next, and the distance to the small letter.
///
/// The tables of the core library know every script and would be a fifth of the whole browser artifact, and two
/// tables could differ; so the same short one serves everywhere: the living alphabets that have two cases.
const CAPITALS: [(u16, u16, u8, i16); 37] = [
    // Latin: western and central Europe, Pinyin, Romanian, Vietnamese.
    (0x41, 0x5a, 1, 32),
    (0xc0, 0xd6, 1, 32),
    (0xd8, 0xde, 1, 32),
    (0x100, 0x12e, 2, 1),
    (0x132, 0x136, 2, 1),
    (0x139, 0x147, 2, 1),
    (0x14a, 0x176, 2, 1),
    (0x178, 0x178, 1, -121),
    (0x179, 0x17d, 2, 1),
    (0x18f, 0x18f, 1, 202),
    (0x1a0, 0x1a4, 2, 1),
    (0x1af, 0x1af, 1, 1),
    (0x1cd, 0x1db, 2, 1),
    (0x1de, 0x1ee, 2, 1),
    (0x1f8, 0x21e, 2, 1),
    (0x222, 0x232, 2, 1),
    (0x1e00, 0x1e94, 2, 1),
    (0x1e9e, 0x1e9e, 1, -7615),
    (0x1ea0, 0x1efe, 2, 1),
    // Greek.
    (0x386, 0x386, 1, 38),
    (0x388, 0x38a, 1, 37),
    (0x38c, 0x38c, 1, 64),
    (0x38e, 0x38f, 1, 63),
    (0x391, 0x3a1, 1, 32),
    (0x3a3, 0x3ab, 1, 32),
    // Cyrillic.
    (0x400, 0x40f, 1, 80),
    (0x410, 0x42f, 1, 32),
    (0x460, 0x480, 2, 1),
    (0x48a, 0x4be, 2, 1),
    (0x4c0, 0x4c0, 1, 15),
    (0x4c1, 0x4cd, 2, 1),
    (0x4d0, 0x52e, 2, 1),
    // Armenian.
    (0x531, 0x556, 1, 48),
    // Georgian.
    (0x1c90, 0x1cba, 1, -3008),
    (0x1cbd, 0x1cbf, 1, -3008),
    // Roman numerals and full-width Latin.
    (0x2160, 0x216f, 1, 16),
    (0xff21, 0xff3a, 1, 32),
];

/// The small letter of a capital, as Unicode's simple mapping has it; any other character is itself.
fn lowercase(capital: char) -> char {
    if capital.is_ascii() {
        return capital.to_ascii_lowercase();
    }
    let code = capital as u32;
    for (first, last, step, distance) in CAPITALS {
        if code >= u32::from(first)
            && code <= u32::from(last)
            && (code - u32::from(first)).is_multiple_of(step.into())
        {
            return char::from_u32(code.wrapping_add_signed(distance.into())).unwrap_or(capital);
        }
    }
    capital
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_is_that_of_unicode_in_every_alphabet_of_the_table() {
        let alphabets = [0x00..0x180, 0x1cd..0x220, 0x222..0x234, 0x386..0x3cf, 0x400..0x590, 0x1c90..0x1cc0]
            .into_iter()
            .chain([0x1e00..0x1f00, 0x2150..0x2170, 0xff00..0xff60]);
        // Titlecase digraphs and the like: not in the table, and in no text of today.
        let left_out = [0x130, 0x1f1, 0x1f2, 0x1f4, 0x1f6, 0x1f7];
        for code in alphabets.flatten().filter(|code| !left_out.contains(code)) {
            let Some(letter) = char::from_u32(code) else { continue };
            let small: Vec<char> = letter.to_lowercase().collect();
            assert_eq!(vec![lowercase(letter)], small, "{letter} ({code:#x})");
        }
    }

    #[test]
    fn no_letter_of_the_table_differs_from_unicode() {
        for letter in '\0'..=char::MAX {
            if lowercase(letter) != letter {
                assert_eq!(letter.to_lowercase().collect::<String>(), lowercase(letter).to_string());
            }
        }
    }
}
