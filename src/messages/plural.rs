//! Which plural form a number takes: the `Plural-Forms` of a `.po` file.

use alloc::boxed::Box;

/// No language has more than six.
const MAX_FORMS: u64 = 16;
const MAX_DEPTH: usize = 64;

/// How many forms a language has, and which one a number takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plural {
    forms: u64,
    choice: Choice,
}

/// The C expression after `plural=`.
#[derive(Clone, Debug, PartialEq)]
enum Choice {
    N,
    Number(u64),
    Not(Box<Choice>),
    Operation(Operation, Box<[Choice; 2]>),
    If(Box<[Choice; 3]>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Or,
    And,
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The operations by precedence, the loosest first; within a level, the longer text first.
const LEVELS: [&[(&str, Operation)]; 6] = [
    &[("||", Operation::Or)],
    &[("&&", Operation::And)],
    &[("==", Operation::Equal), ("!=", Operation::NotEqual)],
    &[
        ("<=", Operation::LessOrEqual),
        (">=", Operation::GreaterOrEqual),
        ("<", Operation::Less),
        (">", Operation::Greater),
    ],
    &[("+", Operation::Add), ("-", Operation::Subtract)],
    &[("*", Operation::Multiply), ("/", Operation::Divide), ("%", Operation::Remainder)],
];

/// What gettext for Elixir takes where a file says only its language, by the first part of its code.
const LANGUAGES: [(&str, &str); 14] = [
    ("ay bo cgg dz fa id ja jbo ka kk km ko ky lo ms my sah su th tt ug vi wo zh", "nplurals=1; plural=0;"),
    ("ach ak am arn br fil fr gun ln mfe mg mi oc tg ti tr uz wa", "nplurals=2; plural=n>1;"),
    (
        "be bs hr ru sr uk",
        "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;",
    ),
    ("cs sk", "nplurals=3; plural=n==1 ? 0 : n>=2 && n<=4 ? 1 : 2;"),
    ("pl", "nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;"),
    ("lt", "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2;"),
    ("lv", "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n!=0 ? 1 : 2;"),
    ("ro", "nplurals=3; plural=n==1 ? 0 : n==0 || (n%100>0 && n%100<20) ? 1 : 2;"),
    ("sl", "nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3;"),
    ("ga", "nplurals=5; plural=n==1 ? 0 : n==2 ? 1 : n>=3 && n<=6 ? 2 : n>=7 && n<=10 ? 3 : 4;"),
    ("cy", "nplurals=4; plural=n==1 ? 0 : n==2 ? 1 : n!=8 && n!=11 ? 2 : 3;"),
    ("mt", "nplurals=4; plural=n==1 ? 0 : n==0 || (n%100>1 && n%100<11) ? 1 : n%100>10 && n%100<20 ? 2 : 3;"),
    ("is mk", "nplurals=2; plural=n%10!=1 || n%100==11;"),
    (
        "ar",
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    ),
];

impl Plural {
    /// Reads `nplurals=2; plural=(n != 1);`. The error says what is wrong, in words.
    pub(super) fn parse(header: &str) -> Result<Plural, &'static str> {
        const SHAPE: &str = "plural forms look like \"nplurals=2; plural=(n != 1);\"";
        let (count, rest) = header.split_once(';').ok_or(SHAPE)?;
        let forms = assigned(count, "nplurals").and_then(|count| count.parse().ok()).ok_or(SHAPE)?;
        if forms == 0 || forms > MAX_FORMS {
            return Err("a language has 1 to 16 plural forms");
        }
        let rest = rest.trim();
        let choice = assigned(rest.strip_suffix(';').unwrap_or(rest), "plural").ok_or(SHAPE)?;
        let mut parser = Parser { rest: choice, depth: 0 };
        let choice = parser.choice()?;
        if !parser.rest.trim().is_empty() {
            return Err("the plural expression goes on after its end");
        }
        let plural = Plural { forms, choice };
        if (0..=1000).any(|number| plural.form(number).is_none()) {
            return Err("the plural expression gives a form beyond nplurals");
        }
        Ok(plural)
    }

    /// What a language does, by its code (`de`, `pt_BR`); two forms, one of them for 1, if it is not known better.
    pub(super) fn of_language(code: &str) -> Plural {
        let language = code.split(['_', '-', '@']).next().unwrap_or_default();
        let header = LANGUAGES
            .iter()
            .find(|(codes, _)| codes.split(' ').any(|known| known == language))
            .map(|(_, header)| *header);
        let header = if code == "pt_BR" { Some("nplurals=2; plural=n>1;") } else { header };
        header.and_then(|header| Plural::parse(header).ok()).unwrap_or_else(Plural::of_english)
    }

    /// One form for 1, one for all else.
    pub(super) fn of_english() -> Plural {
        Plural {
            forms: 2,
            choice: Choice::Operation(Operation::NotEqual, Box::new([Choice::N, Choice::Number(1)])),
        }
    }

    pub(super) fn forms(&self) -> usize {
        self.forms as usize
    }

    /// The form that a number takes; `None` if there is no such form.
    pub(super) fn form(&self, number: u64) -> Option<usize> {
        let form = self.choice.of(number)?;
        (form < self.forms).then_some(form as usize)
    }
}

impl Choice {
    /// `None` for a division by zero and for what does not fit.
    fn of(&self, n: u64) -> Option<u64> {
        Some(match self {
            Choice::N => n,
            Choice::Number(number) => *number,
            Choice::Not(choice) => u64::from(choice.of(n)? == 0),
            Choice::If(parts) => return if parts[0].of(n)? != 0 { parts[1].of(n) } else { parts[2].of(n) },
            Choice::Operation(operation, operands) => {
                let left = operands[0].of(n)?;
                match operation {
                    Operation::Or if left != 0 => return Some(1),
                    Operation::And if left == 0 => return Some(0),
                    _ => {}
                }
                let right = operands[1].of(n)?;
                match operation {
                    Operation::Or | Operation::And => u64::from(right != 0),
                    Operation::Equal => u64::from(left == right),
                    Operation::NotEqual => u64::from(left != right),
                    Operation::LessOrEqual => u64::from(left <= right),
                    Operation::GreaterOrEqual => u64::from(left >= right),
                    Operation::Less => u64::from(left < right),
                    Operation::Greater => u64::from(left > right),
                    Operation::Add => left.checked_add(right)?,
                    Operation::Subtract => left.checked_sub(right)?,
                    Operation::Multiply => left.checked_mul(right)?,
                    Operation::Divide => left.checked_div(right)?,
                    Operation::Remainder => left.checked_rem(right)?,
                }
            }
        })
    }
}

/// The text after `name =`.
fn assigned<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.trim().strip_prefix(name)?.trim_start().strip_prefix('=').map(str::trim)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Choice, &'static str> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the plural expression is nested more than 64 levels deep");
        }
        let mut choice = self.operations(0)?;
        if self.take("?") {
            let yes = self.choice()?;
            if !self.take(":") {
                return Err("the plural expression has a \"?\" without \":\"");
            }
            choice = Choice::If(Box::new([choice, yes, self.choice()?]));
        }
        self.depth -= 1;
        Ok(choice)
    }

    fn operations(&mut self, level: usize) -> Result<Choice, &'static str> {
        let Some(operations) = LEVELS.get(level) else { return self.operand() };
        let mut left = self.operations(level + 1)?;
        let mut chained = 0;
        while let Some((_, operation)) = operations.iter().find(|(text, _)| self.take(text)) {
            chained += 1;
            if chained > MAX_DEPTH {
                return Err("the plural expression is too long");
            }
            left = Choice::Operation(*operation, Box::new([left, self.operations(level + 1)?]));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Choice, &'static str> {
        let mut negations = 0;
        while self.take("!") {
            negations += 1;
        }
        let mut operand = if self.take("(") {
            let choice = self.choice()?;
            if !self.take(")") {
                return Err("the plural expression has a \"(\" without \")\"");
            }
            choice
        } else if self.take("n") {
            Choice::N
        } else {
            let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            Choice::Number(number.parse().map_err(
                |_| "the plural expression knows n, whole numbers, parentheses and operators of C",
            )?)
        };
        if negations > 0 {
            operand = Choice::Not(Box::new(operand));
        }
        if negations > 1 && negations % 2 == 0 {
            operand = Choice::Not(Box::new(operand));
        }
        Ok(operand)
    }

    fn take(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(header: &str, numbers: impl IntoIterator<Item = u64>) -> Vec<usize> {
        let plural = Plural::parse(header).unwrap();
        numbers.into_iter().map(|number| plural.form(number).unwrap()).collect()
    }

    #[test]
    fn the_expressions_of_real_languages_choose_their_forms() {
        assert_eq!(forms("nplurals=1; plural=0;", 0..4), [0, 0, 0, 0]);
        assert_eq!(forms("nplurals=2; plural=(n != 1);", 0..4), [1, 0, 1, 1]);
        assert_eq!(forms("nplurals=2; plural=n>1", 0..4), [0, 0, 1, 1]);
        let polish = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";
        assert_eq!(
            forms(polish, [0, 1, 2, 4, 5, 12, 14, 21, 22, 25, 104, 112]),
            [2, 0, 1, 1, 2, 2, 2, 2, 1, 2, 1, 2]
        );
        let slovenian =
            "nplurals = 4 ; plural = (n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3) ;";
        assert_eq!(forms(slovenian, [0, 1, 2, 3, 4, 5, 101, 102]), [3, 0, 1, 2, 2, 3, 0, 1]);
    }

    #[test]
    fn operators_bind_as_in_c() {
        let of_ten = |expression: &str| forms(&["nplurals=16; plural=", expression].concat(), [10])[0];
        for (expression, expected) in [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("9 - 4 - 3", 2),
            ("12 / 2 / 3", 2),
            ("1 || 0 && 0", 1),
            ("1 < 2 == 1", 1),
            ("2 == 2 < 3", 0),
            ("1 ? 2 : 0 ? 3 : 4", 2),
            ("0 ? 2 : 0 ? 3 : 4", 4),
            ("!1 + 1", 1),
            ("!!7", 1),
            ("!!!7", 0),
            ("!(n == 10)", 0),
            ("n == 0 || 10 % n", 0),
            ("n != 0 && 25 / n", 1),
            ("0 && 1 / 0", 0),
        ] {
            assert_eq!(of_ten(expression), expected, "{expression}");
        }
    }

    #[test]
    fn a_wrong_header_says_what_is_wrong() {
        let nested = ["nplurals=1; plural=", &"(".repeat(100_000)].concat();
        let long = ["nplurals=1; plural=0", &"*0".repeat(100_000)].concat();
        for (header, expected) in [
            ("", "plural forms look like \"nplurals=2; plural=(n != 1);\""),
            ("nplurals=2", "plural forms look like \"nplurals=2; plural=(n != 1);\""),
            ("nplurals=two; plural=0;", "plural forms look like \"nplurals=2; plural=(n != 1);\""),
            ("nplurals=0; plural=0;", "a language has 1 to 16 plural forms"),
            ("nplurals=17; plural=0;", "a language has 1 to 16 plural forms"),
            ("nplurals=2; plural=n;", "the plural expression gives a form beyond nplurals"),
            ("nplurals=2; plural=1/n;", "the plural expression gives a form beyond nplurals"),
            ("nplurals=2; plural=n-1;", "the plural expression gives a form beyond nplurals"),
            ("nplurals=2; plural=(n>1;", "the plural expression has a \"(\" without \")\""),
            ("nplurals=2; plural=n>1 ? 1;", "the plural expression has a \"?\" without \":\""),
            ("nplurals=2; plural=n>1);", "the plural expression goes on after its end"),
            (
                "nplurals=2; plural=n>;",
                "the plural expression knows n, whole numbers, parentheses and operators of C",
            ),
            (
                "nplurals=2; plural=x;",
                "the plural expression knows n, whole numbers, parentheses and operators of C",
            ),
            (&nested, "the plural expression is nested more than 64 levels deep"),
            (&long, "the plural expression is too long"),
        ] {
            assert_eq!(Plural::parse(header), Err(expected));
        }
    }

    #[test]
    fn every_known_language_has_all_of_its_forms() {
        for (codes, header) in LANGUAGES {
            let plural = Plural::parse(header).unwrap();
            for code in codes.split(' ') {
                assert_eq!(Plural::of_language(code), plural, "{code}");
            }
            let used: std::collections::BTreeSet<_> = (0..1000).filter_map(|n| plural.form(n)).collect();
            assert_eq!(used.len(), plural.forms(), "{codes}");
        }
        assert_eq!(Plural::of_language("zh_Hans"), Plural::parse("nplurals=1; plural=0;").unwrap());
        assert_eq!(Plural::of_language("pt_BR"), Plural::parse("nplurals=2; plural=n>1;").unwrap());
        assert_eq!(Plural::of_language("pt"), Plural::of_english());
        assert_eq!(Plural::of_language("de"), Plural::of_english());
    }
}
