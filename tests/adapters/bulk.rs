//! Many rows in one insert.

use crate::blog::{Place, Sample, User, blog};
use ectomorph::adapter::Capability;
use ectomorph::query::{Direction, field, from};
use ectomorph::repo::{Conflict, Options, RepoError, RowValue};
use ectomorph::schema::HasSchema;
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value};

type Rows = Vec<Vec<(Str, RowValue)>>;

fn time() -> NaiveDatetime {
    NaiveDatetime::from_iso("2024-01-01T12:00:00").unwrap()
}

fn person(number: i64) -> Vec<(Str, RowValue)> {
    vec![
        ("name".into(), format!("Ada {number}").into()),
        ("email".into(), format!("ada{number}@x").into()),
        ("karma".into(), (number % 7).into()),
        ("inserted_at".into(), time().into()),
        ("updated_at".into(), time().into()),
    ]
}

/// More rows than a statement has params for.
pub async fn many_rows<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    const COUNT: i64 = 14_000;
    let rows: Rows = (1..=COUNT).map(person).collect();
    assert_eq!(repo.insert_all(User::schema(), rows).await.unwrap(), COUNT as usize);
    let query = from(User::schema()).order_by(Direction::Asc, field("id"));
    let users: Vec<User> = repo.all(query).await.unwrap();
    assert_eq!(users.len(), COUNT as usize);
    for (user, number) in users.iter().zip(1..) {
        let expected = User {
            id: user.id,
            name: Some(format!("Ada {number}")),
            email: Some(format!("ada{number}@x")),
            karma: Some(number % 7),
            inserted_at: Some(time()),
            updated_at: Some(time()),
        };
        assert_eq!(*user, expected);
    }
    // One that is there already: nothing of the others is, in a transaction or not.
    let twice: Rows = (COUNT + 1..=2 * COUNT).chain([1]).map(person).collect();
    assert!(matches!(repo.insert_all(User::schema(), twice.clone()).await, Err(RepoError::Adapter(_))));
    assert_eq!(repo.count(User::schema()).await.unwrap(), COUNT as usize);
    let within = repo
        .transaction(async |repo| -> Result<(), RepoError> {
            let options = Options::new().savepoint();
            let (rows, own) = (twice.clone(), vec![person(3 * COUNT)]);
            assert!(repo.insert_all_with::<User>(User::schema(), rows, &options).await.is_err());
            repo.insert_all(User::schema(), own).await?;
            Ok(())
        })
        .await;
    within.unwrap();
    assert_eq!(repo.count(User::schema()).await.unwrap(), COUNT as usize + 1);
    if repo.adapter().supports(Capability::Returning) && repo.adapter().supports(Capability::ConflictTarget) {
        // Those that are there are changed, and each row answers in its place.
        let options = Options::new()
            .on_conflict(Conflict::Replace(vec!["name".into()]))
            .conflict_target(["email"])
            .returning(["id", "name"]);
        let renamed = |number: i64| {
            let mut row = person(number);
            row[0].1 = format!("Eve {number}").into();
            row
        };
        let numbers = [2, 5 * COUNT, 1];
        let rows: Rows =
            (0..40).map(|at| renamed(numbers.get(at).copied().unwrap_or(6 * COUNT + at as i64))).collect();
        let (count, users) = repo.insert_all_with::<User>(User::schema(), rows, &options).await.unwrap();
        let users = users.unwrap();
        assert_eq!((count, users.len()), (40, 40));
        assert_eq!((users[0].id, users[0].name.as_deref()), (users[2].id.map(|id| id + 1), Some("Eve 2")));
        assert_eq!(repo.count(User::schema()).await.unwrap(), COUNT as usize + 1 + 38);
    }
}

/// A value of each type and a null of each, in as many rows as go another way than few.
pub async fn values_of_many_rows<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let sample = |at: i64| Sample {
        id: None,
        flag: Some(at % 2 == 0),
        ratio: Some(at as f64 + 0.125),
        price: Decimal::parse(&format!("-{at}.2210")),
        day: Date::from_iso("1969-07-20"),
        hour: Time::from_iso("23:59:58"),
        seen: NaiveDatetime::from_iso("1969-07-20T20:17:40.123456"),
        paid: UtcDatetime::from_iso("2038-01-19T03:14:08.000001Z"),
        token: Some("e674db5d-faf0-4f7a-94ed-aefc84d799a9".into()),
        bytes: Some(vec![0, 255, 39, at as u8]),
        settings: Some(Map::from([("theme", Value::from("d'a\"rk{,}\\")), ("sizes", [1, at].into())])),
    };
    let names = ["flag", "ratio", "price", "day", "hour", "seen", "paid", "token", "bytes", "settings"];
    let samples: Vec<Sample> =
        (0..30).map(|at| if at % 3 == 2 { Sample::default() } else { sample(at) }).collect();
    let rows: Rows = samples
        .iter()
        .map(|sample| {
            let record = sample.to_record();
            names.map(|name| (Str::from(name), RowValue::Value(record.value(name).clone()))).into()
        })
        .collect();
    assert_eq!(repo.insert_all(Sample::schema(), rows).await.unwrap(), 30);
    let query = from(Sample::schema()).order_by(Direction::Asc, field("id"));
    let read: Vec<Sample> = repo.all(query).await.unwrap();
    for (read, sample) in read.iter().zip(&samples) {
        let price = |sample: &Sample| sample.price.map(|price| price.text());
        let trimmed = |text: Option<String>| text.map(|text| text.trim_end_matches('0').to_owned());
        assert_eq!(trimmed(price(read)), trimmed(price(sample)));
        assert_eq!(*read, Sample { id: read.id, price: read.price, ..sample.clone() });
    }
    assert_eq!(read.len(), 30);
}
