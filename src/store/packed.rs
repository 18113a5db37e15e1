//! Chunks as bytes: in snapshots they are as they are in memory, so that reading them back is little more than a copy.
//!
//! | part | bytes |
//! |---|---|
//! | how many places there are | a number |
//! | the places that have a row | 32 |
//! | each column | a byte that says how it is packed, and what follows from that |
//!
//! | byte | column | then |
//! |---|---|---|
//! | 0 | null everywhere | |
//! | 1 | words | bytes: form, precision, width; 32 of nulls; a word for each place |
//! | 2 | texts | a flag: binary; 32 of nulls; a number: the bytes of all; for each place 2 bytes, where its text ends; the texts |
//!
//! Flags are bits, the lowest first; words and ends have the lowest byte first. The forms of words are counted in
//! the order of [`Form`]. Chunks with other values have no such form: their rows are written one by one.

use super::bits::{Bits, CHUNK};
use super::cells::{Cells, Form, Texts, Words};
use super::chunk::Chunk;
use super::codec::{Malformed, Reader, push_number};

impl Chunk {
    /// Whether there is nothing in it but words and texts.
    pub(super) fn is_packed(&self) -> bool {
        !self.columns.iter().any(|cells| matches!(cells, Cells::Values(_)))
    }

    /// Writes a chunk that is packed.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        push_number(into, self.length as u64);
        push_bits(into, &self.present);
        for cells in &self.columns {
            match cells {
                Cells::Nulls | Cells::Values(_) => into.push(0),
                Cells::Words(Words { form, width, bytes, nulls }) => {
                    let (form, precision) = code(*form);
                    into.extend_from_slice(&[1, form, precision, *width]);
                    push_bits(into, nulls);
                    into.extend_from_slice(bytes);
                }
                Cells::Texts(Texts { binary, ends, bytes, nulls }) => {
                    into.extend_from_slice(&[2, u8::from(*binary)]);
                    push_bits(into, nulls);
                    push_number(into, bytes.len() as u64);
                    ends.iter().for_each(|end| into.extend_from_slice(&end.to_le_bytes()));
                    into.extend_from_slice(bytes);
                }
            }
        }
    }

    /// A chunk of so many columns, in which nothing can go wrong later.
    pub(super) fn read(from: &mut Reader<'_>, width: usize) -> Result<Chunk, Malformed> {
        let length = from.number()? as usize;
        let present = read_bits(from)?;
        if length > CHUNK
            || present == Bits::default()
            || present.without(&Bits::first(length)) != Bits::default()
        {
            return Err(Malformed("rows at places that there are"));
        }
        let columns = (0..width).map(|_| read_cells(from, length)).collect::<Result<_, _>>()?;
        Ok(Chunk { present, hidden: Bits::default(), length, columns })
    }
}

fn read_cells(from: &mut Reader<'_>, length: usize) -> Result<Cells, Malformed> {
    Ok(match from.byte()? {
        0 => Cells::Nulls,
        1 => {
            let form = form(from.byte()?, from.byte()?).ok_or(Malformed("a form of words"))?;
            let width = from.byte()?;
            if !matches!(width, 1 | 2 | 4 | 8) || (form == Form::Float && width != 8) {
                return Err(Malformed("a width of words"));
            }
            let nulls = read_bits(from)?;
            let bytes = from.take(length * usize::from(width))?.to_vec();
            let words = Words { form, width, bytes, nulls };
            let every = (0..length).map(|at| words.get(at));
            let bounds = every.clone().min().into_iter().chain(every.max());
            // What lies between two moments of the calendar is one, too.
            if !matches!(form, Form::Integer | Form::Float | Form::Boolean)
                && bounds.into_iter().any(|word| form.value(word).is_null())
            {
                return Err(Malformed("a moment of the calendar"));
            }
            Cells::Words(words)
        }
        2 => {
            let binary = match from.byte()? {
                0 => false,
                1 => true,
                _ => return Err(Malformed("a flag")),
            };
            let nulls = read_bits(from)?;
            let size = from.number()? as usize;
            let (ends, _) = from.take(length * 2)?.as_chunks();
            let ends: Vec<u16> = ends.iter().map(|end| u16::from_le_bytes(*end)).collect();
            let bytes = from.take(size)?;
            if !ends.is_sorted() || ends.last().map_or(0, |end| usize::from(*end)) != size {
                return Err(Malformed("the ends of texts"));
            }
            if !binary {
                let text = std::str::from_utf8(bytes).map_err(|_| Malformed("text in UTF-8"))?;
                if !ends.iter().all(|end| text.is_char_boundary(usize::from(*end))) {
                    return Err(Malformed("text in UTF-8"));
                }
            }
            Cells::Texts(Texts { binary, ends, bytes: bytes.to_vec(), nulls })
        }
        _ => return Err(Malformed("a column")),
    })
}

fn push_bits(into: &mut Vec<u8>, bits: &Bits) {
    bits.0.iter().for_each(|word| into.extend_from_slice(&word.to_le_bytes()));
}

fn read_bits(from: &mut Reader<'_>) -> Result<Bits, Malformed> {
    let mut bits = Bits::default();
    let (words, _) = from.take(CHUNK / 8)?.as_chunks();
    bits.0.iter_mut().zip(words).for_each(|(to, word)| *to = u64::from_le_bytes(*word));
    Ok(bits)
}

fn code(form: Form) -> (u8, u8) {
    match form {
        Form::Integer => (0, 0),
        Form::Float => (1, 0),
        Form::Boolean => (2, 0),
        Form::Date => (3, 0),
        Form::Time(precision) => (4, precision),
        Form::Naive(precision) => (5, precision),
        Form::Utc(precision) => (6, precision),
    }
}

