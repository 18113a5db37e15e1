//! Reading steps.

use super::{MAX_DEPTH, MAX_STEPS};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::rules::{
    CastOptions, CastRelation, Choices, ConstraintKind, ConstraintName, ConstraintOptions, Count, Finding, Length,
    Match, Message, Number, NumberKind, Options, Rule, Step, Trim, Update, Validators,
};
use crate::value::{Map, Str, Value, nearest};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Reads a list of steps.
///
/// # Errors
///
/// A [`Mistake`] with the place (`step 2`) and what is wrong: an unknown step, option or validator, an argument of the
/// wrong kind, too many steps, steps nested too deep.
pub fn read_steps(steps: &Value, validators: &dyn Validators) -> Result<Arc<[Step]>> {
    Reader { validators, count: 0, depth: 0 }.steps(steps)
}

type Result<T> = core::result::Result<T, Mistake>;

const STEP_NAMES: [&str; 37] = [
    "cast", "cast_params", "change", "put_change", "force_change", "delete_change", "update_change", "merge",
    "set_action", "set_action_if", "put_index", "add_error", "validate_required", "validate_length",
    "validate_format", "validate_number", "validate_inclusion", "validate_exclusion", "validate_subset",
    "validate_acceptance", "validate_confirmation", "validate_change", "validate", "when", "unique_constraint",
    "foreign_key_constraint", "check_constraint", "exclusion_constraint", "assoc_constraint", "no_assoc_constraint",
    "optimistic_lock", "optimistic_lock_run", "cast_embed", "cast_assoc", "put_embed", "put_assoc", "reorder_assoc",
];

struct Reader<'a> {
    validators: &'a dyn Validators,
    count: usize,
    depth: usize,
}

