//! The functions that a [`Changeset`] runs and [`Rules`] record: each makes a [`Step`].

use super::{Changeset, IntoPattern, Rules};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::rules::{
    CastRelation, Choices, ConstraintKind, ConstraintOptions, Finding, Length, Message, Number, Options,
    Rule, Step, Update, Validator,
};
use crate::schema::{Named, Names};
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

macro_rules! pipeline {
    ($pipeline:ident) => {
        impl<T> $pipeline<T> {
            /// The fields must have a value that is neither null nor empty, in the changes or else the data.
            pub fn validate_required(self, fields: impl Names<T>) -> Self {
                self.validate_required_with(fields, Options::new())
            }

            /// [`validate_required`](Self::validate_required) with a message of its own.
            pub fn validate_required_with(self, fields: impl Names<T>, options: Options) -> Self {
                self.step(Step::Required(fields.names(), Arc::new(options)))
            }

            /// A changed string, list or map has a length within bounds: `Length::new().min(2).max(140)`.
            pub fn validate_length(self, field: impl Named<T>, length: Length) -> Self {
                self.rule(field, Rule::Length(Arc::new(length)))
            }

            /// A changed number is within bounds: `Number::new().greater_than(0)`.
            pub fn validate_number(self, field: impl Named<T>, number: Number) -> Self {
                self.rule(field, Rule::Number(Arc::new(number)))
            }

            /// A changed string matches the pattern. A pattern that can't be read is a mistake.
            pub fn validate_format(self, field: impl Named<T>, pattern: impl IntoPattern) -> Self {
                self.validate_format_with(field, pattern, Options::new())
            }

            /// [`validate_format`](Self::validate_format) with a message of its own.
            pub fn validate_format_with(
                self,
                field: impl Named<T>,
                pattern: impl IntoPattern,
                options: Options,
            ) -> Self {
                self.step(format(field.name(), pattern.into_pattern(), options))
            }

            /// A changed value is one of these: a list, or a range of integers.
            pub fn validate_inclusion(self, field: impl Named<T>, choices: impl Into<Choices>) -> Self {
                self.validate_inclusion_with(field, choices, Options::new())
            }

            /// [`validate_inclusion`](Self::validate_inclusion) with a message of its own.
            pub fn validate_inclusion_with(
                self,
                field: impl Named<T>,
                choices: impl Into<Choices>,
                options: Options,
            ) -> Self {
                self.rule(field, Rule::Inclusion(Arc::new(choices.into()), Arc::new(options)))
            }

            /// A changed value is none of these: a list, or a range of integers.
            pub fn validate_exclusion(self, field: impl Named<T>, choices: impl Into<Choices>) -> Self {
                self.validate_exclusion_with(field, choices, Options::new())
            }

            /// [`validate_exclusion`](Self::validate_exclusion) with a message of its own.
            pub fn validate_exclusion_with(
                self,
                field: impl Named<T>,
                choices: impl Into<Choices>,
                options: Options,
            ) -> Self {
                self.rule(field, Rule::Exclusion(Arc::new(choices.into()), Arc::new(options)))
            }

            /// A changed list has only elements among these.
            pub fn validate_subset(self, field: impl Named<T>, choices: impl Into<Choices>) -> Self {
                self.validate_subset_with(field, choices, Options::new())
            }

            /// [`validate_subset`](Self::validate_subset) with a message of its own.
            pub fn validate_subset_with(
                self,
                field: impl Named<T>,
                choices: impl Into<Choices>,
                options: Options,
            ) -> Self {
                self.rule(field, Rule::Subset(Arc::new(choices.into()), Arc::new(options)))
            }

            /// The param `field` is true: a box is ticked. There need be no such field in the schema.
            pub fn validate_acceptance(self, field: impl Into<Str>) -> Self {
                self.validate_acceptance_with(field, Options::new())
            }

            /// [`validate_acceptance`](Self::validate_acceptance) with a message of its own.
            pub fn validate_acceptance_with(self, field: impl Into<Str>, options: Options) -> Self {
                self.step(Step::Validate(field.into(), Rule::Acceptance(Arc::new(options))))
            }

            /// The param `<field>_confirmation`, if given, is that of `field`. There need be no such fields in the schema.
            pub fn validate_confirmation(self, field: impl Into<Str>) -> Self {
                self.validate_confirmation_with(field, Options::new())
            }

            /// [`validate_confirmation`](Self::validate_confirmation) with a message of its own, or required.
            pub fn validate_confirmation_with(self, field: impl Into<Str>, options: Options) -> Self {
                self.step(Step::Validate(field.into(), Rule::Confirmation(Arc::new(options))))
            }

            /// A rule of your own, called with field and value if the field changed to something other than null.
            ///
            /// It is a closure, which no document can hold; see
            /// [`validate_change_with`](Self::validate_change_with).
            pub fn validate_change(
                self,
                field: impl Named<T>,
                function: impl Fn(&str, &Value) -> Vec<Finding> + Send + Sync + 'static,
            ) -> Self {
                self.validate_change_with(field, Validator::nameless(function), Value::Null)
            }

            /// A rule of your own under a name, which documents hold with the argument that describes it.
            pub fn validate_change_with(
                self,
                field: impl Named<T>,
                validator: Validator,
                argument: impl Into<Value>,
            ) -> Self {
                self.rule(field, Rule::Custom(validator, argument.into()))
            }

            /// A condition over the fields of the record must not be false; if it is, `field` gets the message. The
            /// portable rule across fields: `field("ends_on").gte(field("starts_on"))`.
            pub fn validate(
                self,
                field: impl Named<T>,
                condition: impl Into<Expr>,
                message: impl Into<Message>,
            ) -> Self {
                self.rule(field, Rule::Condition(Arc::new((condition.into(), Some(message.into())))))
            }

            /// A violation of the unique index over these fields is an error of the first of them.
            pub fn unique_constraint(self, fields: impl Names<T>) -> Self {
                self.unique_constraint_with(fields, ConstraintOptions::new())
            }

            /// [`unique_constraint`](Self::unique_constraint) with a name, message or field of its own.
            pub fn unique_constraint_with(self, fields: impl Names<T>, options: ConstraintOptions) -> Self {
                self.step(Step::Constraint(ConstraintKind::Unique, fields.names(), Arc::new(options)))
            }

            /// A key that leads nowhere is an error of this field.
            pub fn foreign_key_constraint(self, field: impl Named<T>) -> Self {
                self.foreign_key_constraint_with(field, ConstraintOptions::new())
            }

            /// [`foreign_key_constraint`](Self::foreign_key_constraint) with a name, message or field of its own.
            pub fn foreign_key_constraint_with(
                self,
                field: impl Named<T>,
                options: ConstraintOptions,
            ) -> Self {
                self.constraint(ConstraintKind::ForeignKey, field, options)
            }

            /// A violation of the check `name` is an error of this field.
            pub fn check_constraint(self, field: impl Named<T>, name: impl Into<Str>) -> Self {
                self.check_constraint_with(field, ConstraintOptions::new().name(name))
            }

            /// [`check_constraint`](Self::check_constraint) with a message or field of its own; the name must be there.
            pub fn check_constraint_with(self, field: impl Named<T>, options: ConstraintOptions) -> Self {
                self.constraint(ConstraintKind::Check, field, options)
            }

            /// A violation of the exclusion constraint is an error of this field.
            pub fn exclusion_constraint(self, field: impl Named<T>) -> Self {
                self.exclusion_constraint_with(field, ConstraintOptions::new())
            }

            /// [`exclusion_constraint`](Self::exclusion_constraint) with a name, message or field of its own.
            pub fn exclusion_constraint_with(self, field: impl Named<T>, options: ConstraintOptions) -> Self {
                self.constraint(ConstraintKind::Exclusion, field, options)
            }

            /// A `belongs_to` whose record does not exist is an error of the association.
            pub fn assoc_constraint(self, association: impl Named<T>) -> Self {
                self.assoc_constraint_with(association, ConstraintOptions::new())
            }

            /// [`assoc_constraint`](Self::assoc_constraint) with a name, message or field of its own.
            pub fn assoc_constraint_with(
                self,
                association: impl Named<T>,
                options: ConstraintOptions,
            ) -> Self {
                self.constraint(ConstraintKind::Assoc, association, options)
            }

            /// Children that still refer to the record when it is deleted are an error of the association.
            pub fn no_assoc_constraint(self, association: impl Named<T>) -> Self {
                self.no_assoc_constraint_with(association, ConstraintOptions::new())
            }

            /// [`no_assoc_constraint`](Self::no_assoc_constraint) with a name, message or field of its own.
            pub fn no_assoc_constraint_with(
                self,
                association: impl Named<T>,
                options: ConstraintOptions,
            ) -> Self {
                self.constraint(ConstraintKind::NoAssoc, association, options)
            }

            /// Writes only if the stored value of `field` is the one that was read, and counts it up.
            pub fn optimistic_lock(self, field: impl Named<T>) -> Self {
                self.step(Step::OptimisticLock(field.name()))
            }

            /// Casts the params of an embed, child by child.
            pub fn cast_embed(self, embed: impl Named<T>, options: CastRelation) -> Self {
                self.step(Step::CastRelation { embed: true, field: embed.name(), options: Arc::new(options) })
            }

            /// Casts the params of an association, child by child.
            pub fn cast_assoc(self, association: impl Named<T>, options: CastRelation) -> Self {
                self.step(Step::CastRelation {
                    embed: false,
                    field: association.name(),
                    options: Arc::new(options),
                })
            }

            /// Sets the change of `field`; takes it out if the value equals the data's. Nothing is cast.
            pub fn put_change(self, field: impl Named<T>, value: impl Into<Value>) -> Self {
                self.step(Step::PutChange(field.name(), value.into()))
            }

            /// Sets the change of `field` even if the value equals the data's.
            pub fn force_change(self, field: impl Named<T>, value: impl Into<Value>) -> Self {
                self.step(Step::ForceChange(field.name(), value.into()))
            }

            /// Replaces the changed value of `field` by what the function makes of it; nothing if it does not change.
            ///
            /// It is a closure, which no document can hold; see
            /// [`update_change_with`](Self::update_change_with).
            pub fn update_change(
                self,
                field: impl Named<T>,
                function: impl Fn(Value) -> Value + Send + Sync + 'static,
            ) -> Self {
                self.update_change_with(field, Update::Function(Arc::new(function)))
            }

            /// Updates the changed value of `field` in a way that documents know: `Update::Trim`.
            pub fn update_change_with(self, field: impl Named<T>, update: Update) -> Self {
                self.step(Step::UpdateChange(field.name(), update))
            }

            /// Takes the change of `field` out.
            pub fn delete_change(self, field: impl Named<T>) -> Self {
                self.step(Step::DeleteChange(field.name()))
            }

            /// Adds an error. The field need not be in the schema.
            pub fn add_error(self, field: impl Into<Str>, message: impl Into<Message>) -> Self {
                let Message { text, extra } = message.into();
                self.step(Step::AddError(Finding { field: field.into(), message: text, metadata: extra }))
            }

            /// Says what a repo is to do: `"insert"`, `"update"`, `"delete"`, or a word of your own.
            pub fn set_action(self, action: impl Into<Str>) -> Self {
                self.step(Step::SetAction(Some(action.into())))
            }

            fn rule(self, field: impl Named<T>, rule: Rule) -> Self {
                self.step(Step::Validate(field.name(), rule))
            }

            fn constraint(
                self,
                kind: ConstraintKind,
                field: impl Named<T>,
                options: ConstraintOptions,
            ) -> Self {
                self.step(Step::Constraint(kind, Vec::from([field.name()]), Arc::new(options)))
            }
        }
    };
}

pipeline!(Changeset);
pipeline!(Rules);

impl<T> Rules<T> {
    /// Puts children into an embed, in the notation of documents: `{"street": ..}`, or a list of such maps.
    pub fn put_embed(self, embed: impl Named<T>, children: impl Into<Value>) -> Self {
        self.step(Step::PutRelation { embed: true, field: embed.name(), value: children.into() })
    }

    /// Puts children into an association, in the notation of documents: `{"body": ..}`, or a list of such maps.
    pub fn put_assoc(self, association: impl Named<T>, children: impl Into<Value>) -> Self {
        self.step(Step::PutRelation { embed: false, field: association.name(), value: children.into() })
    }
}

fn format(field: Str, pattern: Result<Pattern, Mistake>, options: Options) -> Step {
    match pattern {
        Ok(pattern) => Step::Validate(field, Rule::Format(pattern, Arc::new(options))),
        Err(mistake) => {
            let place = ["validate_format on `", &field, "`"].concat();
            Step::Mistake(Arc::new(mistake.at(&place)))
        }
    }
}
