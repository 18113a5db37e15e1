//! Typed changesets and rules.

use crate::blog::*;
use ectomorph::Changeset;
use ectomorph::params::{Limits, from_urlencoded};
use ectomorph::value::{Map, Value};

fn params(body: &str) -> Map {
    from_urlencoded(body, &Limits::default()).unwrap()
}

#[test]
fn rules_make_a_changeset_and_a_struct() {
    let params = params("name=Ada&email=ada@example.com&bio=mathematician&number_of_pets=2&id=7");
    let changeset = User::registration().apply(User::default(), &params);
    assert!(changeset.valid, "{changeset:?}");
    assert_eq!(changeset.fetch_change(User::number_of_pets), Some(&Value::from(2)));
    let user = changeset.apply_action("insert").unwrap();
    let expected = User {
        name: Some("Ada".into()),
        email: Some("ada@example.com".into()),
        bio: Some("mathematician".into()),
        number_of_pets: Some(2),
        ..User::default()
    };
    assert_eq!(user, expected);
}
