//! Whatever HTML refuses because of our attributes, the rules refuse too.

use crate::html::Input;
use ectomorph::changeset::{Parts, run_steps};
use ectomorph::form::{Form, Options, value_text};
use ectomorph::pattern::Pattern;
use ectomorph::rules::{CastOptions, Choices, Count, Length, Number, NumberKind, Rule, Step, Update};
use ectomorph::schema::{Field, Record, Schema};
use ectomorph::types::Type;
use ectomorph::value::{Decimal, Map, Str, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::sync::Arc;

const TEXTS: [&str; 24] = [
    "",
    " ",
    "  ",
    "\u{3000}",
    "a",
    "ab",
    "a@b",
    "A1",
    "é",
    "e\u{301}\u{301}",
    "😀",
    "👨‍👩‍👧‍👦",
    "\n",
    "\r\n",
    "a\nb",
    "ß",
    "1",
    "0",
    "-1",
    "1.5",
    "9007199254740993",
    "1e2",
    "+5",
    "n/a",
];
const PATTERNS: [(&str, &str); 7] =
    [("@", ""), ("^[a-z]+$", "i"), ("^a|b$", ""), (r"^\S+$", ""), (r"^\w+", ""), (r"\d$", ""), ("^$", "")];

fn texts() -> impl Strategy<Value = String> {
    vec(proptest::sample::select(&TEXTS[..]), 0..4).prop_map(|parts| parts.concat())
}

/// Texts that are mostly numbers around the bounds of the rules.
fn number_texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-5..7i64).prop_map(|number| number.to_string()),
        2 => (-10..13i64).prop_map(|half| (half as f64 / 2.0).to_string()),
        1 => texts(),
    ]
}

fn texts_for(kind: &Type) -> BoxedStrategy<String> {
    if matches!(kind, Type::String | Type::Binary) { texts().boxed() } else { number_texts().boxed() }
}

fn kinds() -> impl Strategy<Value = Type> {
    let kinds =
        [Type::String, Type::String, Type::Binary, Type::Integer, Type::Float, Type::Decimal, Type::Id];
    proptest::sample::select(kinds.to_vec())
}

fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (-3..4i64).prop_map(Value::Integer),
        2 => (-6..7i64).prop_map(|half| Value::Float(half as f64 / 2.0)),
        2 => (-30..30i64).prop_map(|tenth| Decimal::parse(&format!("{}.{}", tenth / 10, tenth.abs() % 10)).into()),
        1 => Just(Value::Integer(9_007_199_254_740_993)),
        1 => Just(Value::Integer(i64::MIN)),
        1 => Just(Value::Integer(i64::MAX)),
    ]
}

fn rules(kind: &Type) -> BoxedStrategy<Rule> {
    let count = || option::of(0..6u64);
    if matches!(kind, Type::String | Type::Binary) {
        let length = (count(), count(), count(), 0..4usize).prop_map(|(is, min, max, unit)| {
            let count = Count::ALL.get(unit).copied();
            Rule::Length(Arc::new(Length { is, min, max, count, message: None }))
        });
        let format = proptest::sample::select(&PATTERNS[..]).prop_map(|(source, flags)| {
            Rule::Format(Pattern::new(source, flags).expect("a pattern"), Arc::default())
        });
        prop_oneof![2 => length, 1 => format].boxed()
    } else {
        let bounds = vec((proptest::sample::select(NumberKind::ALL.to_vec()), numbers()), 0..3);
        let number = bounds.prop_map(|bounds| Rule::Number(Arc::new(Number { bounds, message: None })));
        let range = (-3..3i64, -3..6i64)
            .prop_map(|(first, last)| Rule::Inclusion(Arc::new(Choices::Range(first, last)), Arc::default()));
        prop_oneof![4 => number, 1 => range].boxed()
    }
}

/// A field, what it holds, and the rules it goes through.
#[derive(Clone, Debug)]
struct Case {
    kind: Type,
    default: Option<String>,
    data: Option<String>,
    empty_values: Option<Vec<String>>,
    update: Option<Update>,
    required: bool,
    rules: Vec<Rule>,
    textarea: bool,
    knows_steps: bool,
    before: Option<String>,
    typed: String,
}

fn cases() -> impl Strategy<Value = Case> {
    kinds().prop_flat_map(|kind| {
        let empty_values = prop_oneof![
            6 => Just(None),
            1 => vec(proptest::sample::select(&["", "0", "n/a"][..]).prop_map(str::to_string), 0..3).prop_map(Some),
        ];
        let update = prop_oneof![
            8 => Just(None),
            1 => proptest::sample::select(vec![Update::Trim, Update::Upcase, Update::Nil]).prop_map(Some),
        ];
        let settings = (proptest::bool::weighted(0.7), any::<bool>(), any::<bool>());
        let text = || texts_for(&kind);
        let values = (option::weighted(0.2, text()), option::of(text()), option::of(text()), text());
        (values, empty_values, update, vec(rules(&kind), 0..4), settings).prop_map(
            move |((default, data, before, typed), empty_values, update, rules, settings)| {
                let (required, textarea, knows_steps) = settings;
                // Only the steps tell of a rewriting that comes later.
                let update = update.filter(|_| knows_steps);
                let kind = kind.clone();
                Case { kind, default, data, empty_values, update, required, rules, textarea, knows_steps, before, typed }
            },
        )
    })
}

