//! Making a schema by hand.

use super::{
    Autogenerate, Cardinality, Field, FieldKind, JoinThrough, OnDelete, OnReplace, Related, Relation,
    RelationKind, Schema, Storage,
};
use crate::mistake::Mistake;
use crate::rules::Step;
use crate::types::Type;
use crate::value::{Map, Str};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The two fields set by insert and update.
#[derive(Clone, Debug)]
pub struct Timestamps {
    /// The field set on insert, if any.
    pub inserted_at: Option<Str>,
    /// The field set on insert and update, if any.
    pub updated_at: Option<Str>,
    /// Their type.
    pub kind: Type,
}

impl Default for Timestamps {
    fn default() -> Self {
        Timestamps {
            inserted_at: Some(Str::Static("inserted_at")),
            updated_at: Some(Str::Static("updated_at")),
            kind: Type::NaiveDatetime,
        }
    }
}

/// A schema in the making; see [`Schema::build`].
///
/// What is wrong with a schema is said by [`SchemaBuilder::finish`], with the schema's and the field's name.
#[derive(Debug)]
pub struct SchemaBuilder {
    name: Str,
    storage: Storage,
    fields: Vec<Field>,
    pub(super) default_key: bool,
    key: Option<Vec<Str>>,
    pub(super) changeset: Option<Arc<[Step]>>,
    mistake: Option<Mistake>,
}

impl SchemaBuilder {
    pub(super) fn new(name: Str, storage: Storage) -> Self {
        let default_key = storage != Storage::Schemaless;
        SchemaBuilder {
            name,
            storage,
            fields: Vec::new(),
            default_key,
            key: None,
            changeset: None,
            mistake: None,
        }
    }

    /// Adds a field.
    pub fn field(mut self, field: Field) -> Self {
        self.add_field(field);
        self
    }

    pub(super) fn add_field(&mut self, field: Field) {
        self.default_key &= !field.primary_key;
        self.push(field);
    }

    /// No primary key.
    pub fn without_primary_key(mut self) -> Self {
        self.default_key = false;
        self
    }

    /// The primary key is made of fields that are added on their own.
    pub fn primary_key<N: Into<Str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.default_key = false;
        self.key = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The prefix the table is in.
    pub fn prefix(mut self, name: impl Into<Str>) -> Self {
        self.set_prefix(name.into());
        self
    }

    pub(super) fn set_prefix(&mut self, name: Str) {
        if let Storage::Table { prefix, .. } = &mut self.storage {
            *prefix = Some(name);
        }
    }

    /// Adds `inserted_at` and `updated_at`.
    pub fn timestamps(self) -> Self {
        self.timestamps_with(Timestamps::default())
    }

    /// Adds the fields of `timestamps`.
    pub fn timestamps_with(mut self, timestamps: Timestamps) -> Self {
        self.add_timestamps(timestamps);
        self
    }

    pub(super) fn add_timestamps(&mut self, timestamps: Timestamps) {
        let fields = [
            (timestamps.inserted_at, Autogenerate::InsertedAt),
            (timestamps.updated_at, Autogenerate::UpdatedAt),
        ];
        for (name, how) in fields {
            if let Some(name) = name {
                self.push(Field::new(name, timestamps.kind.clone()).autogenerate(how));
            }
        }
    }

    /// The steps of the default changeset of children with this schema.
    pub fn changeset(mut self, steps: impl Into<Arc<[Step]>>) -> Self {
        self.changeset = Some(steps.into());
        self
    }

    /// One record inside the row, or null.
    pub fn embeds_one(self, name: impl Into<Str>, related: Related) -> Self {
        self.relation(Relation::new(name, RelationKind::EmbedsOne { defaults_to_struct: false }, related))
    }

    /// A list of records inside the row.
    pub fn embeds_many(self, name: impl Into<Str>, related: Related) -> Self {
        self.relation(Relation::new(name, RelationKind::EmbedsMany, related))
    }

    /// At most one row that holds our key in its field `foreign_key`.
    pub fn has_one(self, name: impl Into<Str>, related: Related, foreign_key: impl Into<Str>) -> Self {
        self.relation(Relation::new(name, RelationKind::HasOne, related).keys("id", foreign_key))
    }

    /// Rows that hold our key in their field `foreign_key`.
    pub fn has_many(self, name: impl Into<Str>, related: Related, foreign_key: impl Into<Str>) -> Self {
        self.relation(Relation::new(name, RelationKind::HasMany, related).keys("id", foreign_key))
    }

    /// The row whose key we hold in `foreign_key`; the field is added unless it is there.
    pub fn belongs_to(self, name: impl Into<Str>, related: Related, foreign_key: impl Into<Str>) -> Self {
        self.relation(Relation::new(name, RelationKind::BelongsTo, related).keys(foreign_key, "id"))
    }

    /// Rows on the other side of a join table.
    pub fn many_to_many(self, name: impl Into<Str>, related: Related, join: JoinThrough) -> Self {
        let (ours, theirs) = (join.owner_key.1.clone(), join.related_key.1.clone());
        self.relation(Relation::new(name, RelationKind::ManyToMany(join), related).keys(ours, theirs))
    }