fn form(form: u8, precision: u8) -> Option<Form> {
    match (form, precision) {
        (0, 0) => Some(Form::Integer),
        (1, 0) => Some(Form::Float),
        (2, 0) => Some(Form::Boolean),
        (3, 0) => Some(Form::Date),
        (4, 0..=6) => Some(Form::Time(precision)),
        (5, 0..=6) => Some(Form::Naive(precision)),
        (6, 0..=6) => Some(Form::Utc(precision)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Date, NaiveDatetime, Time, Value};
    use proptest::prelude::*;

    fn rows() -> Vec<Vec<Value>> {
        (0..200_i64)
            .map(|at| {
                let date = Date::from_unix_days(at * 100).unwrap();
                let time = Time::new(at % 24, 0, 0, at, 6).unwrap();
                vec![
                    at.into(),
                    if at % 3 == 0 { Value::Null } else { format!("naïve {at}").into() },
                    Value::Float(at as f64 / 7.0),
                    (at % 2 == 0).into(),
                    date.into(),
                    time.into(),
                    NaiveDatetime::new(date, time).into(),
                    Value::Binary([at as u8, 255].as_slice().into()),
                    Value::Null,
                ]
            })
            .collect()
    }

    fn chunk() -> Chunk {
        let mut chunk = Chunk::default();
        for (at, row) in rows().iter().enumerate() {
            chunk.put(at, row);
        }
        (0..200).step_by(7).for_each(|at| assert!(chunk.remove(at)));
        chunk
    }

    fn written(chunk: &Chunk) -> Vec<u8> {
        let mut bytes = Vec::new();
        chunk.write(&mut bytes);
        bytes
    }

    fn shown(chunk: &Chunk) -> String {
        (0..CHUNK).map(|at| format!("{:?}\n", chunk.row(at))).collect()
    }

    #[test]
    fn a_chunk_comes_back_as_it_was() {
        let chunk = chunk();
        assert!(chunk.is_packed());
        let bytes = written(&chunk);
        let mut reader = Reader::new(&bytes);
        let back = Chunk::read(&mut reader, 9).unwrap();
        assert!(reader.is_done());
        assert_eq!(shown(&back), shown(&chunk));
        // No part of it can be left out.
        for length in (0..bytes.len()).step_by(11) {
            assert!(Chunk::read(&mut Reader::new(&bytes[..length]), 9).is_err());
        }
    }

    #[test]
    fn a_chunk_with_other_values_is_not_packed() {
        let mut chunk = chunk();
        chunk.set(1, 0, &"no number".into());
        assert!(!chunk.is_packed());
    }

    #[test]
    fn what_would_go_wrong_later_is_refused() {
        let one = |column: &[u8]| {
            let mut bytes = vec![2];
            push_bits(&mut bytes, &Bits::first(2));
            bytes.extend_from_slice(column);
            Chunk::read(&mut Reader::new(&bytes), 1).map(|chunk| chunk.row(1).unwrap()[0].clone())
        };
        let nulls = [0; 32];
        let with = |before: &[u8], after: &[u8]| one(&[before, &nulls, after].concat());
        assert_eq!(with(&[1, 0, 0, 1], &[1, 0xff]), Ok(Value::from(-1)));
        assert_eq!(with(&[2, 0], &[3, 1, 0, 3, 0, b'a', b'b', b'c']), Ok(Value::from("bc")));
        for (refused, expected) in [
            (one(&[3]), "a column"),
            (with(&[1, 7, 0, 1], &[0, 0]), "a form of words"),
            (with(&[1, 4, 7, 1], &[0, 0]), "a form of words"),
            (with(&[1, 0, 0, 3], &[0; 6]), "a width of words"),
            (with(&[1, 1, 0, 4], &[0; 8]), "a width of words"),
            (with(&[1, 3, 0, 4], &[0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]), "a moment of the calendar"),
            (with(&[1, 4, 0, 1], &[0xff, 0]), "a moment of the calendar"),
            (with(&[1, 0, 0, 8], &[0; 15]), "more bytes"),
            (with(&[2, 2], &[0, 0, 0, 0, 0]), "a flag"),
            (with(&[2, 0], &[2, 2, 0, 1, 0, b'a', b'b']), "the ends of texts"),
            (with(&[2, 0], &[3, 1, 0, 2, 0, b'a', b'b', b'c']), "the ends of texts"),
            (with(&[2, 0], &[2, 1, 0, 2, 0, 0xc3, 0xa9]), "text in UTF-8"),
            (with(&[2, 0], &[1, 1, 0, 1, 0, 0xff]), "text in UTF-8"),
        ] {
            assert_eq!(refused, Err(Malformed(expected)));
        }
        let mut gone = vec![1];
        push_bits(&mut gone, &Bits::first(2));
        assert_eq!(
            Chunk::read(&mut Reader::new(&gone), 0).err(),
            Some(Malformed("rows at places that there are"))
        );
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_refused_or_read_as_something_that_can_be_written(
            at in 0_usize..10_000,
            byte in any::<u8>(),
        ) {
            let mut bytes = written(&chunk());
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(mut chunk) = Chunk::read(&mut Reader::new(&bytes), 9) {
                prop_assert!(!shown(&chunk).is_empty());
                let rows = rows();
                (0..200).for_each(|at| _ = chunk.put(at, &rows[199 - at]));
                prop_assert_eq!(chunk.row(0).map(|row| row[0].clone()), Some(Value::from(199)));
                (0..CHUNK).for_each(|at| _ = chunk.remove(at));
            }
        }
    }
}
