use crate::messages::{Catalog, Translate, render};
use crate::value::{Str, Value};

const GERMAN: &str = include_str!("errors.de.po");
const POLISH: &str = include_str!("errors.pl.po");
const JAPANESE: &str = include_str!("errors.ja.po");

/// Every message that Ecto's changesets give.
const MESSAGES: [&str; 28] = [
    "can't be blank",
    "has already been taken",
    "is invalid",
    "must be accepted",
    "has invalid format",
    "has an invalid entry",
    "is reserved",
    "does not match confirmation",
    "is still associated with this entry",
    "are still associated with this entry",
    "does not exist",
    "violates an exclusion constraint",
    "is stale",
    "should have %{count} item(s)",
    "should be %{count} character(s)",
    "should be %{count} byte(s)",
    "should have at least %{count} item(s)",
    "should be at least %{count} character(s)",
    "should be at least %{count} byte(s)",
    "should have at most %{count} item(s)",
    "should be at most %{count} character(s)",
    "should be at most %{count} byte(s)",
    "must be less than %{number}",
    "must be greater than %{number}",
    "must be less than or equal to %{number}",
    "must be greater than or equal to %{number}",
    "must be equal to %{number}",
    "must be not equal to %{number}",
];

fn bound(key: &'static str, value: i64) -> Vec<(Str, Value)> {
    vec![("validation".into(), "length".into()), (key.into(), value.into())]
}

fn counted(catalog: &Catalog, message: &str, counts: &[i64]) -> Vec<String> {
    counts.iter().map(|count| catalog.translate(message, &bound("count", *count)).unwrap()).collect()
}

#[test]
fn a_catalog_of_a_phoenix_application_translates_every_message_of_ecto() {
    for (file, language) in [(GERMAN, "de"), (POLISH, "pl"), (JAPANESE, "ja")] {
        let catalog = Catalog::parse(file).unwrap();
        assert_eq!(catalog.language(), language);
        assert_eq!(catalog.messages().count(), MESSAGES.len());
        for message in MESSAGES {
            for number in [0, 1, 2, 5, 22] {
                let bindings = [bound("count", number), bound("number", number)].concat();
                let translated = catalog.translate(message, &bindings).unwrap_or_default();
                assert!(!translated.is_empty(), "{language}: {message}");
                assert!(translated != message && !translated.contains("%{"), "{language}: {translated}");
            }
        }
    }
}

#[test]
fn german_has_a_form_for_one() {
    let catalog = Catalog::parse(GERMAN).unwrap();
    assert_eq!(
        counted(&catalog, "should be at least %{count} character(s)", &[0, 1, 2]),
        [
            "muss mindestens 0 Zeichen lang sein",
            "muss mindestens ein Zeichen lang sein",
            "muss mindestens 2 Zeichen lang sein",
        ]
    );
    assert_eq!(
        render("must be greater than %{number}", &bound("number", 18), Some(&catalog)),
        "muss größer als 18 sein"
    );
}

#[test]
fn polish_has_three_forms() {
    let catalog = Catalog::parse(POLISH).unwrap();
    assert_eq!(
        counted(&catalog, "should have at most %{count} item(s)", &[0, 1, 3, 5, 12, 22]),
        [
            "powinno mieć co najwyżej 0 elementów",
            "powinno mieć co najwyżej 1 element",
            "powinno mieć co najwyżej 3 elementy",
            "powinno mieć co najwyżej 5 elementów",
            "powinno mieć co najwyżej 12 elementów",
            "powinno mieć co najwyżej 22 elementy",
        ]
    );
}

#[test]
fn japanese_has_one_form_though_the_file_gives_only_the_language() {
    let catalog = Catalog::parse(JAPANESE).unwrap();
    assert!(!JAPANESE.contains("Plural-Forms"));
    assert_eq!(
        counted(&catalog, "should be %{count} character(s)", &[0, 1, 5]),
        ["は0文字にしてください", "は1文字にしてください", "は5文字にしてください"]
    );
}

#[test]
fn a_message_of_the_application_stays_as_it_is() {
    let catalog = Catalog::parse(GERMAN).unwrap();
    assert_eq!(render("must be after %{number}", &bound("number", 3), Some(&catalog)), "must be after 3");
}
