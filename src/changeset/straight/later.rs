//! [`Later`]: a changeset that is not valid, made when somebody looks at it.

use super::check::Wrong;
use crate::changeset::parts::Parts;
use crate::changeset::typed::{Changeset, Params};
use crate::params::{Json, Limits};
use crate::rules::Step;
use crate::schema::{Cardinality, Record};
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::sync::OnceLock;

/// What a changeset is made of, and what is known to be wrong with it.
///
/// Most who are told that params are wrong ask for the messages, and those are known.
#[derive(Clone)]
pub(in crate::changeset) struct Later {
    made: OnceLock<Box<Parts>>,
    record: Arc<Record>,
    steps: Arc<Vec<Step>>,
    params: Kept,
    action: Str,
    wrong: Wrong,
}

/// Params that are kept.
#[derive(Clone)]
enum Kept {
    Map(Map),
    /// A JSON text that was read before.
    Text(Box<str>),
}

impl Later {
    /// The changeset of steps on a record with params that something is wrong with.
    pub(in crate::changeset) fn new(
        record: Arc<Record>,
        steps: Arc<Vec<Step>>,
        params: Params,
        action: Str,
        wrong: Wrong,
    ) -> Self {
        let params = match params {
            Params::Valid(map) => Kept::Map(map.clone()),
            Params::Json(json) => Kept::Text(json.text().into()),
            // Nothing is found in what is no map.
            Params::Invalid | Params::NoMap(_) => Kept::Map(Map::new()),
        };
        Later { made: OnceLock::new(), record, steps, params, action, wrong }
    }

    /// The changeset.
    pub(in crate::changeset) fn parts(&self) -> &Parts {
        self.made.get_or_init(|| Box::new(self.make()))
    }

    /// The changeset, to keep.
    pub(in crate::changeset) fn into_parts(self) -> Box<Parts> {
        match self.made.into_inner() {
            Some(parts) => parts,
            None => {
                let unmade = Later { made: OnceLock::new(), ..self };
                Box::new(unmade.make())
            }
        }
    }

    fn make(&self) -> Parts {
        let read;
        let params = match &self.params {
            Kept::Map(map) => Params::Valid(map),
            Kept::Text(text) => {
                let limits = Limits { bytes: usize::MAX, depth: usize::MAX, entries: usize::MAX };
                // It could be read before.
                read = Json::read(text, &limits).map(|json| json.to_value()).unwrap_or_default();
                Params::from(&read)
            }
        };
        let mut parts = Changeset::<Record>::of_record(self.record.clone(), &self.steps, params).into_parts();
        parts.action = Some(self.action.clone());
        parts
    }

    /// The messages, as [`Changeset::error_messages`] gives them.
    pub(in crate::changeset) fn error_messages(&self) -> Map {
        self.wrong.messages()
    }
}

impl Wrong {
    fn messages(&self) -> Map {
        let mut tree = Map::with_capacity(self.errors.len() + self.children.len());
        for error in &self.errors {
            let text = error.text_value();
            match tree.get_mut(&error.field) {
                Some(Value::List(list)) => list.push(text),
                _ => {
                    tree.insert(&error.field, Value::List(Vec::from([text])));
                }
            }
        }
        for children in &self.children {
            let mut all = children.all.iter().map(|child| Value::Map(child.messages()));
            let shown = match children.cardinality {
                Cardinality::One => all.next().unwrap_or_default(),
                Cardinality::Many => Value::List(all.collect()),
            };
            tree.insert(&children.field, shown);
        }
        tree
    }
}
