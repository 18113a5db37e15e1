//! Writing steps.

use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::rules::{
    CastOptions, CastRelation, Choices, ConstraintName, ConstraintOptions, Finding, Length, Message, Number,
    Options, Rule, Step, Trim,
};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// Writes steps as [`read_steps`](super::read_steps) reads them.
///
/// # Errors
///
/// A [`Mistake`] for a closure: a nameless validator, an update by function. It says which, and that it must be named
/// and registered to be portable.
pub fn write_steps(steps: &[Step]) -> Result<Value, Mistake> {
    let mut written = Vec::with_capacity(steps.len());
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        let run = matches!(step, Step::OptimisticLock(_)) && matches!(steps.peek(), Some(Step::RunPrepared));
        if run {
            steps.next();
        }
        written.push(write_step(step, run)?);
    }
    Ok(Value::List(written))
}

fn write_step(step: &Step, run: bool) -> Result<Value, Mistake> {
    let mut written = Out(Vec::new());
    let out = &mut written;
    match step {
        Step::Cast(fields, options) => out.word("cast").names(fields).options(cast_options(options)),
        Step::CastParams(params, fields, options) => {
            out.word("cast_params").value(params.clone()).names(fields).options(cast_options(options))
        }
        Step::Change(changes) => {
            let pairs = changes.iter().map(|(field, value)| pair(field.clone(), value.clone()));
            out.word("change").value(Value::List(pairs.collect()))
        }
        Step::PutChange(field, value) => out.word("put_change").name(field).value(value.clone()),
        Step::ForceChange(field, value) => out.word("force_change").name(field).value(value.clone()),
        Step::DeleteChange(field) => out.word("delete_change").name(field),
        Step::UpdateChange(field, update) => {
            let name = update.name().ok_or_else(|| nameless("the function of update_change", field))?;
            out.word("update_change").name(field).word(name)
        }
        Step::Merge { steps, params, data } => {
            let mut options = Map::new();
            if let Some(params) = params {
                options.set("params", params.clone());
            }
            if !data.is_empty() {
                options.set("data", data.clone());
            }
            out.word("merge").value(write_steps(steps)?).options(options)
        }
        Step::SetAction(action) => out.word("set_action").value(action.clone().into()),
        Step::SetActionIf(field, value, action) => {
            out.word("set_action_if").name(field).value(value.clone()).name(action)
        }
        Step::PutIndex(field) => out.word("put_index").name(field),
        Step::AddError(finding) => {
            let out = out.word("add_error").name(&finding.field).name(&finding.message);
            out.options(finding.metadata.clone())
        }
        Step::Required(fields, options) => {
            out.word("validate_required").names(fields).options(plain(options))
        }
        Step::Validate(field, rule) => write_rule(out, field, rule)?,
        Step::Constraint(kind, fields, options) => {
            let out = out.word(kind.step_name());
            let out = if let [field] = fields.as_slice() { out.name(field) } else { out.names(fields) };
            out.options(constraint_options(options))
        }
        Step::OptimisticLock(field) if run => out.word("optimistic_lock_run").name(field),
        Step::OptimisticLock(field) => out.word("optimistic_lock").name(field),
        Step::RunPrepared => return Err(Mistake::new("only a repo runs prepared functions")),
        Step::CastRelation { embed, field, options } => {
            let name = if *embed { "cast_embed" } else { "cast_assoc" };
            out.word(name).name(field).options(cast_relation(options)?)
        }
        Step::PutRelation { embed, field, value } => {
            let name = if *embed { "put_embed" } else { "put_assoc" };
            out.word(name).name(field).value(value.clone())
        }
        Step::ReorderAssoc(field) => out.word("reorder_assoc").name(field),
        Step::When(condition, steps) => {
            out.word("when").value(condition.to_document()).value(write_steps(steps)?)
        }
        Step::Mistake(mistake) => return Err(Mistake::clone(mistake)),
    };
    Ok(Value::List(written.0))
}

fn write_rule<'a>(out: &'a mut Out, field: &Str, rule: &Rule) -> Result<&'a mut Out, Mistake> {
    Ok(match rule {
        Rule::Condition(condition) => {
            let out = out.word("validate").name(field).value(condition.0.to_document());
            out.options(with_message(condition.1.as_ref()))
        }
        Rule::Custom(validator, argument) => {
            let name = validator.name().ok_or_else(|| nameless("the validator", field))?;
            let out = out.word("validate_change").name(field).name(name);
            if argument.is_null() { out } else { out.value(argument.clone()) }
        }
        Rule::Fixed(fixed) => {
            let mut options =
                Map::from([("errors", Value::List(fixed.0.iter().map(write_finding).collect()))]);
            if let Some(value) = &fixed.1 {
                options.set("when_equals", value.clone());
            }
            out.word("validate_change").name(field).value(Value::Map(options))
        }
        _ => {
            out.0.push(Value::from(["validate_", rule.name()].concat()));
            let out = out.name(field).value(validation_argument(rule));
            match rule {
                Rule::Format(_, options)
                | Rule::Inclusion(_, options)
                | Rule::Exclusion(_, options)
                | Rule::Subset(_, options) => out.options(plain(options)),
                _ => out,
            }
        }
    })
}

