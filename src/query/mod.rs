//! Queries as data: written by a builder, a macro or a document, planned for adapters.
