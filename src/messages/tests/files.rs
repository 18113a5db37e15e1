use crate::messages::{Catalog, Translate};
use crate::value::{Str, Value};
use proptest::prelude::*;

fn count(count: i64) -> [(Str, Value); 1] {
    [("count".into(), count.into())]
}

fn error(file: &str) -> String {
    Catalog::parse(file).unwrap_err().to_string()
}

#[test]
fn everything_of_the_format_is_read() {
    let catalog = Catalog::parse(
        "\u{feff}# A comment.\r\n\
         #, fuzzy\r\n\
         msgid \"\"\r\n\
         msgstr \"\"\r\n\
         \"Language: de\\n\"\r\n\
         \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\r\n\
         \r\n\
         #: lib/hello_web/live/user_live.ex:12\r\n\
         #, elixir-autogen, elixir-format\r\n\
         msgid \"\"\r\n\
         \"is \"\r\n\
         \"invalid\"\r\n\
         \r\n\
         msgstr   \"ist \"\r\n\
         \t\"\\\"ungültig\\\"\\t\\\\\\n\"\r\n\
         msgid\"is reserved\"\r\n\
         msgstr\"ist reserviert\"\r\n\
         #~ msgid \"is old\"\r\n\
         #~ msgstr \"ist alt\"\r\n\
         #, elixir-format, fuzzy\r\n\
         #| msgid \"was near\"\r\n\
         msgid \"is near\"\r\n\
         msgstr \"ist vielleicht nah\"\r\n\
         msgctxt \"admin\"\r\n\
         msgid \"is reserved\"\r\n\
         msgstr \"nur für Verwalter\"\r\n\
         msgid \"is empty\"\r\n\
         msgstr \"\"",
    )
    .unwrap();
    assert_eq!(catalog.language(), "de");
    assert_eq!(catalog.messages().collect::<Vec<_>>(), ["is empty", "is invalid", "is reserved"]);
    assert_eq!(catalog.translate("is invalid", &[]).as_deref(), Some("ist \"ungültig\"\t\\\n"));
    assert_eq!(catalog.translate("is reserved", &[]).as_deref(), Some("ist reserviert"));
    for untranslated in ["is old", "is near", "is empty", "", "nothing"] {
        assert_eq!(catalog.translate(untranslated, &[]), None, "{untranslated}");
    }
}

#[test]
fn a_plural_needs_a_count_and_the_form_that_it_takes() {
    let catalog = Catalog::parse(
        "msgid \"%{count} post\"\nmsgid_plural \"%{count} posts\"\nmsgstr[1] \"%{count} Beiträge\"\nmsgstr[0] \"\"\n",
    )
    .unwrap();
    assert_eq!(catalog.translate("%{count} post", &count(5)).as_deref(), Some("5 Beiträge"));
    assert_eq!(catalog.translate("%{count} post", &count(-5)).as_deref(), Some("-5 Beiträge"));
    assert_eq!(catalog.translate("%{count} post", &count(1)), None);
    assert_eq!(catalog.translate("%{count} post", &[]), None);
    assert_eq!(catalog.translate("%{count} post", &[("count".into(), "5".into())]), None);
    assert_eq!(catalog.translate("%{count} posts", &count(5)), None);
}

#[test]
fn an_empty_file_is_an_empty_catalog() {
    for file in ["", "\n\n", "# only a comment\n#, fuzzy\n", "msgid \"\"\nmsgstr \"\"\n"] {
        let catalog = Catalog::parse(file).unwrap();
        assert_eq!((catalog.language(), catalog.messages().count()), ("", 0));
    }
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let keywords = "unknown keyword; there are msgctxt, msgid, msgid_plural, msgstr and msgstr[0]: ";
    for (file, expected) in [
        ("msgid \"a\"\nmsgstr \"b\nmsgid \"c\"", "line 2: a text stands between double quotes"),
        ("msgid \"a\"\nmsgstr \"", "line 2: a text stands between double quotes"),
        ("msgid a\n", "line 1: a text stands between double quotes"),
        ("msgid \"a\"b\"\n", "line 1: a double quote within a text is written \\\""),
        ("msgid \"a\\x\"\n", "line 1: an escape is one of \\n, \\t, \\r, \\\" and \\\\"),
        ("msgid \"a\\\"\n", "line 1: an escape is one of \\n, \\t, \\r, \\\" and \\\\"),
        ("# c\n\"a\"\n", "line 2: a text needs a msgid or msgstr before it"),
        ("msgstr \"a\"\n", "line 1: \"msgstr\" cannot come here"),
        ("msgid \"a\"\nmsgid \"b\"\n", "line 2: \"msgid\" cannot come here"),
        ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n", "line 3: \"msgstr\" cannot come here"),
        ("msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"c\"\n", "line 3: \"msgstr\" cannot come here"),
        ("msgid \"a\"\nmsgstr[0] \"b\"\n", "line 2: \"msgstr[0]\" needs a msgid_plural before it"),
        (
            "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[16] \"c\"\n",
            "line 3: \"msgstr[16]\" is no plural form from 0 to 15",
        ),
        (
            "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\nmsgstr[1] \"c\"\nmsgstr[0] \"d\"\n",
            "line 5: this part of the entry is there already",
        ),
        ("\n\nmsgid \"a\"\n\"b\"\n", "line 3: the entry has no msgstr"),
        (
            "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"c\"\nmsgstr \"d\"\n\nmsgid \"a\"\nmsgstr \"e\"\n",
            "line 7: \"a\" is translated on line 1 already",
        ),
        (
            "msgid \"\"\nmsgstr \"Language: ja\\n\"\n\nmsgid \"a\"\nmsgid_plural \"a\"\nmsgstr[0] \"b\"\nmsgstr[1] \"c\"\n",
            "line 4: \"a\" has more forms than the language",
        ),
        (
            "\nmsgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=n;\\n\"\n",
            "line 2: the plural expression gives a form beyond nplurals",
        ),
        ("mgsid \"a\"\n", &[&["line 1: ", keywords][..], &["mgsid"]].concat().concat()),
    ] {
        assert_eq!(error(file), expected);
    }
}

#[test]
fn an_error_gives_its_parts() {
    let error = Catalog::parse("\nmsgid").unwrap_err();
    assert_eq!((error.line(), error.message()), (2, "a text stands between double quotes"));
}

proptest! {
    #[test]
    fn reading_never_panics(file in "(msgid|msgid_plural|msgstr|msgstr\\[[0-9]\\]|msgctxt|#, fuzzy|\"a\"|\"\\\\|\"| |\n|é){0,30}") {
        if let Ok(catalog) = Catalog::parse(&file) {
            catalog.translate("a", &count(3));
        }
    }
}
