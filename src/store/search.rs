//! Looking for a place in what is sorted, by a guess.

/// Where among `count` entries a key would be if keys lay evenly from `least` to `most`, as numbers given out in turn do.
pub(super) fn share(bits: u128, least: u128, most: u128, count: usize) -> usize {
    let upper = |bits: u128| (bits >> 64) as u64;
    let (from, span) = (upper(least), upper(most).saturating_sub(upper(least)));
    // Two numbers of so few bits have a product.
    let shift = 32_u32.saturating_sub(span.leading_zeros());
    let (distance, span) = (upper(bits).saturating_sub(from) >> shift, span >> shift);
    let share = (distance.min(span) * (count as u64 & 0xFFFF_FFFF)).checked_div(span);
    share.map_or(count / 2, |share| share as usize)
}

/// How many of the first places are `before`, sought from the guess outwards.
pub(super) fn partition(count: usize, guess: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    let mut step = 1;
    let guess = guess.min(count);
    if guess < count && before(guess) {
        low = guess + 1;
        while low + step <= high {
            if !before(low + step - 1) {
                high = low + step - 1;
                break;
            }
            low += step;
            step *= 4;
        }
    } else {
        high = guess;
        while low + step <= high {
            if before(high - step) {
                low = high - step + 1;
                break;
            }
            high -= step;
            step *= 4;
        }
    }
    while low < high {
        let middle = (low + high) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_guessed_the_same_is_found() {
        for count in 0..40 {
            for answer in 0..=count {
                for guess in 0..=count + 1 {
                    assert_eq!(partition(count, guess, |at| at < answer), answer, "{guess} of {count}");
                }
            }
        }
        let key = |number: u64| u128::from(number) << 64;
        assert_eq!(share(key(150), key(100), key(200), 10), 5);
        assert_eq!(share(key(u64::MAX), 0, key(u64::MAX), 256), 256);
        assert_eq!(share(key(5), key(10), key(20), 10), 0);
        assert_eq!(share(key(7), key(7), key(7), 10), 5);
    }
}
