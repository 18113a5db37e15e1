//! Reading steps.

use super::arguments::{Arguments, unknown};
use super::{MAX_DEPTH, MAX_STEPS};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::rules::{
    CastOptions, CastRelation, Choices, ConstraintKind, ConstraintName, ConstraintOptions, Count, Finding,
    Length, Match, Number, NumberKind, Options, Rule, Step, Trim, Update, Validators,
};
use crate::value::{Str, Value};
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
    "cast",
    "cast_params",
    "change",
    "put_change",
    "force_change",
    "delete_change",
    "update_change",
    "merge",
    "set_action",
    "set_action_if",
    "put_index",
    "add_error",
    "validate_required",
    "validate_length",
    "validate_format",
    "validate_number",
    "validate_inclusion",
    "validate_exclusion",
    "validate_subset",
    "validate_acceptance",
    "validate_confirmation",
    "validate_change",
    "validate",
    "when",
    "unique_constraint",
    "foreign_key_constraint",
    "check_constraint",
    "exclusion_constraint",
    "assoc_constraint",
    "no_assoc_constraint",
    "optimistic_lock",
    "optimistic_lock_run",
    "cast_embed",
    "cast_assoc",
    "put_embed",
    "put_assoc",
    "reorder_assoc",
];

struct Reader<'a> {
    validators: &'a dyn Validators,
    count: usize,
    depth: usize,
}

