//! The model as code.

use super::field::Field;
use super::relation::{Kind, Relation};
use super::table::Table;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

pub fn expand(table: &Table) -> TokenStream {
    let (names, default, has_schema) = (names(table), default(table), has_schema(table));
    quote!(#names #default #has_schema)
}

/// `User::email`.
fn names(table: &Table) -> TokenStream {
    let (ident, visibility) = (&table.ident, &table.visibility);
    let fields = table.columns().map(|field| (field.ident.clone(), field.name.as_str()));
    let hidden = table.hidden.iter().map(|(name, ..)| (format_ident!("{name}"), *name));
    let relations = table.relations.iter().map(|relation| (relation.ident.clone(), relation.name.as_str()));
    let names = fields.chain(hidden).chain(relations).map(|(constant, name)| {
        let doc = format!("The name of the field `{name}`.");
        quote_spanned! {constant.span()=>
            #[doc = #doc]
            #visibility const #constant: ::ectomorph::schema::FieldName<#ident> =
                ::ectomorph::schema::FieldName::new(#name);
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(non_upper_case_globals, dead_code)]
        impl #ident {
            #(#names)*
        }
    }
}

fn default(table: &Table) -> TokenStream {
    let ident = &table.ident;
    let fields = table.fields.iter().map(|field| (&field.ident, field.default_value()));
    let relations = table.relations.iter().map(|relation| {
        let rust = &relation.rust;
        (&relation.ident, quote_spanned!(rust.span()=> <#rust as ::core::default::Default>::default()))
    });
    let (idents, values): (Vec<&Ident>, Vec<TokenStream>) = fields.chain(relations).unzip();
    quote! {
        #[automatically_derived]
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                Self { #(#idents: #values),* }
            }
        }
    }
}

fn has_schema(table: &Table) -> TokenStream {
    let ident = &table.ident;
    let schema = schema(table);
    let columns = table.columns().count();
    let relations_from = columns + table.hidden.len();
    let slots = table.columns().enumerate().map(|(position, field)| {
        let (ident, rust) = (&field.ident, &field.rust);
        let slot = quote_spanned!(rust.span()=> ::ectomorph::schema::derive::slot::<#rust>);
        quote!((#position, #slot(&self.#ident)))
    });
    let child_slots = table.relations.iter().enumerate().map(|(at, relation)| {
        let (ident, rust, position) = (&relation.ident, &relation.rust, relations_from + at);
        let slot = quote_spanned!(rust.span()=> <#rust as ::ectomorph::schema::Children>::to_slot);
        quote!((#position, #slot(&self.#ident)))
    });
    let values = table.columns().enumerate().map(|(position, field)| {
        let (ident, rust, default) = (&field.ident, &field.rust, field.default_value());
        let value = quote_spanned!(rust.span()=> fields.value::<#rust>);
        quote!(#ident: #value(#position, || #default)?)
    });
    // What preloads go by; the rest is found by way of the record.
    let is_key = |field: &Field| {
        let owns =
            |relation: &Relation| relation.kind == Kind::BelongsTo && relation.owner_key() == field.name;
        field.primary_key || table.relations.iter().any(owns)
    };
    let values_at =
        table.columns().enumerate().filter(|(_, field)| is_key(field)).map(|(position, field)| {
            let (ident, rust) = (&field.ident, &field.rust);
            let value = quote_spanned!(rust.span()=> ::ectomorph::schema::FieldValue::to_value);
            quote!(#position => #value(&self.#ident))
        });
    let filled = filled(table, relations_from);
    let same_default = table.fields.iter().all(Field::has_constant_default);
    let skipped = table.fields.iter().filter(|field| field.skipped).map(|field| {
        let (ident, default) = (&field.ident, field.default_value());
        quote!(#ident: #default)
    });
    let children = table.relations.iter().enumerate().map(|(at, relation)| {
        let (ident, rust, position) = (&relation.ident, &relation.rust, relations_from + at);
        let children = quote_spanned!(rust.span()=> fields.children::<#rust>);
        quote!(#ident: #children(#position)?)
    });
    quote! {
        #[automatically_derived]
        impl #ident {
            #[doc(hidden)]
            fn __schema() -> &'static ::ectomorph::schema::derive::Shared<::ectomorph::schema::Schema> {
                static SCHEMA: ::ectomorph::schema::derive::Cell = ::ectomorph::schema::derive::Cell::new();
                ::ectomorph::schema::derive::schema(&SCHEMA, || #schema)
            }
        }

        #[automatically_derived]
        impl ::ectomorph::schema::HasSchema for #ident {
            const SAME_DEFAULT: bool = #same_default;

            fn schema() -> ::ectomorph::schema::derive::Shared<::ectomorph::schema::Schema> {
                Self::__schema().clone()
            }

            fn to_record(&self) -> ::ectomorph::schema::Record {
                ::ectomorph::schema::derive::record(
                    Self::__schema(),
                    [#(#slots,)* #(#child_slots,)*],
                )
            }

            fn read(
                fields: &mut dyn ::ectomorph::schema::Fields,
            ) -> ::core::result::Result<Self, ::ectomorph::mistake::Mistake> {
                let mut fields = ::ectomorph::schema::derive::Reader::new(fields, Self::__schema())?;
                ::core::result::Result::Ok(Self { #(#values,)* #(#skipped,)* #(#children,)* })
            }

            fn value_at(&self, position: usize) -> ::ectomorph::value::Value {
                match position {
                    #(#values_at,)*
                    _ => ::ectomorph::schema::Record::slot(&self.to_record(), position).value().clone(),
                }
            }

            #filled
        }
    }
}

/// What puts the records of preloads into a struct; nothing where there are no associations.
fn filled(table: &Table, from: usize) -> TokenStream {
    let is_assoc =
        |(_, relation): &(usize, &Relation)| !matches!(relation.kind, Kind::EmbedsOne | Kind::EmbedsMany);
    let assocs = || table.relations.iter().enumerate().filter(is_assoc);
    if assocs().next().is_none() {
        return TokenStream::new();
    }
    let lists = assocs().map(|(at, relation)| {
        let (rust, position) = (&relation.rust, from + at);
        let list = quote_spanned!(rust.span()=> ::ectomorph::schema::derive::list::<#rust>);
        quote!(#position => #list())
    });
    let pooled = assocs().map(|(at, relation)| {
        let (ident, rust, position) = (&relation.ident, &relation.rust, from + at);
        let pooled = quote_spanned!(rust.span()=> ::ectomorph::schema::derive::pooled::<#rust>);
        quote!(#position => self.#ident = #pooled(pool, of)?)
    });
    quote! {
            fn related(
                position: usize,
            ) -> ::core::option::Option<::ectomorph::schema::derive::Boxed<dyn ::ectomorph::schema::Many>> {
                match position {
                    #(#lists,)*
                    _ => ::core::option::Option::None,
                }
            }

            fn fill(
                &mut self,
                position: usize,
                pool: &mut dyn ::core::any::Any,
                of: &[usize],
            ) -> ::core::result::Result<(), ::ectomorph::mistake::Mistake> {
                match position {
                    #(#pooled,)*
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }
    }
}

/// The schema in the making: columns, timestamps that the struct lacks, relations.
fn schema(table: &Table) -> TokenStream {
    let name = &table.name;
    let start = match &table.source {
        Some(source) => quote! {
            ::ectomorph::schema::Schema::build(
                ::ectomorph::value::Str::Static(#name),
                ::ectomorph::value::Str::Static(#source),
            )
        },
        None => quote!(::ectomorph::schema::Schema::embedded(::ectomorph::value::Str::Static(#name))),
    };
    let keyless = (!table.columns().any(|field| field.primary_key)).then(|| quote!(.without_primary_key()));
    let prefix =
        table.prefix.as_ref().map(|prefix| quote!(.prefix(::ectomorph::value::Str::Static(#prefix))));
    let fields = table.columns().map(|field| {
        let field = column(table, field);
        quote!(.field(#field))
    });
    let hidden = table.hidden.iter().map(|(name, how, kind)| {
        let how = format_ident!("{how}");
        quote! {
            .field(
                ::ectomorph::schema::Field::new(::ectomorph::value::Str::Static(#name), #kind)
                    .autogenerate(::ectomorph::schema::Autogenerate::#how),
            )
        }
    });
    let relations = table.relations.iter().map(|relation| relation.built(name));
    let changeset = table
        .changeset
        .as_ref()
        .map(|changeset| quote_spanned!(changeset.span()=> .changeset((#changeset)())));
    quote!(#start #keyless #prefix #(#fields)* #(#hidden)* #(#relations)* #changeset)
}

fn column(table: &Table, field: &Field) -> TokenStream {
    let mut built = field.built();
    let is_foreign_key = |name: &str| {
        table
            .relations
            .iter()
            .any(|relation| relation.kind == Kind::BelongsTo && relation.owner_key() == name)
    };
    let keys = table.columns().filter(|field| field.primary_key).count();
    if field.primary_key && keys == 1 {
        let embedded = table.embedded();
        built = quote!(::ectomorph::schema::derive::key(#built, #embedded));
    } else if field.primary_key {
        built = quote!(#built.primary_key());
    }
    if field.kind.is_none() && is_foreign_key(&field.name) {
        built = quote!(::ectomorph::schema::derive::foreign_key(#built));
    }
    match field.autogenerate {
        None => built,
        Some(None) => quote!(::ectomorph::schema::derive::not_generated(#built)),
        Some(Some(how)) => {
            let how = format_ident!("{how}");
            quote!(#built.autogenerate(::ectomorph::schema::Autogenerate::#how))
        }
    }
}
