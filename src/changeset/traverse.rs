//! Errors and validations as a tree, children included.

use super::error::FieldError;
use super::parts::{Change, Parts, Validation};
use crate::value::{Map, Value};
use alloc::vec::Vec;

impl Parts {
    /// Errors by field, each turned into a value by `render`: `{"name": ["can't be blank"], "items": [{}, {...}]}`.
    ///
    /// A relation of one has an object, one of many a list with an object for each child; a relation without errors
    /// has none. Where a relation has errors of its own and its children have some too, the children's are shown.
    pub fn traverse_errors(&self, render: &dyn Fn(&FieldError) -> Value) -> Map {
        self.traverse(&|parts, add| {
            for error in &parts.errors {
                add(&error.field, render(error));
            }
        })
    }

    /// The rules of each field, children included, each turned into a value by `render`.
    pub fn traverse_validations(&self, render: &dyn Fn(&Validation) -> Value) -> Map {
        self.traverse(&|parts, add| {
            for validation in &parts.validations {
                add(&validation.field, render(validation));
            }
        })
    }

    fn traverse(&self, visit: &Visit) -> Map {
        let mut tree = Map::new();
        visit(self, &mut |field, value| match tree.get_mut(field) {
            Some(Value::List(list)) => list.push(value),
            _ => {
                tree.insert(field, Value::List(alloc::vec![value]));
            }
        });
        for (position, change) in self.changes.iter() {
            let field = &self.schema().fields()[position].name;
            match change {
                Change::Value(_) | Change::One(None) => {}
                Change::One(Some(child)) => {
                    let child = child.traverse(visit);
                    if !child.is_empty() {
                        tree.insert(field, child);
                    }
                }
                Change::Many(children) => {
                    let children: Vec<Map> = children.iter().map(|child| child.traverse(visit)).collect();
                    if children.iter().any(|child| !child.is_empty()) {
                        tree.insert(field, Value::List(children.into_iter().map(Value::Map).collect()));
                    }
                }
            }
        }
        tree
    }
}

type Visit<'a> = dyn Fn(&Parts, &mut dyn FnMut(&str, Value)) + 'a;