impl Reader<'_> {
    fn steps(&mut self, steps: &Value) -> Result<Arc<[Step]>> {
        let Some(list) = steps.as_list() else {
            return Err(Mistake::about("steps must be a list, got %", &[steps.kind()]));
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
            if let Err(mistake) = self.step(step, &mut read) {
                let mut place = alloc::string::String::from("step ");
                crate::value::push_integer(&mut place, index as i64);
                return Err(mistake.at(&place));
            }
        }
        self.depth -= 1;
        Ok(Arc::from(read))
    }

    fn step(&mut self, step: &Value, into: &mut Vec<Step>) -> Result<()> {
        let Some([Value::String(name), arguments @ ..]) = step.as_list() else {
            return Err(Mistake::new("a step must be a list that starts with its name"));
        };
        let mut arguments = Arguments::new(name, arguments);
        let read = self.read(name, &mut arguments);
        arguments.finish()?;
        into.extend(read);
        if name == "optimistic_lock_run" {
            into.push(Step::RunPrepared);
        }
        Ok(())
    }

    /// The step, or none if a mistake is remembered among the arguments.
    fn read(&mut self, name: &Str, arguments: &mut Arguments) -> Option<Step> {
        Some(match name.as_str() {
            "cast" => Step::Cast(arguments.names(), cast_options(arguments)),
            "cast_params" => {
                let params = arguments.value("params").clone();
                Step::CastParams(params, arguments.names(), cast_options(arguments))
            }
            "change" => Step::Change(changes(arguments)?),
            "put_change" => Step::PutChange(arguments.name(), arguments.value("value").clone()),
            "force_change" => Step::ForceChange(arguments.name(), arguments.value("value").clone()),
            "delete_change" => Step::DeleteChange(arguments.name()),
            "update_change" => Step::UpdateChange(arguments.name(), update(arguments)?),
            "merge" => {
                let steps = self.nested(arguments)?;
                arguments.options(&["params", "data"]);
                let data = arguments.map_option("data").unwrap_or_default();
                Step::Merge { steps, params: arguments.map_option("params"), data }
            }
            "set_action" => Step::SetAction(match arguments.value("action") {
                Value::Null => None,
                Value::String(action) => Some(action.clone()),
                other => arguments.wrong("an action must be a string or null", other),
            }),
            "set_action_if" => {
                let (field, value) = (arguments.name(), arguments.value("value").clone());
                Step::SetActionIf(field, value, arguments.text("action"))
            }
            "put_index" => Step::PutIndex(arguments.name()),
            "add_error" => {
                let (field, message) = (arguments.name(), arguments.text("message"));
                let metadata = arguments.map().cloned().unwrap_or_default();
                Step::AddError(Finding { field, message, metadata })
            }
            "validate_required" => Step::Required(arguments.names(), options(arguments, false)),
            "when" => Step::When(Arc::new(condition(arguments)?), self.nested(arguments)?),
            "optimistic_lock" | "optimistic_lock_run" => Step::OptimisticLock(arguments.name()),
            "cast_embed" | "cast_assoc" => Step::CastRelation {
                embed: name == "cast_embed",
                field: arguments.name(),
                options: Arc::new(self.cast_relation(arguments)),
            },
            "put_embed" | "put_assoc" => Step::PutRelation {
                embed: name == "put_embed",
                field: arguments.name(),
                value: arguments.value("value").clone(),
            },
            "reorder_assoc" => Step::ReorderAssoc(arguments.name()),
            other => {
                if let Some(kind) = ConstraintKind::ALL.into_iter().find(|kind| kind.step_name() == other) {
                    return Some(constraint(kind, arguments));
                }
                if !other.starts_with("validate") || !STEP_NAMES.contains(&other) {
                    return arguments.refuse(unknown("step", other, STEP_NAMES.into_iter()));
                }
                let field = arguments.name();
                Step::Validate(field, self.rule(other, arguments)?)
            }
        })
    }

    /// The rule of a step that puts one on a field.
    fn rule(&self, step: &str, arguments: &mut Arguments) -> Option<Rule> {
        Some(match step {
            "validate" => {
                let condition = condition(arguments)?;
                arguments.options(&["message"]);
                Rule::Condition(Arc::new((condition, arguments.message("message"))))
            }
            "validate_change" => return self.validate_change(arguments),
            "validate_length" => Rule::Length(Arc::new(length(arguments))),
            "validate_format" => {
                let value = arguments.value("pattern");
                let pattern = arguments.keep(pattern(value))?;
                Rule::Format(pattern, options(arguments, false))
            }
            "validate_number" => Rule::Number(Arc::new(number(arguments))),
            "validate_acceptance" => Rule::Acceptance(options(arguments, false)),
            "validate_confirmation" => Rule::Confirmation(options(arguments, true)),
            _ => {
                let choices = Arc::new(choices(arguments)?);
                let options = options(arguments, false);
                match step {
                    "validate_inclusion" => Rule::Inclusion(choices, options),
                    "validate_exclusion" => Rule::Exclusion(choices, options),
                    _ => Rule::Subset(choices, options),
                }
            }
        })
    }

    fn nested(&mut self, arguments: &mut Arguments) -> Option<Arc<[Step]>> {
        let steps = arguments.value("steps");
        arguments.keep(self.steps(steps))
    }

    /// `["validate_change", field, name, argument?]`, or `["validate_change", field, {"errors", "when_equals"}]`.
    fn validate_change(&self, arguments: &mut Arguments) -> Option<Rule> {
        if let Some(Value::String(name)) = arguments.peek() {
            arguments.next();
            let argument = arguments.next().cloned().unwrap_or_default();
            return match self.validators.find(name) {
                Some(validator) => Some(Rule::Custom(validator, argument)),
                None => arguments.refuse(Mistake::about(
                    "validator `%` is not registered here; register it before reading the rules",
                    &[name],
                )),
            };
        }
        arguments.options(&["errors", "when_equals"]);
        let findings = arguments.findings("errors");
        Some(Rule::Fixed(Arc::new((findings, arguments.option("when_equals").cloned()))))
    }

    fn cast_relation(&mut self, arguments: &mut Arguments) -> CastRelation {
        arguments.options(&[
            "required",
            "required_message",
            "invalid_message",
            "with",
            "with_arity",
            "sort_param",
            "drop_param",
            "force_update_on_change",
        ]);
        CastRelation {
            required: arguments.flag("required"),
            required_message: arguments.message("required_message"),
            invalid_message: arguments.message("invalid_message"),
            with: arguments.option("with").and_then(|steps| arguments.keep(self.steps(steps))),
            with_index: arguments.option("with_arity").and_then(Value::as_integer) == Some(3),
            sort_param: arguments.text_option("sort_param"),
            drop_param: arguments.text_option("drop_param"),
            force_update_on_change: arguments.flag("force_update_on_change"),
        }
    }
}

fn condition(arguments: &mut Arguments) -> Option<Expr> {
    match Expr::from_document(arguments.value("condition")) {
        Ok(condition) => Some(condition),
        Err(error) => arguments.refuse(Mistake::new(error.message()).at(&error.path())),
    }
}

fn changes(arguments: &mut Arguments) -> Option<Vec<(Str, Value)>> {
    let mut changes = Vec::new();
    let Some(given) = arguments.next() else { return Some(changes) };
    let Value::List(pairs) = given else { return arguments.wrong(PAIRS, given) };
    for pair in pairs {
        match pair.as_list() {
            Some([Value::String(field), value]) => changes.push((field.clone(), value.clone())),
            _ => return arguments.wrong(PAIRS, pair),
        }
    }
    Some(changes)
}

const PAIRS: &str = "it takes a list of [field, value] pairs";

fn update(arguments: &mut Arguments) -> Option<Update> {
    let word = arguments.text("function");
    let names = Update::ALL.each_ref().map(|update| update.name().unwrap_or(""));
    let at = arguments.position("function", &word, &names)?;
    Update::ALL.into_iter().nth(at)
}

