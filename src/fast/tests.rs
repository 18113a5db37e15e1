//! Plans and records as JavaScript writes them, and the answers it reads.

use super::answer::Answer;
use super::plan::{Error, Plan};
use super::record::Reader;
use super::run::{Host, Mistaken, run};
use crate::value::Value;
use crate::wasm::pack::pack;
use alloc::vec::Vec;

struct Nobody;

impl Host for Nobody {
    fn validate(&self, _rule: u32, _value: &Value) -> Vec<(Error, usize)> {
        Vec::new()
    }
}

fn list<const N: usize>(list: [Value; N]) -> Value {
    Value::List(list.into())
}

fn empty() -> Value {
    Value::List(Vec::new())
}

/// Of a name and a number of pets: both cast and required, the name of two to eight characters.
fn plan() -> Plan {
    let number = |number: i64| Value::from(number);
    let null = || Value::Null;
    let slots = list([list([number(6), null(), null()]), list([number(3), null(), null()])]);
    let fields = list([[0, 0, 0, 0].into(), [1, 1, 1, 1].into()]);
    let cast = list([number(0), fields, null(), number(0), false.into(), true.into()]);
    let required = list([number(1), list([[0, 2].into(), [1, 3].into()])]);
    let length = list([number(2), number(0), number(0), list([[1, 2, 4].into(), [2, 8, 5].into()])]);
    let level = list([list([null(), null()]), slots, empty(), list([cast, required, length])]);
    let mut packed = Vec::new();
    pack(&mut packed, &list([number(1), level, [0, 1, 0, 1, 0, 0].into()]));
    Plan::read(&packed).unwrap()
}

/// The words of the answer, and its bytes.
fn answer(words: &'static [u32], text: &'static str) -> (Vec<u32>, Vec<u8>) {
    let plan = plan();
    let mut answer = Answer { words: [7].into(), bytes: [7].into() };
    answer.clear();
    match run(&plan, &mut Reader { words, text: text.as_bytes() }, &Nobody) {
        Ok(outcome) => answer.record(&plan.root, &outcome),
        Err(Mistaken(number)) => answer.mistake(number),
    }
    (answer.words, answer.bytes)
}

#[test]
fn a_text_that_came_in_stays_with_the_host_and_a_number_comes_back() {
    assert_eq!(answer(&[1, 3 << 4 | 4, 2 << 4 | 4], "Ada42"), ([1, 1, 5, 42].into(), [].into()));
}

#[test]
fn errors_come_in_their_order_by_number() {
    assert_eq!(answer(&[1, 4 | 1 << 4, 4 | 4 << 4], "Amany"), ([2 << 4, 4, 1, 1, 0].into(), [].into()));
    assert_eq!(answer(&[1, 0, 1], ""), ([2 << 4, 2, 3, 0, 0].into(), [].into()));
}

#[test]
fn what_a_new_record_lacks_is_not_asked_of_one_that_has_it() {
    // The data, then the params: a name as it was, and no number.
    assert_eq!(answer(&[3, 4 | 3 << 4, 5, 7, 4 | 3 << 4, 0], "AdaAda"), ([1, 0, 0].into(), [].into()));
}

#[test]
fn params_that_are_invalid_as_a_whole_make_nothing_but_an_invalid_changeset() {
    assert_eq!(answer(&[2, 4 | 3 << 4, 5, 7], "Ada"), ([0, 0, 0].into(), [].into()));
}

#[test]
fn a_record_that_is_cut_short_lacks_its_params() {
    assert_eq!(answer(&[1], ""), ([2 << 4, 2, 3, 0, 0].into(), [].into()));
    assert_eq!(answer(&[1, 4 | 900 << 4], "Ada"), ([2 << 4, 2, 3, 0, 0].into(), [].into()));
}

#[test]
fn a_plan_of_another_version_is_not_read() {
    let mut packed = Vec::new();
    pack(&mut packed, &list([2.into(), empty(), empty()]));
    assert!(Plan::read(&packed).is_none());
    assert!(Plan::read(&[]).is_none());
}