    /// Adds a relation with all its options.
    pub fn relation(mut self, relation: Relation) -> Self {
        self.add_relation(relation);
        self
    }

    pub(super) fn add_relation(&mut self, relation: Relation) {
        if !relation.admits(relation.on_replace) {
            let admitted: Vec<&str> = OnReplace::ALL
                .into_iter()
                .filter(|choice| relation.admits(*choice))
                .map(OnReplace::name)
                .collect();
            self.refuse(Mistake::about(
                "% `%` does not admit on_replace `%`; it admits %",
                &[relation.kind_name(), &relation.field, relation.on_replace.name(), &admitted.join(", ")],
            ));
        }
        if matches!(relation.kind, RelationKind::BelongsTo)
            && !self.fields.iter().any(|field| field.name == relation.owner_key)
        {
            self.push(Field::new(relation.owner_key.clone(), Type::Id));
        }
        self.push(Field::of(relation.field.clone(), FieldKind::Relation(Box::new(relation))));
    }

    /// Records reached by walking other associations; read only.
    pub fn through<N: Into<Str>>(
        mut self,
        name: impl Into<Str>,
        cardinality: Cardinality,
        path: impl IntoIterator<Item = N>,
    ) -> Self {
        self.add_through(name.into(), cardinality, path.into_iter().map(Into::into).collect());
        self
    }

    pub(super) fn add_through(&mut self, name: Str, cardinality: Cardinality, path: Vec<Str>) {
        self.push(Field::of(name, FieldKind::Through { path, cardinality }));
    }

    /// The schema.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that names the schema and the field: a field defined twice, a key made of unknown fields,
    /// a relation option that its kind does not admit, a name that is empty.
    pub fn finish(self) -> Result<Arc<Schema>, Mistake> {
        self.finished().map(Arc::new)
    }

    pub(super) fn finished(mut self) -> Result<Schema, Mistake> {
        if self.default_key {
            self.add_default_key();
        }
        if let Some(key) = self.key.take() {
            for name in &key {
                match self.fields.iter_mut().find(|field| field.name == *name) {
                    Some(field) => field.primary_key = true,
                    None => {
                        self.refuse(Mistake::about("primary key `%` is not among the fields", &[name]));
                    }
                }
            }
        }
        if let Some(mistake) = self.mistake {
            return Err(mistake.at(&self.name));
        }
        let primary_key = (0..self.fields.len()).filter(|at| self.fields[*at].primary_key).collect();
        Ok(Schema {
            name: self.name,
            storage: self.storage,
            fields: self.fields,
            primary_key,
            changeset: self.changeset,
        })
    }

    fn add_default_key(&mut self) {
        let (kind, how) = match self.storage {
            Storage::Embedded => (Type::BinaryId, Autogenerate::Uuid),
            _ => (Type::Id, Autogenerate::Id),
        };
        let key = Field::new(Str::Static("id"), kind).primary_key().autogenerate(how);
        if self.fields.iter().any(|field| field.name == key.name) {
            self.refuse(Mistake::new(
                "field `id` is defined twice: it is the default primary key; mark yours as one",
            ));
        }
        self.fields.insert(0, key);
    }

    fn push(&mut self, field: Field) {
        if field.name.is_empty() {
            self.refuse(Mistake::new("a field needs a name"));
        }
        if self.fields.iter().any(|other| other.name == field.name) {
            self.refuse(Mistake::about("field `%` is defined twice", &[&field.name]));
        }
        self.fields.push(field);
    }

    fn refuse(&mut self, mistake: Mistake) {
        self.mistake.get_or_insert(mistake);
    }
}

impl Relation {
    /// A relation with Ecto's defaults.
    pub fn new(field: impl Into<Str>, kind: RelationKind, related: Related) -> Self {
        Relation {
            field: field.into(),
            kind,
            related,
            on_replace: OnReplace::Raise,
            on_delete: OnDelete::Nothing,
            owner_key: Str::default(),
            related_key: Str::default(),
            defaults: Map::new(),
            filters: Map::new(),
            preload_order: Vec::new(),
        }
    }

    /// Our field and their field of the key pair.
    pub fn keys(mut self, ours: impl Into<Str>, theirs: impl Into<Str>) -> Self {
        self.owner_key = ours.into();
        self.related_key = theirs.into();
        self
    }

    /// What happens to children that are left out.
    pub fn on_replace(mut self, on_replace: OnReplace) -> Self {
        self.on_replace = on_replace;
        self
    }

    /// What happens to children when the parent is deleted.
    pub fn on_delete(mut self, on_delete: OnDelete) -> Self {
        self.on_delete = on_delete;
        self
    }

    /// Values set on children built through the relation.
    pub fn defaults(mut self, defaults: Map) -> Self {
        self.defaults = defaults;
        self
    }

    /// Conditions, field to value, that the children must meet to be found.
    pub fn filters(mut self, filters: Map) -> Self {
        self.filters = filters;
        self
    }

    /// How a preload orders the children: fields, and whether they descend.
    pub fn preload_order(mut self, order: impl IntoIterator<Item = (Str, bool)>) -> Self {
        self.preload_order = order.into_iter().collect();
        self
    }
}
