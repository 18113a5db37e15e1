//! What rules let through, as a type of TypeScript: the records in which what they require is there.

use super::types::identifier;
use crate::rules::Step;
use crate::schema::{FieldKind, Schema};
use std::collections::BTreeSet;

/// The type of the records of `schema` that pass the steps; none if they require nothing of it or of its children.
///
/// Steps in a `when` or a `merge` may not have run, so they require nothing here; neither do those of a child inside a child
/// of the same schema, which could go on without end.
pub(super) fn kept(schema: &Schema, steps: &[Step]) -> Option<String> {
    kept_within(schema, steps, &mut Vec::new())
}

fn kept_within(schema: &Schema, steps: &[Step], around: &mut Vec<String>) -> Option<String> {
    let name = identifier(schema.name());
    if around.contains(&name) {
        return None;
    }
    around.push(name.clone());
    let mut fields = BTreeSet::new();
    let mut children = BTreeSet::new();
    for step in steps {
        match step {
            Step::Required(names, _) => {
                fields.extend(names.iter().map(|name| format!("{:?}", name.as_str())))
            }
            Step::CastRelation { field, options, .. } => {
                let Some(FieldKind::Relation(relation)) = schema.field(field).map(|field| &field.kind) else {
                    continue;
                };
                let related = relation.related.schema();
                let steps = options.with.as_ref().or(related.changeset());
                let child = kept_within(&related, steps.map_or(&[], |steps| steps), around);
                let required = options.required == Some(true);
                if required || child.is_some() {
                    let child = child.unwrap_or_else(|| identifier(related.name()));
                    children.insert(format!("OfChildren<{:?}, {child}, {required}>", field.as_str()));
                }
            }
            _ => {}
        }
    }
    around.pop();
    let fields: Vec<String> = fields.into_iter().collect();
    let required = (!fields.is_empty()).then(|| format!("Requiring<{}>", fields.join(" | ")));
    let all: Vec<String> = required.into_iter().chain(children).collect();
    (!all.is_empty()).then(|| format!("Kept<{name}Fields, {}>", all.join(" & ")))
}
