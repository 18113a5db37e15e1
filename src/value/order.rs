//! Sorting, once: the standard sorts are compiled anew for every type, which costs a page 2 to 4 KB each time.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The positions `0..count` in the order that `compare` puts them in; equal ones stay in theirs.
pub(crate) fn sorted_positions(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        merged.clear();
        for pair in sorted.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let ([first, rest_left @ ..], [second, rest_right @ ..]) = (left, right) {
                if compare(*first, *second).is_le() {
                    merged.push(*first);
                    left = rest_left;
                } else {
                    merged.push(*second);
                    right = rest_right;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut sorted, &mut merged);
        width *= 2;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_sorted_and_equal_ones_keep_their_order() {
        for count in 0..70 {
            let key = |at: usize| at * 37 % 11;
            let mut expected: Vec<usize> = (0..count).collect();
            expected.sort_by_key(|at| key(*at));
            assert_eq!(sorted_positions(count, &|a, b| key(a).cmp(&key(b))), expected);
        }
    }
}
