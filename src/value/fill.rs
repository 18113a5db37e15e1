//! Putting messages together.

use alloc::string::String;

/// The template with a value in place of each `%`.
///
/// One template takes a call much less room than the pieces of text around its values, and formatting would bring its
/// machinery along.
#[cold]
#[inline(never)]
pub(crate) fn fill(template: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut filled = String::with_capacity(template.len() * 2);
    for character in template.chars() {
        match character {
            '%' => filled.push_str(values.next().unwrap_or(&"")),
            other => filled.push(other),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_the_template_says_and_are_not_looked_into() {
        assert_eq!(fill("`%` is no %!", &["100%", "field"]), "`100%` is no field!");
        assert_eq!(fill("nothing", &[]), "nothing");
        assert_eq!(fill("% and %", &["one"]), "one and ");
    }
}
