//! "Did you mean ...?"

/// The candidate that `word` most likely was meant to be, if one is near: for messages about unknown names.
///
/// Near is one edit for every three bytes of the longer of the two, and three at most. An edit adds, drops
/// or changes a byte, or swaps two neighbors; case in ASCII does not count. Of equally near candidates,
/// the first.
///
/// ```
/// use ectomorph::value::nearest;
/// let fields = ["name", "email", "number_of_pets"];
/// assert_eq!(nearest("emial", fields), Some("email"));
/// assert_eq!(nearest("numberOfPets", fields), Some("number_of_pets"));
/// assert_eq!(nearest("password", fields), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(word, &mut candidates.into_iter())
}

fn nearest_of<'a>(word: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut nearest = None;
    let mut fewest = MOST_EDITS + 1;
    for candidate in candidates {
        let near = word.len().max(candidate.len()) / 3 + 1;
        let mut enough = 0..fewest.min(near);
        if let Some(edits) = enough.find(|&edits| within(edits, word.as_bytes(), candidate.as_bytes())) {
            nearest = Some(candidate);
            fewest = edits;
        }
    }
    nearest
}

/// Keeps the search small, which takes up to four branches an edit.
const MOST_EDITS: usize = 3;

/// Whether so many edits are enough to make `b` of `a`.
fn within(edits: usize, mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > edits {
        return false;
    }
    // To keep an equal byte never costs more than to edit it.
    while let ([x, after_x @ ..], [y, after_y @ ..]) = (a, b)
        && x.eq_ignore_ascii_case(y)
    {
        (a, b) = (after_x, after_y);
    }
    if a.is_empty() && b.is_empty() {
        return true;
    }
    let Some(edits) = edits.checked_sub(1) else { return false };
    if let ([x, y, a @ ..], [z, w, b @ ..]) = (a, b)
        && x.eq_ignore_ascii_case(w)
        && y.eq_ignore_ascii_case(z)
        && within(edits, a, b)
    {
        return true;
    }
    let (shorter_a, shorter_b) = (a.get(1..), b.get(1..));
    shorter_a.zip(shorter_b).is_some_and(|(a, b)| within(edits, a, b))
        || shorter_a.is_some_and(|a| within(edits, a, b))
        || shorter_b.is_some_and(|b| within(edits, a, b))
}