impl Reader<'_> {
    fn steps(&mut self, steps: &Value) -> Result<Arc<[Step]>> {
        let Some(list) = steps.as_list() else {
            return Err(Mistake::join(&["steps must be a list, got ", steps.kind()]));
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Mistake::new("steps are nested too deep (32 levels)"));
        }
        self.count += list.len();
        if self.count > MAX_STEPS {
            return Err(Mistake::new("too many steps (10000)"));
        }
        let mut read = Vec::with_capacity(list.len());
        for (index, step) in list.iter().enumerate() {
            self.step(step, &mut read).map_err(|mistake| {
                let mut place = alloc::string::String::from("step ");
                crate::value::push_integer(&mut place, index as i64);
                mistake.at(&place)
            })?;
        }
        self.depth -= 1;
        Ok(Arc::from(read))
    }

    fn step(&mut self, step: &Value, into: &mut Vec<Step>) -> Result<()> {
        let Some([Value::String(name), arguments @ ..]) = step.as_list() else {
            return Err(Mistake::new("a step must be a list that starts with its name"));
        };
        let mut arguments = Arguments { step: name, rest: arguments };
        let step = self.read(name, &mut arguments)?;
        arguments.finish()?;
        into.push(step);
        if name == "optimistic_lock_run" {
            into.push(Step::RunPrepared);
        }
        Ok(())
    }

    fn read(&mut self, name: &Str, arguments: &mut Arguments) -> Result<Step> {
        Ok(match name.as_str() {
            "cast" => Step::Cast(arguments.names()?, Arc::new(cast_options(arguments)?)),
            "cast_params" => {
                let params = arguments.value("params")?.clone();
                Step::CastParams(params, arguments.names()?, Arc::new(cast_options(arguments)?))
            }
            "change" => Step::Change(changes(arguments)?),
            "put_change" => Step::PutChange(arguments.name()?, arguments.value("value")?.clone()),
            "force_change" => Step::ForceChange(arguments.name()?, arguments.value("value")?.clone()),
            "delete_change" => Step::DeleteChange(arguments.name()?),
            "update_change" => Step::UpdateChange(arguments.name()?, arguments.word(&Update::ALL, Update::name)?),
            "merge" => self.merge(arguments)?,
            "set_action" => Step::SetAction(match arguments.value("action")? {
                Value::Null => None,
                Value::String(action) => Some(action.clone()),
                other => return Err(arguments.wrong("an action must be a string or null", other)),
            }),
            "set_action_if" => {
                Step::SetActionIf(arguments.name()?, arguments.value("value")?.clone(), arguments.text("action")?)
            }
            "put_index" => Step::PutIndex(arguments.name()?),
            "add_error" => {
                let (field, message) = (arguments.name()?, arguments.text("message")?);
                let metadata = arguments.map()?.cloned().unwrap_or_default();
                Step::AddError(Finding { field, message, metadata })
            }
            "validate_required" => Step::Required(arguments.names()?, Arc::new(options(arguments, false)?)),
            "validate_change" => self.validate_change(arguments)?,
            "when" => {
                let condition = condition(arguments)?;
                Step::When(Arc::new(condition), self.steps(arguments.value("steps")?)?)
            }
            "optimistic_lock" | "optimistic_lock_run" => Step::OptimisticLock(arguments.name()?),
            "cast_embed" | "cast_assoc" => Step::CastRelation {
                embed: name == "cast_embed",
                field: arguments.name()?,
                options: Arc::new(self.cast_relation(arguments)?),
            },
            "put_embed" | "put_assoc" => Step::PutRelation {
                embed: name == "put_embed",
                field: arguments.name()?,
                value: arguments.value("value")?.clone(),
            },
            "reorder_assoc" => Step::ReorderAssoc(arguments.name()?),
            other => {
                if let Some(kind) = ConstraintKind::ALL.into_iter().find(|kind| kind.step_name() == other) {
                    return constraint(kind, arguments);
                }
                let field_step = read_rule(other, arguments)?;
                field_step.ok_or_else(|| unknown("step", other, STEP_NAMES.into_iter()))?
            }
        })
    }

    fn merge(&mut self, arguments: &mut Arguments) -> Result<Step> {
        let steps = self.steps(arguments.value("steps")?)?;
        let (mut params, mut data) = (None, Map::new());
        arguments.options(|key, value| {
            match (key, value) {
                ("params", Value::Map(map)) => params = Some(map.clone()),
                ("data", Value::Map(map)) => data = map.clone(),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Step::Merge { steps, params, data })
    }

    /// `["validate_change", field, name, argument?]`, or `["validate_change", field, {"errors", "when_equals"}]`.
    fn validate_change(&mut self, arguments: &mut Arguments) -> Result<Step> {
        let field = arguments.name()?;
        if let Some(Value::String(name)) = arguments.peek() {
            let name = name.clone();
            arguments.skip();
            let argument = arguments.next().cloned().unwrap_or_default();
            let validator = self.validators.find(&name).ok_or_else(|| {
                Mistake::join(&["validator `", &name, "` is not registered here; register it before reading the rules"])
            })?;
            return Ok(Step::Validate(field, Rule::Custom(validator, argument)));
        }
        let (mut findings, mut when_equals) = (Vec::new(), None);
        arguments.options(|key, value| {
            match key {
                "errors" => findings = read_findings(value)?,
                "when_equals" => when_equals = Some(value.clone()),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(Step::Validate(field, Rule::Fixed(Arc::new((findings, when_equals)))))
    }

    fn cast_relation(&mut self, arguments: &mut Arguments) -> Result<CastRelation> {
        let mut read = CastRelation::default();
        let step = arguments.step;
        arguments.options(|key, value| {
            match key {
                "required" => read.required = Some(boolean(step, key, value)?),
                "required_message" => read.required_message = Some(message(step, value)?),
                "invalid_message" => read.invalid_message = Some(message(step, value)?),
                "with" => read.with = Some(self.steps(value)?),
                "with_arity" => read.with_index = value.as_integer() == Some(3),
                "sort_param" => read.sort_param = Some(text(step, key, value)?),
                "drop_param" => read.drop_param = Some(text(step, key, value)?),
                "force_update_on_change" => read.force_update_on_change = Some(boolean(step, key, value)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(read)
    }
}

/// The steps that put one rule on one field.
fn read_rule(step: &str, arguments: &mut Arguments) -> Result<Option<Step>> {
    let is_rule = matches!(
        step,
        "validate"
            | "validate_length"
            | "validate_format"
            | "validate_number"
            | "validate_inclusion"
            | "validate_exclusion"
            | "validate_subset"
            | "validate_acceptance"
            | "validate_confirmation"
    );
    if !is_rule {
        return Ok(None);
    }
    let field = arguments.name()?;
    let rule = match step {
        "validate" => {
            let condition = condition(arguments)?;
            Rule::Condition(Arc::new((condition, options(arguments, false)?.message)))
        }
        "validate_length" => Rule::Length(Arc::new(length(arguments)?)),
        "validate_format" => {
            let pattern = pattern(arguments.value("pattern")?)?;
            Rule::Format(pattern, Arc::new(options(arguments, false)?))
        }
        "validate_number" => Rule::Number(Arc::new(number(arguments)?)),
        "validate_acceptance" => Rule::Acceptance(Arc::new(options(arguments, false)?)),
        "validate_confirmation" => Rule::Confirmation(Arc::new(options(arguments, true)?)),
        _ => {
            let choices = Arc::new(choices(arguments)?);
            let options = Arc::new(options(arguments, false)?);
            match step {
                "validate_inclusion" => Rule::Inclusion(choices, options),
                "validate_exclusion" => Rule::Exclusion(choices, options),
                _ => Rule::Subset(choices, options),
            }
        }
    };
    Ok(Some(Step::Validate(field, rule)))
}

fn condition(arguments: &mut Arguments) -> Result<Expr> {
    Expr::from_document(arguments.value("condition")?).map_err(|error| Mistake::new(error.message()).at(&error.path()))
}

fn changes(arguments: &mut Arguments) -> Result<Vec<(Str, Value)>> {
    let Some(pairs) = arguments.next() else { return Ok(Vec::new()) };
    let wrong = || Mistake::new("change takes a list of [field, value] pairs");
    pairs
        .as_list()
        .ok_or_else(wrong)?
        .iter()
        .map(|pair| match pair.as_list() {
            Some([Value::String(field), value]) => Ok((field.clone(), value.clone())),
            _ => Err(wrong()),
        })
        .collect()
}

fn read_findings(value: &Value) -> Result<Vec<Finding>> {
    let wrong = || Mistake::new("errors must be a list of [field, message, metadata?]");
    value
        .as_list()
        .ok_or_else(wrong)?
        .iter()
        .map(|entry| match entry.as_list() {
            Some([Value::String(field), Value::String(message)]) => Ok(Finding::new(field, message)),
            Some([Value::String(field), Value::String(message), Value::Map(metadata)]) => {
                Ok(Finding { field: field.clone(), message: message.clone(), metadata: metadata.clone() })
            }
            _ => Err(wrong()),
        })
        .collect()
}

fn cast_options(arguments: &mut Arguments) -> Result<CastOptions> {
    let mut read = CastOptions::default();
    let step = arguments.step;
    arguments.options(|key, value| {
        match (key, value) {
            ("empty_values", Value::List(list)) => read.empty_values = Some(list.clone()),
            ("trim_values", Value::String(word)) => {
                read.trim_values = Some(match word.as_str() {
                    "none" => Trim::None,
                    "both" => Trim::Both,
                    "leading" => Trim::Leading,
                    other => return Err(unknown("trim_values", other, ["none", "both", "leading"].into_iter())),
                });
            }
            ("force_changes", value) => read.force_changes = Some(boolean(step, key, value)?),
            ("message", Value::Map(map)) => read.message = map.clone(),
            ("message_by_type", Value::Map(map)) => read.message_by_type = map.clone(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(read)
}

fn options(arguments: &mut Arguments, confirmation: bool) -> Result<Options> {
    let mut read = Options::default();
    let step = arguments.step;
    arguments.options(|key, value| {
        match key {
            "message" => read.message = Some(message(step, value)?),
            "required" if confirmation => read.required = Some(boolean(step, key, value)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(read)
}

fn length(arguments: &mut Arguments) -> Result<Length> {
    let mut read = Length::default();
    let step = arguments.step;
    arguments.options(|key, value| {
        if value.is_null() {
            return Ok(matches!(key, "is" | "min" | "max" | "count" | "message"));
        }
        let count = |value: &Value| match value.as_integer().and_then(|count| u64::try_from(count).ok()) {
            Some(count) => Ok(Some(count)),
            None => Err(Mistake::join(&[step, ": ", key, " must be an integer from 0, got ", value.kind()])),
        };
        match key {
            "is" => read.is = count(value)?,
            "min" => read.min = count(value)?,
            "max" => read.max = count(value)?,
            "message" => read.message = Some(message(step, value)?),
            "count" => {
                let word = text(step, key, value)?;
                let found = Count::ALL.into_iter().find(|count| count.name() == word.as_str());
                read.count =
                    Some(found.ok_or_else(|| unknown("count", &word, Count::ALL.into_iter().map(Count::name)))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(read)
}

/// Bounds as ordered pairs `[["greater_than", 0], ["message", ..]]`, or as an object.
fn number(arguments: &mut Arguments) -> Result<Number> {
    let step = arguments.step;
    let mut read = Number::default();
    let mut add = |key: &str, value: &Value| -> Result<()> {
        if key == "message" {
            read.message = Some((read.bounds.len(), message(step, value)?));
            return Ok(());
        }
        let kind = NumberKind::ALL.into_iter().find(|kind| kind.name() == key);
        let names = NumberKind::ALL.into_iter().map(NumberKind::name);
        let kind = kind.ok_or_else(|| unknown("option of validate_number", key, names))?;
        if !matches!(value, Value::Integer(_) | Value::Float(_) | Value::Decimal(_)) {
            return Err(Mistake::join(&[step, ": ", key, " must be a number, got ", value.kind()]));
        }
        read.bounds.push((kind, value.clone()));
        Ok(())
    };
    match arguments.next() {
        None => {}
        Some(Value::Map(map)) => {
            for (key, value) in map.iter() {
                add(key, value)?;
            }
        }
        Some(Value::List(pairs)) => {
            for pair in pairs {
                match pair.as_list() {
                    Some([Value::String(key), value]) => add(key, value)?,
                    _ => return Err(Mistake::join(&[step, " takes pairs [option, value]"])),
                }
            }
        }
        Some(other) => return Err(arguments.wrong("bounds must be pairs or an object", other)),
    }
    Ok(read)
}

fn choices(arguments: &mut Arguments) -> Result<Choices> {
    let value = arguments.value("list")?;
    match value {
        Value::List(list) => Ok(Choices::List(list.clone())),
        Value::Map(map) => match map.get("$range").and_then(Value::as_list) {
            Some([Value::Integer(first), Value::Integer(last)]) => Ok(Choices::Range(*first, *last)),
            _ => Err(arguments.wrong("choices must be a list or a `$range`", value)),
        },
        _ => Err(arguments.wrong("choices must be a list or a `$range`", value)),
    }
}

/// `{"$regex": source, "flags": "i"}`, or the source alone.
fn pattern(value: &Value) -> Result<Pattern> {
    let (source, flags) = match value {
        Value::String(source) => (source.as_str(), ""),
        Value::Map(map) => {
            let source = map.get("$regex").and_then(Value::as_str);
            let flags = map.get("flags").and_then(Value::as_str).unwrap_or("");
            (source.ok_or_else(|| Mistake::new("a pattern must be `{\"$regex\": source}`"))?, flags)
        }
        other => return Err(Mistake::join(&["a pattern must be `{\"$regex\": source}`, got ", other.kind()])),
    };
    Pattern::new(source, flags).map_err(|error| Mistake::new(error.message()))
}

fn constraint(kind: ConstraintKind, arguments: &mut Arguments) -> Result<Step> {
    let fields = arguments.names()?;
    let mut read = ConstraintOptions::default();
    let step = arguments.step;
    arguments.options(|key, value| {
        match key {
            "name" => {
                read.name = Some(match value {
                    Value::String(name) => ConstraintName::Text(name.clone()),
                    value => ConstraintName::Pattern(pattern(value)?),
                });
            }
            "message" => read.message = Some(text(step, key, value)?),
            "error_key" => read.error_key = Some(text(step, key, value)?),
            "match" => {
                let word = text(step, key, value)?;
                let found = Match::ALL.into_iter().find(|matching| matching.name() == word.as_str());
                read.matching =
                    Some(found.ok_or_else(|| unknown("match", &word, Match::ALL.into_iter().map(Match::name)))?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Step::Constraint(kind, fields, Arc::new(read)))
}

/// A message: a string, or `[string, {extra}]`.
fn message(step: &str, value: &Value) -> Result<Message> {
    match value {
        Value::String(text) => Ok(Message::new(text)),
        Value::List(list) => match list.as_slice() {
            [Value::String(text), Value::Map(extra)] => Ok(Message { text: text.clone(), extra: extra.clone() }),
            _ => Err(Mistake::join(&[step, ": a message is a string or [string, {metadata}]"])),
        },
        other => Err(Mistake::join(&[step, ": a message is a string or [string, {metadata}], got ", other.kind()])),
    }
}

fn boolean(step: &str, key: &str, value: &Value) -> Result<bool> {
    value.as_bool().ok_or_else(|| Mistake::join(&[step, ": ", key, " must be true or false, got ", value.kind()]))
}

fn text(step: &str, key: &str, value: &Value) -> Result<Str> {
    match value {
        Value::String(text) => Ok(text.clone()),
        other => Err(Mistake::join(&[step, ": ", key, " must be a string, got ", other.kind()])),
    }
}

/// The mistake of a word that is not known, with the nearest that is.
pub(crate) fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str>) -> Mistake {
    let mut parts = alloc::vec!["unknown ", what, " `", word, "`"];
    if let Some(hint) = nearest(word, known) {
        parts.extend(["; did you mean `", hint, "`?"]);
    }
    Mistake::join(&parts)
}

/// The arguments of a step, taken one by one.
struct Arguments<'a> {
    step: &'a str,
    rest: &'a [Value],
}

impl<'a> Arguments<'a> {
    fn peek(&self) -> Option<&'a Value> {
        self.rest.first()
    }

    fn skip(&mut self) {
        self.rest = &self.rest[1..];
    }

    fn next(&mut self) -> Option<&'a Value> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn value(&mut self, what: &str) -> Result<&'a Value> {
        let step = self.step;
        self.next().ok_or_else(|| Mistake::join(&[step, " lacks its argument `", what, "`"]))
    }

    fn name(&mut self) -> Result<Str> {
        self.text("field")
    }

    fn text(&mut self, what: &str) -> Result<Str> {
        match self.value(what)? {
            Value::String(text) => Ok(text.clone()),
            other => Err(self.wrong("its argument must be a string", other)),
        }
    }

    /// A field or a list of fields.
    fn names(&mut self) -> Result<Vec<Str>> {
        match self.value("fields")? {
            Value::String(name) => Ok(alloc::vec![name.clone()]),
            Value::List(list) => list
                .iter()
                .map(|name| match name {
                    Value::String(name) => Ok(name.clone()),
                    other => Err(self.wrong("a field must be a string", other)),
                })
                .collect(),
            other => Err(self.wrong("fields must be a list of strings", other)),
        }
    }

    fn word<T: Clone>(&mut self, all: &[T], name: impl Fn(&T) -> Option<&'static str>) -> Result<T> {
        let word = self.text("function")?;
        let found = all.iter().find(|choice| name(choice) == Some(word.as_str()));
        found.cloned().ok_or_else(|| unknown("function", &word, all.iter().filter_map(&name)))
    }

    fn map(&mut self) -> Result<Option<&'a Map>> {
        match self.next() {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Map(map)) => Ok(Some(map)),
            Some(other) => Err(self.wrong("options must be an object", other)),
        }
    }

    /// The options object, entry by entry; `read` says whether it knows the option.
    fn options(&mut self, mut read: impl FnMut(&str, &Value) -> Result<bool>) -> Result<()> {
        let step = self.step;
        let Some(map) = self.map()? else { return Ok(()) };
        for (key, value) in map.iter() {
            if !read(key, value)? {
                return Err(Mistake::join(&[step, " has no option `", key, "` that takes ", value.kind()]));
            }
        }
        Ok(())
    }

    fn finish(&self) -> Result<()> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(Mistake::join(&[self.step, " has too many arguments"]))
    }

    fn wrong(&self, rule: &str, got: &Value) -> Mistake {
        Mistake::join(&[self.step, ": ", rule, ", got ", got.kind()])
    }
}
