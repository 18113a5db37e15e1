//! [`Automaton`]: a pattern, made deterministic by the host, that runs in one pass over the text.

use alloc::boxed::Box;

/// The class of all code points beyond ASCII, which the patterns of plans treat alike.
const BEYOND: usize = 128;

/// A table of states. State 0 is where it starts; the last two are the one that never matches and the one that does.
pub(super) struct Automaton {
    classes: usize,
    /// The class of each ASCII character, then that of all others; then for each state whether the text may end there;
    /// then for each state the states after each class, two bytes each.
    bytes: Box<[u8]>,
    states: usize,
}

impl Automaton {
    /// Of `classes, states as two bytes`, and the table.
    pub(super) fn new(bytes: &[u8]) -> Automaton {
        let [classes, low, high, rest @ ..] = bytes else {
            return Automaton { classes: 0, states: 0, bytes: Box::default() };
        };
        let states = usize::from(u16::from_le_bytes([*low, *high]));
        Automaton { classes: usize::from(*classes), states, bytes: rest.into() }
    }

    /// Whether the pattern matches anywhere in `text`.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let (map, rest) = self.bytes.split_at_checked(BEYOND + 1).unwrap_or_default();
        let (ends, table) = rest.split_at_checked(self.states).unwrap_or_default();
        let (targets, _) = table.as_chunks::<2>();
        let mut state = 0;
        for &byte in text {
            // A code point counts once, at its first byte.
            if byte & 0xc0 == 0x80 {
                continue;
            }
            let class = map.get(usize::from(byte).min(BEYOND)).copied().unwrap_or_default();
            let target = targets.get(state * self.classes + usize::from(class)).copied().unwrap_or_default();
            state = usize::from(u16::from_le_bytes(target));
            if state + 2 >= self.states {
                break;
            }
        }
        ends.get(state).is_some_and(|ends| *ends != 0)
    }
}
