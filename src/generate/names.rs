//! Names: of modules, fields and files.

use crate::mistake::Mistake;

/// `BlogPost` as `blog_post`: a capital begins a word if a small letter is before or after it.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let near_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase())
            || (at > 0 && !letters[at - 1].is_uppercase());
        if letter.is_uppercase() && at > 0 && near_small && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `blog_post` as `BlogPost`.
pub fn pascal_case(name: &str) -> String {
    name.split('_').flat_map(capitalized).collect()
}

/// `blog_post` as `blogPost`.
pub fn camel_case(name: &str) -> String {
    let pascal = pascal_case(name);
    let mut letters = pascal.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn capitalized(word: &str) -> impl Iterator<Item = char> + '_ {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
}

/// Whether a name can be that of a field, a column, a table or a file in every language: `number_of_pets`.
pub fn is_plain(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && name.len() <= MAX_LENGTH
}

/// The longest name that PostgreSQL takes, in bytes.
const MAX_LENGTH: usize = 63;

/// Checks the name of a schema: `User`, `BlogPost`.
pub fn check_schema(name: &str) -> Result<(), Mistake> {
    let first = name.chars().next();
    let fits = first.is_some_and(|first| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
        && name.len() <= MAX_LENGTH;
    if fits {
        return Ok(());
    }
    Err(Mistake::new(format!(
        "expected the schema, {name:?}, to be a name such as User or BlogPost: a capital, then letters and digits"
    )))
}

/// Checks the name of a table, a field or a migration.
pub fn check_plain(what: &str, name: &str) -> Result<(), Mistake> {
    if is_plain(name) {
        return Ok(());
    }
    Err(Mistake::new(format!(
        "expected the {what}, {name:?}, to be a name such as number_of_pets: small letters, digits and _, \
         a letter first, {MAX_LENGTH} at most"
    )))
}

/// The name of a field in Rust: keywords are written raw.
pub fn rust_field(name: &str) -> String {
    if RUST_KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The keywords that may be written raw.
const RUST_KEYWORDS: [&str; 47] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_its_dress_and_back() {
        for (pascal, snake) in [("User", "user"), ("BlogPost", "blog_post"), ("HTTPLog", "http_log")] {
            assert_eq!(snake_case(pascal), snake);
        }
        assert_eq!(pascal_case("blog_post"), "BlogPost");
        assert_eq!(camel_case("number_of_pets"), "numberOfPets");
        assert_eq!(camel_case(""), "");
    }

    #[test]
    fn a_name_that_some_language_refuses_is_refused() {
        for name in ["", "1st", "Name", "e-mail", "naïve", "a b", &"a".repeat(64)] {
            assert!(!is_plain(name), "{name:?}");
        }
        assert!(
            check_schema("user").is_err() && check_schema("").is_err() && check_schema("Blog.Post").is_err()
        );
    }
}
