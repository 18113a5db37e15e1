//! Forms: what a page is told of a changeset, and what a server answers.

mod attributes;
mod describe;
mod errors;
mod fields;
mod html;
mod nested;
mod never_stricter;
mod read;
