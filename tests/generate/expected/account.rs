use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime};
use ectomorph::{Rules, Schema};

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "accounts", timestamps = "utc_datetime_usec", prefix = "bank")]
pub struct Account {
    #[field(primary_key, type = "binary_id", autogenerate = "uuid")]
    pub id: Option<String>,
    pub r#type: Option<String>,
    #[field(default = false)]
    pub active: bool,
    pub score: Option<f64>,
    pub balance: Option<Decimal>,
    pub extra: Option<Map>,
    pub born_on: Option<Date>,
    pub wakes_at: Option<Time>,
    #[field(type = "time_usec")]
    pub wakes_exactly_at: Option<Time>,
    pub seen_at: Option<NaiveDatetime>,
    #[field(type = "naive_datetime_usec")]
    pub seen_exactly_at: Option<NaiveDatetime>,
    pub paid_at: Option<UtcDatetime>,
    #[field(type = "utc_datetime_usec")]
    pub paid_exactly_at: Option<UtcDatetime>,
    #[field(type = "uuid")]
    pub token: Option<String>,
    pub avatar: Option<Vec<u8>>,
    #[field(type = ectomorph::types::Type::Array(Box::new(ectomorph::types::Type::Uuid)))]
    pub devices: Vec<String>,
    #[field(type = "binary_id")]
    pub user_id: Option<String>,
    #[field(type = "utc_datetime_usec")]
    pub inserted_at: Option<UtcDatetime>,
    #[field(type = "utc_datetime_usec")]
    pub updated_at: Option<UtcDatetime>,
}

impl Account {
    /// The rules of a changeset.
    pub fn rules() -> Rules<Account> {
        Rules::cast([
            Account::r#type,
            Account::active,
            Account::score,
            Account::balance,
            Account::extra,
            Account::born_on,
            Account::wakes_at,
            Account::wakes_exactly_at,
            Account::seen_at,
            Account::seen_exactly_at,
            Account::paid_at,
            Account::paid_exactly_at,
            Account::token,
            Account::avatar,
            Account::devices,
        ])
        .validate_required([
            Account::r#type,
            Account::score,
            Account::balance,
            Account::born_on,
            Account::wakes_at,
            Account::wakes_exactly_at,
            Account::seen_at,
            Account::seen_exactly_at,
            Account::paid_at,
            Account::paid_exactly_at,
            Account::token,
            Account::avatar,
        ])
        .unique_constraint(Account::token)
        .unique_constraint(Account::user_id)
    }
}
