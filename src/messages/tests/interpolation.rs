use crate::messages::{interpolate, render};
use crate::value::{Date, Decimal, Map, Str, Value};
use proptest::prelude::*;

fn bindings() -> Vec<(Str, Value)> {
    vec![
        ("count".into(), 8.into()),
        ("number".into(), Decimal::parse("1.50").unwrap().into()),
        ("ratio".into(), 100.0.into()),
        ("date".into(), Date::from_iso("2024-01-31").unwrap().into()),
        ("name".into(), "%{count} percent".into()),
        ("nothing".into(), Value::Null),
        ("list".into(), [1, 2].into()),
        ("map".into(), Map::new().into()),
    ]
}

#[test]
fn placeholders_become_the_text_of_their_bindings() {
    for (template, expected) in [
        ("", ""),
        ("can't be blank", "can't be blank"),
        ("should be at least %{count} character(s)", "should be at least 8 character(s)"),
        ("%{count}%{count}", "88"),
        ("%{number} %{ratio} %{date}", "1.50 100.0 2024-01-31"),
        ("für %{count} Länder", "für 8 Länder"),
        ("[%{nothing}]", "[]"),
    ] {
        assert_eq!(interpolate(template, &bindings()), expected);
    }
}

#[test]
fn what_is_no_bound_placeholder_stays() {
    for template in [
        "%{other}",
        "%{list}",
        "%{map}",
        "%{}",
        "%{count",
        "%{ count}",
        "%{co unt}",
        "%count",
        "{count}",
        "%",
        "%{",
        "100%",
        "%{größe}",
    ] {
        assert_eq!(interpolate(template, &bindings()), template);
    }
    assert_eq!(interpolate("%{a %{count}%{", &bindings()), "%{a 8%{");
    assert_eq!(interpolate("%%{count}", &bindings()), "%8");
}

#[test]
fn values_are_not_templates() {
    assert_eq!(interpolate("%{name}", &bindings()), "%{count} percent");
}

#[test]
fn any_function_translates_and_what_it_leaves_is_filled_in_as_it_is() {
    let shout = |message: &str, bindings: &[(Str, Value)]| {
        (message == "is invalid").then(|| interpolate("IS INVALID %{count}", bindings))
    };
    assert_eq!(render("is invalid", &bindings(), Some(&shout)), "IS INVALID 8");
    assert_eq!(render("has %{count}", &bindings(), Some(&shout)), "has 8");
    assert_eq!(render("has %{count}", &bindings(), None), "has 8");
}

proptest! {
    #[test]
    fn a_template_without_bindings_is_itself(template in "[%{}a-cé]{0,20}") {
        prop_assert_eq!(interpolate(&template, &[]), template);
    }

    #[test]
    fn interpolation_never_panics(template in ".{0,20}", key in "[a-c]{1,2}", value in ".{0,5}") {
        let bound = [(Str::from(&key), Value::from(&value))];
        let placeholder = ["%{", &key, "}"].concat();
        prop_assert_eq!(interpolate(&placeholder, &bound), value);
        interpolate(&[&template[..], &placeholder].concat(), &bound);
    }
}