fn cast_options(arguments: &mut Arguments) -> Arc<CastOptions> {
    arguments.options(&["empty_values", "trim_values", "force_changes", "message", "message_by_type"]);
    Arc::new(CastOptions {
        empty_values: arguments.list_option("empty_values"),
        trim_values: arguments.choice("trim_values", [Trim::None, Trim::Both, Trim::Leading], Trim::name),
        force_changes: arguments.flag("force_changes"),
        message: arguments.map_option("message").unwrap_or_default(),
        message_by_type: arguments.map_option("message_by_type").unwrap_or_default(),
    })
}

fn options(arguments: &mut Arguments, confirmation: bool) -> Arc<Options> {
    arguments.options(if confirmation { &["message", "required"] } else { &["message"] });
    Arc::new(Options { message: arguments.message("message"), required: arguments.flag("required") })
}

fn length(arguments: &mut Arguments) -> Length {
    arguments.options(&["is", "min", "max", "count", "message"]);
    Length {
        is: arguments.count("is"),
        min: arguments.count("min"),
        max: arguments.count("max"),
        count: arguments.choice("count", Count::ALL, Count::name),
        message: arguments.message("message"),
    }
}

/// Bounds as ordered pairs `[["greater_than", 0], ["message", ..]]`, or as an object.
fn number(arguments: &mut Arguments) -> Number {
    let mut read = Number::default();
    match arguments.next() {
        None => {}
        Some(Value::Map(map)) => {
            for (key, value) in map.entries() {
                bound(arguments, &mut read, key, value);
            }
        }
        Some(Value::List(pairs)) => {
            for pair in pairs {
                match pair.as_list() {
                    Some([Value::String(key), value]) => bound(arguments, &mut read, key, value),
                    _ => arguments.wrong("it takes pairs [option, value]", pair).unwrap_or_default(),
                }
            }
        }
        Some(other) => arguments.wrong("bounds must be pairs or an object", other).unwrap_or_default(),
    }
    read
}

fn bound(arguments: &mut Arguments, read: &mut Number, key: &str, value: &Value) {
    if key == "message" {
        read.message = arguments.read_message(value).map(|message| (read.bounds.len(), message));
        return;
    }
    let known = NumberKind::ALL.map(NumberKind::name);
    let at = arguments.position("option of validate_number", key, &known);
    let Some(kind) = at.and_then(|at| NumberKind::ALL.get(at)) else { return };
    if matches!(value, Value::Integer(_) | Value::Float(_) | Value::Decimal(_)) {
        read.bounds.push((*kind, value.clone()));
    } else {
        arguments.wrong([key, " must be a number"].concat().as_str(), value).unwrap_or_default()
    }
}

fn choices(arguments: &mut Arguments) -> Option<Choices> {
    let value = arguments.value("list");
    match value {
        Value::List(list) => return Some(Choices::List(list.clone())),
        Value::Map(map) => {
            if let Some([Value::Integer(first), Value::Integer(last)]) =
                map.get("$range").and_then(Value::as_list)
            {
                return Some(Choices::Range(*first, *last));
            }
        }
        _ => {}
    }
    arguments.wrong("choices must be a list or a `$range`", value)
}

/// `{"$regex": source, "flags": "i"}`, or the source alone.
fn pattern(value: &Value) -> Result<Pattern> {
    let (source, flags) = match value {
        Value::String(source) => (Some(source.as_str()), None),
        Value::Map(map) => {
            (map.get("$regex").and_then(Value::as_str), map.get("flags").and_then(Value::as_str))
        }
        _ => (None, None),
    };
    let Some(source) = source else {
        return Err(Mistake::about("a pattern must be `{\"$regex\": source}`, got %", &[value.kind()]));
    };
    Pattern::new(source, flags.unwrap_or("")).map_err(|error| Mistake::new(error.message()))
}

fn constraint(kind: ConstraintKind, arguments: &mut Arguments) -> Step {
    let fields = arguments.names();
    arguments.options(&["name", "message", "error_key", "match"]);
    let name = match arguments.option("name") {
        None => None,
        Some(Value::String(name)) => Some(ConstraintName::Text(name.clone())),
        Some(value) => arguments.keep(pattern(value)).map(ConstraintName::Pattern),
    };
    let options = ConstraintOptions {
        name,
        message: arguments.text_option("message"),
        matching: arguments.choice("match", Match::ALL, Match::name),
        error_key: arguments.text_option("error_key"),
    };
    Step::Constraint(kind, fields, Arc::new(options))
}