impl Case {
    fn value(&self, text: &Option<String>) -> Value {
        text.as_ref().and_then(|text| self.kind.cast(&text.into()).ok()).unwrap_or_default()
    }

    fn record(&self) -> Arc<Record> {
        let field = Field::new("f", self.kind.clone()).default(self.value(&self.default));
        let schema = Schema::build("A", "a").field(field).finish().expect("a schema");
        let record = Record::new(&schema);
        Arc::new(if self.data.is_some() { record.with("f", self.value(&self.data)) } else { record })
    }

    fn steps(&self) -> Vec<Step> {
        let field = Str::from("f");
        let empty_values = self.empty_values.as_ref().map(|list| list.iter().map(Value::from).collect());
        let options = CastOptions { empty_values, ..CastOptions::default() };
        let mut steps = vec![Step::Cast(vec![field.clone()], Arc::new(options))];
        steps.extend(self.update.clone().map(|update| Step::UpdateChange(field.clone(), update)));
        if self.required {
            steps.push(Step::Required(vec![field.clone()], Arc::default()));
        }
        steps.extend(self.rules.iter().map(|rule| Step::Validate(field.clone(), rule.clone())));
        steps
    }

    /// The changeset after `text` was sent; none if the rules can't be run on such a value.
    fn changeset(&self, text: Option<&str>) -> Option<Parts> {
        let params: Map = text.map(|text| ("f", text)).into_iter().collect();
        run_steps(self.record(), &self.steps(), Some(&params)).ok()
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let mut options = Options::new();
    if case.knows_steps {
        options.steps = Some(case.steps().into());
    }
    let is_text = matches!(case.kind, Type::String | Type::Binary);
    if is_text && case.textarea {
        options = options.input("f", "textarea");
    }
    let Some(shown) = case.changeset(case.before.as_deref()) else { return Ok(()) };
    let form = Form::new(&shown, &options);
    let (kind, attributes) = (form.input_type("f"), form.attributes("f"));
    let starts_with = value_text(form.value("f"));
    let input =
        Input { kind: &kind, attributes: &attributes, starts_with: starts_with.as_str().unwrap_or("") };
    let typed = input.value(&case.typed);
    let Some(refusal) = input.refuses(&typed) else { return Ok(()) };
    let Some(sent) = case.changeset(Some(&input.sent(&typed))) else { return Ok(()) };
    prop_assert!(
        sent.has_error("f"),
        "{refusal} refuses {typed:?}, which the rules accept; attributes {attributes:?}, shown with {:?}",
        starts_with
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn what_html_refuses_is_an_error_of_the_changeset(case in cases()) {
        check(&case)?;
    }
}

#[test]
fn what_html_would_refuse_without_care_is_taken() {
    let length = |length: Length| Rule::Length(Arc::new(length));
    let text = Case {
        kind: Type::String,
        default: None,
        data: None,
        empty_values: None,
        update: None,
        required: true,
        rules: vec![],
        textarea: false,
        knows_steps: true,
        before: None,
        typed: String::new(),
    };
    let integer = Case { kind: Type::Integer, required: false, ..text.clone() };
    let cases = [
        // One grapheme of eleven units.
        Case {
            rules: vec![length(Length::new().max(1))], typed: "👨‍👩‍👧‍👦".into(), ..text.clone()
        },
        Case {
            rules: vec![length(Length::new().max(1).count(Count::Codepoints))],
            typed: "😀".into(),
            ..text.clone()
        },
        Case {
            rules: vec![length(Length::new().min(3).count(Count::Bytes))],
            typed: "ア".into(),
            ..text.clone()
        },
        // White space is nothing typed.
        Case {
            required: false,
            rules: vec![length(Length::new().min(3))],
            typed: " ".into(),
            ..text.clone()
        },
        // What is there already is no change.
        Case {
            data: Some("a".into()),
            rules: vec![length(Length::new().min(3))],
            typed: "a".into(),
            ..text.clone()
        },
        // A line break is sent as two characters.
        Case {
            textarea: true,
            rules: vec![length(Length::new().min(4).count(Count::Codepoints))],
            typed: "a\nb".into(),
            ..text.clone()
        },
        Case { default: Some("draft".into()), typed: "".into(), ..text.clone() },
        Case {
            update: Some(Update::Upcase),
            rules: vec![length(Length::new().min(2))],
            typed: "ß".into(),
            ..text
        },
        // Steps would count from 1.5.
        Case { before: Some("1.5".into()), typed: "2".into(), ..integer.clone() },
        Case {
            empty_values: Some(vec!["0".into()]),
            rules: vec![Rule::Number(Arc::new(Number::new().greater_than(0)))],
            typed: "0".into(),
            ..integer
        },
    ];
    for case in cases {
        let sent = case.changeset(Some(&case.typed)).expect("rules that run");
        let input = Input {
            kind: if case.textarea { "textarea" } else { "text" },
            attributes: &Map::new(),
            starts_with: "",
        };
        let sent = if case.textarea {
            case.changeset(Some(&input.sent(&case.typed))).expect("rules that run")
        } else {
            sent
        };
        assert!(!sent.has_error("f"), "the rules accept {case:?}");
        check(&case).unwrap_or_else(|failure| panic!("{failure}"));
    }
}