/// What `validations` say of a rule beside its name: its options, its pattern or its list.
pub fn validation_argument(rule: &Rule) -> Value {
    match rule {
        Rule::Length(length) => Value::Map(length_options(length)),
        Rule::Number(number) => number_pairs(number),
        Rule::Format(pattern, _) => write_pattern(pattern),
        Rule::Inclusion(choices, _) | Rule::Exclusion(choices, _) | Rule::Subset(choices, _) => {
            Choices::to_value(choices)
        }
        Rule::Acceptance(options) | Rule::Confirmation(options) => Value::Map(plain(options)),
        Rule::Custom(_, argument) => argument.clone(),
        Rule::Fixed(_) => Value::Null,
        Rule::Condition(condition) => condition.0.to_document(),
    }
}

/// A message: a string, or `[string, {extra}]`.
pub fn write_message(message: &Message) -> Value {
    if message.extra.is_empty() {
        return Value::String(message.text.clone());
    }
    Value::List(alloc::vec![Value::String(message.text.clone()), Value::Map(message.extra.clone())])
}

fn write_finding(finding: &Finding) -> Value {
    let mut entry = alloc::vec![Value::String(finding.field.clone()), Value::String(finding.message.clone())];
    if !finding.metadata.is_empty() {
        entry.push(Value::Map(finding.metadata.clone()));
    }
    Value::List(entry)
}

/// `{"$regex": source, "flags": flags}`.
pub(crate) fn write_pattern(pattern: &Pattern) -> Value {
    let mut map = Map::from([(Str::Static("$regex"), Value::from(pattern.source()))]);
    if !pattern.flags().is_empty() {
        map.set("flags", Value::from(pattern.flags()));
    }
    Value::Map(map)
}

fn cast_options(options: &CastOptions) -> Map {
    let mut map = Map::new();
    if let Some(values) = &options.empty_values {
        map.set("empty_values", values.clone());
    }
    put(&mut map, "trim_values", options.trim_values.map(Trim::name));
    put(&mut map, "force_changes", options.force_changes);
    for (key, messages) in [("message", &options.message), ("message_by_type", &options.message_by_type)] {
        if !messages.is_empty() {
            map.insert(key, messages.clone());
        }
    }
    map
}

fn cast_relation(options: &CastRelation) -> Result<Map, Mistake> {
    let mut map = Map::new();
    put(&mut map, "required", options.required);
    put(&mut map, "required_message", options.required_message.as_ref().map(write_message));
    put(&mut map, "invalid_message", options.invalid_message.as_ref().map(write_message));
    if let Some(steps) = &options.with {
        map.set("with", write_steps(steps)?);
    }
    if options.with_index {
        map.set("with_arity", 3);
    }
    put(&mut map, "sort_param", options.sort_param.clone());
    put(&mut map, "drop_param", options.drop_param.clone());
    put(&mut map, "force_update_on_change", options.force_update_on_change);
    Ok(map)
}

fn length_options(length: &Length) -> Map {
    let mut map = Map::new();
    put(&mut map, "is", length.is.map(|count| count as i64));
    put(&mut map, "min", length.min.map(|count| count as i64));
    put(&mut map, "max", length.max.map(|count| count as i64));
    put(&mut map, "count", length.count.map(|count| count.name()));
    put(&mut map, "message", length.message.as_ref().map(write_message));
    map
}

fn number_pairs(number: &Number) -> Value {
    let mut pairs: Vec<Value> =
        number.bounds.iter().map(|(kind, target)| pair(Str::Static(kind.name()), target.clone())).collect();
    if let Some((at, message)) = &number.message {
        pairs.insert(*at, pair(Str::Static("message"), write_message(message)));
    }
    Value::List(pairs)
}

fn constraint_options(options: &ConstraintOptions) -> Map {
    let mut map = Map::new();
    put(
        &mut map,
        "name",
        options.name.as_ref().map(|name| match name {
            ConstraintName::Text(name) => Value::String(name.clone()),
            ConstraintName::Pattern(pattern) => write_pattern(pattern),
        }),
    );
    put(&mut map, "message", options.message.clone());
    put(&mut map, "match", options.matching.map(|matching| matching.name()));
    put(&mut map, "error_key", options.error_key.clone());
    map
}

fn plain(options: &Options) -> Map {
    let mut map = with_message(options.message.as_ref());
    put(&mut map, "required", options.required);
    map
}

fn with_message(message: Option<&Message>) -> Map {
    let mut map = Map::new();
    put(&mut map, "message", message.map(write_message));
    map
}

fn put(map: &mut Map, key: &'static str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.set(key, value);
    }
}

fn pair(key: Str, value: Value) -> Value {
    Value::List(alloc::vec![Value::String(key), value])
}

fn nameless(what: &str, field: &str) -> Mistake {
    Mistake::about(
        "% on `%` is a closure, which no document can hold; give it a name and register it where the document is read",
        &[what, field],
    )
}

/// A step in the making.
struct Out(Vec<Value>);

impl Out {
    fn word(&mut self, word: &'static str) -> &mut Self {
        self.value(Value::String(Str::Static(word)))
    }

    fn name(&mut self, name: &Str) -> &mut Self {
        self.value(Value::String(name.clone()))
    }

    fn names(&mut self, names: &[Str]) -> &mut Self {
        self.value(Value::List(names.iter().map(Value::from).collect()))
    }

    fn value(&mut self, value: Value) -> &mut Self {
        self.0.push(value);
        self
    }

    fn options(&mut self, options: Map) -> &mut Self {
        if !options.is_empty() {
            self.0.push(Value::Map(options));
        }
        self
    }
}
