//! What a misspelt word was meant to be.

use alloc::vec::Vec;

/// The words of `known` that `word` is probably a misspelling of, nearest first.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = known
        .filter_map(|candidate| {
            let distance = distance(word, candidate);
            let is_part = word.len() > 3 && (candidate.contains(word) || word.contains(candidate));
            (distance <= 2 && distance < word.len() || is_part).then_some((distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How many letters must be added, dropped or replaced, up to a bound on the work.
fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, byte) in left.iter().enumerate() {
        let mut diagonal = at;
        row[0] = at + 1;
        for (place, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(byte != other);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["string", "integer", "date", "time", "naive_datetime", "utc_datetime"];
        let near = |word| nearest(word, known.into_iter());
        assert_eq!(near("sting"), ["string"]);
        assert_eq!(near("interger"), ["integer"]);
        assert_eq!(near("tiem"), ["time"]);
        assert_eq!(near("datetime"), ["date", "naive_datetime", "time"]);
        assert_eq!(near("zzz"), [""; 0]);
        assert_eq!(near(""), [""; 0]);
    }
}
