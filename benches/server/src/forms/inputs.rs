//! The forms, and JSON for them.

use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The guide's: name, email with an "@", bio of 2 to 140 characters, number_of_pets.
    User,
    /// Email, username, password and its confirmation, age 18..120, country, acceptance of the terms.
    Signup,
    /// Number, status, placed_on and 20 lines of sku, name, qty 1..100, price from 0 up, gift.
    Order,
}

pub const FORMS: [Form; 3] = [Form::User, Form::Signup, Form::Order];

pub const HAS_AT: &str = "@";
pub const EMAIL: &str = r"^[^\s@]+@[^\s@]+\.[^\s@]+$";
pub const USERNAME: &str = "^[a-z0-9_]+$";
pub const ORDER_NUMBER: &str = r"^ORD-\d+$";
pub const SKU: &str = r"^[A-Z]{2}-\d+$";
/// ISO 3166-1 alpha-2.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES \
    ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO \
    IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK \
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR \
    PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK \
    TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

// What garde and validator look at, made once for both.
pub static HAS_AT_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(HAS_AT));
pub static EMAIL_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(EMAIL));
pub static USERNAME_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(USERNAME));
pub static ORDER_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(ORDER_NUMBER));
pub static SKU_PATTERN: LazyLock<Regex> = LazyLock::new(|| pattern(SKU));
pub static CODES: LazyLock<HashSet<&str>> = LazyLock::new(|| COUNTRIES.split(' ').collect());

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern")
}

/// The codes of countries, one by one.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split(' ')
}

const NAMES: [&str; 8] = ["Ada", "Grace", "Katherine", "Barbara", "Frances", "Margaret", "Radia", "Hedy"];

impl Form {
    pub fn name(self) -> &'static str {
        match self {
            Form::User => "user",
            Form::Signup => "signup",
            Form::Order => "order",
        }
    }

    /// The JSON of a number; spoiled, four to six of its fields are wrong.
    pub fn text(self, at: usize, spoiled: bool) -> String {
        use serde_json::json;
        let name = NAMES[at % 8];
        let lower = name.to_lowercase();
        match (self, spoiled) {
            (Form::User, false) => json!({
                "name": format!("{name} Lovelace"),
                "email": format!("{lower}{at}@example.com"),
                "bio": format!("Writes programs for machines that do not exist yet, number {at}."),
                "number_of_pets": at % 7,
            }),
            (Form::User, true) => {
                json!({"name": "", "email": "example.com", "bio": "A", "number_of_pets": at % 7})
            }
            (Form::Signup, _) => {
                let pick = |valid: String, wrong: &str| if spoiled { wrong.to_owned() } else { valid };
                let country = countries().nth(at * 17 % 240).unwrap_or("DE").to_owned();
                json!({
                    "email": pick(format!("{lower}{at}@example.com"), "ada at example.com"),
                    "username": pick(format!("{lower}_{at}"), "ad"),
                    "password": pick(format!("correct horse {at}"), "short"),
                    "password_confirmation": format!("correct horse {at}"),
                    "age": if spoiled { 17 } else { 18 + at % 90 },
                    "country": pick(country, "XX"),
                    "terms": !spoiled,
                })
            }
            (Form::Order, _) => {
                let line = |line: usize| {
                    json!({
                        "sku": if spoiled && line == 7 { "ab 7".to_owned() } else { format!("AB-{at}{line}") },
                        "name": format!("Difference engine, part {line}"),
                        "qty": if spoiled && line == 3 { 0 } else { 1 + (at + line) % 100 },
                        "price": if spoiled && line == 11 { -1.5 } else { line as f64 + 0.25 },
                        "gift": line % 3 == 0,
                    })
                };
                json!({
                    "number": if spoiled { "1000".to_owned() } else { format!("ORD-{}", 1000 + at) },
                    "status": (["draft", "paid", "sent"][at % 3]),
                    "placed_on": format!("2024-{:02}-{:02}", at % 12 + 1, at % 28 + 1),
                    "lines": (0..20).map(line).collect::<Vec<_>>(),
                })
            }
        }
        .to_string()
    }
}
