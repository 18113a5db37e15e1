//! Documents nobody would write: read, planned, printed and written as SQL without a panic.

use crate::schemas::schemas;
use crate::vectors::vectors;
use ectomorph::adapters::sql::query::{DIALECTS, statement};
use ectomorph::query::{Operation, Query, plan};
use ectomorph::value::{Map, Value};

/// Numbers that look random, the same ones in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }
}

/// All parts of a value.
fn parts<'v>(value: &'v Value, all: &mut Vec<&'v Value>) {
    all.push(value);
    match value {
        Value::List(list) => list.iter().for_each(|value| parts(value, all)),
        Value::Map(map) => map.iter().for_each(|(_, value)| parts(value, all)),
        _ => {}
    }
}

/// The value with its part of that number put in another's place.
fn replaced(value: &Value, at: &mut usize, by: &Value) -> Value {
    if *at == 0 {
        *at = usize::MAX;
        return by.clone();
    }
    *at = at.saturating_sub(if *at == usize::MAX { 0 } else { 1 });
    match value {
        Value::List(list) => Value::List(list.iter().map(|value| replaced(value, at, by)).collect()),
        Value::Map(map) => {
            Value::Map(map.iter().map(|(key, value)| (key.clone(), replaced(value, at, by))).collect::<Map>())
        }
        value => value.clone(),
    }
}

#[test]
fn mixed_up_documents_are_refused_or_planned() {
    let vectors = vectors();
    let mut dice = Dice(42);
    let (mut read, mut planned, mut written) = (0, 0, 0);
    for round in 0..20_000 {
        let (one, other) = (&vectors[dice.roll(vectors.len())], &vectors[dice.roll(vectors.len())]);
        let mut document = one.document.clone();
        for _ in 0..=round % 3 {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            parts(&document, &mut ours);
            parts(&other.document, &mut theirs);
            let mut at = dice.roll(ours.len());
            document = replaced(&document, &mut at, theirs[dice.roll(theirs.len())]);
        }
        let Ok(query) = Query::read(&document) else { continue };
        read += 1;
        let Ok(document) = query.write() else { continue };
        assert_eq!(Query::read(&document).and_then(|again| again.write()), Ok(document));
        for operation in [Operation::All, Operation::UpdateAll, Operation::DeleteAll] {
            let Ok(ready) = plan(&query, operation, schemas()) else { continue };
            planned += 1;
            for dialect in DIALECTS {
                written += usize::from(statement(dialect, &ready.plan, &ready.params).is_ok());
            }
        }
    }
    assert!(read > 2_000 && planned > 1_000 && written > 1_000, "{read} {planned} {written}");
}
