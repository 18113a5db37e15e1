//! Random queries, as documents and as SQL for SQLite.

use serde_json::{Value as Json, json};

/// A source of choices that a seed decides.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub fn often(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len() as u64) as usize]
    }
}

/// A query in both forms. `ordered` says whether the order of its rows is decided.
pub struct Case {
    pub query: Json,
    pub sql: String,
    pub ordered: bool,
}

type Both = (Json, String);

#[derive(Clone)]
struct Source {
    binding: String,
    integers: Vec<&'static str>,
    texts: Vec<&'static str>,
}

fn table(name: &str, binding: &str) -> Source {
    let (integers, texts) = match name {
        "users" => (vec!["id", "age", "manager_id"], vec!["name"]),
        _ => (vec!["id", "user_id", "views"], vec!["title"]),
    };
    Source { binding: binding.to_owned(), integers, texts }
}

/// The parts of a SELECT that are made together.
struct Parts {
    query: serde_json::Map<String, Json>,
    select: Vec<Both>,
    from: String,
    filter: Option<String>,
    group: Vec<String>,
    having: Option<String>,
    order: bool,
}

/// A random query.
pub fn case(seed: u64) -> Case {
    let dice = &mut Dice::new(seed);
    match dice.roll(12) {
        0 => combined(dice),
        1 => derived(dice),
        2 => windowed(dice),
        3 | 4 => grouped(dice),
        _ => plain(dice),
    }
}

fn sources(dice: &mut Dice, prefix: &str) -> (Vec<Source>, serde_json::Map<String, Json>, String) {
    let mut all = Vec::new();
    let mut query = serde_json::Map::new();
    let first = *dice.pick(&["users", "posts"]);
    let name = format!("{prefix}0");
    query.insert("from".into(), json!({"as": name, "named": true, "source": first}));
    let mut sql = format!("{first} AS {name}");
    all.push(table(first, &name));
    let mut joins = Vec::new();
    for at in 1..=[0, 0, 1, 1, 1, 2][dice.roll(6) as usize] {
        let joined = *dice.pick(&["users", "posts"]);
        let name = format!("{prefix}{at}");
        let source = table(joined, &name);
        let kind = *dice.pick(&["inner", "left", "left", "inner", "right", "full"]);
        let left = dice.pick(&all).clone();
        let (a, b) = (*dice.pick(&left.integers), *dice.pick(&source.integers));
        let mut on: Both = (
            json!(["==", ["field", left.binding, a], ["field", name, b]]),
            format!("({}.{a} = {name}.{b})", left.binding),
        );
        all.push(source);
        if dice.often(40) {
            let more = condition(dice, &all, 1);
            on = (json!(["and", on.0, more.0]), format!("({} AND {})", on.1, more.1));
        }
        joins.push(json!({"qual": kind, "as": name, "named": true, "source": joined, "on": on.0}));
        sql.push_str(&format!(" {} JOIN {joined} AS {name} ON {}", kind.to_uppercase(), on.1));
    }
    if !joins.is_empty() {
        query.insert("join".into(), joins.into());
    }
    (all, query, sql)
}

fn integer(dice: &mut Dice, sources: &[Source], depth: u32) -> Both {
    if depth == 0 || dice.often(50) {
        let source = dice.pick(sources);
        let column = *dice.pick(&source.integers);
        return (json!(["field", source.binding, column]), format!("{}.{column}", source.binding));
    }
    match dice.roll(6) {
        0..=2 => {
            let (a, b) = (integer(dice, sources, depth - 1), integer(dice, sources, depth - 1));
            let sign = *dice.pick(&["+", "-", "*"]);
            (json!([sign, a.0, b.0]), format!("({} {sign} {})", a.1, b.1))
        }
        3 => {
            let a = integer(dice, sources, depth - 1);
            let number = dice.roll(5) + 1;
            (json!(["/", a.0, number]), format!("({} / {number})", a.1))
        }
        4 => {
            let (a, b) = (integer(dice, sources, depth - 1), integer(dice, sources, depth - 1));
            (json!(["coalesce", a.0, b.0]), format!("coalesce({}, {})", a.1, b.1))
        }
        _ => {
            let inner = *dice.pick(&["users", "posts"]);
            let of = [table(inner, "s0")];
            let (value, filter) = (integer(dice, &of, 0), condition(dice, &of, 1));
            let function = *dice.pick(&["min", "max", "count"]);
            let query = json!({"from": {"as": "s0", "named": true, "source": inner}, "select": [function, value.0], "where": [filter.0]});
            (
                json!(["subquery", query]),
                format!("(SELECT {function}({}) FROM {inner} AS s0 WHERE {})", value.1, filter.1),
            )
        }
    }
}

fn text(dice: &mut Dice, sources: &[Source]) -> Both {
    let source = dice.pick(sources);
    let column = *dice.pick(&source.texts);
    (json!(["field", source.binding, column]), format!("{}.{column}", source.binding))
}

fn condition(dice: &mut Dice, sources: &[Source], depth: u32) -> Both {
    let comparison = |dice: &mut Dice| {
        *dice.pick(&[("==", "="), ("!=", "<>"), ("<", "<"), ("<=", "<="), (">", ">"), (">=", ">=")])
    };
    match dice.roll(if depth == 0 { 7 } else { 13 }) {
        0 | 1 => {
            let a = integer(dice, sources, depth.min(1));
            let (sign, sql) = comparison(dice);
            let number = dice.roll(9) as i64 - 1;
            (json!([sign, a.0, number]), format!("({} {sql} {number})", a.1))
        }
        2 => {
            let (a, b) = (integer(dice, sources, 0), integer(dice, sources, 0));
            let (sign, sql) = comparison(dice);
            (json!([sign, a.0, b.0]), format!("({} {sql} {})", a.1, b.1))
        }
        3 => {
            let a = text(dice, sources);
            let pattern = *dice.pick(&["a%", "%b", "%a%", "_b%", "", "%", "ab"]);
            if dice.often(50) {
                (json!(["like", a.0, pattern]), format!("({} LIKE '{pattern}')", a.1))
            } else {
                (json!(["ilike", a.0, pattern]), format!("(lower({}) LIKE lower('{pattern}'))", a.1))
            }
        }
        4 => {
            let a = if dice.often(50) { integer(dice, sources, 0) } else { text(dice, sources) };
            (json!(["is_nil", a.0]), format!("({} IS NULL)", a.1))
        }
        5 => {
            let a = text(dice, sources);
            let (sign, sql) = comparison(dice);
            let word = *dice.pick(&["a", "ab", "B", "ba", "c"]);
            (json!([sign, a.0, word]), format!("({} {sql} '{word}')", a.1))
        }
        6 => {
            let a = integer(dice, sources, 0);
            let count = if dice.often(20) { 12 } else { 3 };
            let list: Vec<i64> = (0..count).map(|_| dice.roll(12) as i64).collect();
            let words: Vec<String> = list.iter().map(ToString::to_string).collect();
            let all: Vec<Json> =
                std::iter::once(json!("list")).chain(list.into_iter().map(Json::from)).collect();
            (json!(["in", a.0, all]), format!("({} IN ({}))", a.1, words.join(", ")))
        }
        7 | 8 => {
            let (a, b) = (condition(dice, sources, depth - 1), condition(dice, sources, depth - 1));
            (json!(["and", a.0, b.0]), format!("({} AND {})", a.1, b.1))
        }
        9 | 10 => {
            let (a, b) = (condition(dice, sources, depth - 1), condition(dice, sources, depth - 1));
            (json!(["or", a.0, b.0]), format!("({} OR {})", a.1, b.1))
        }
        11 => {
            let a = condition(dice, sources, depth - 1);
            (json!(["not", a.0]), format!("(NOT {})", a.1))
        }
        _ => {
            let a = integer(dice, sources, 0);
            let inner = *dice.pick(&["users", "posts"]);
            let of = [table(inner, "s0")];
            let (value, filter) = (integer(dice, &of, 0), condition(dice, &of, 0));
            let query = json!({"from": {"as": "s0", "named": true, "source": inner}, "select": value.0, "where": [filter.0]});
            (
                json!(["in", a.0, ["subquery", query]]),
                format!("({} IN (SELECT {} FROM {inner} AS s0 WHERE {}))", a.1, value.1, filter.1),
            )
        }
    }
}

fn start(dice: &mut Dice, prefix: &str) -> (Parts, Vec<Source>) {
    let (sources, query, from) = sources(dice, prefix);
    let mut parts =
        Parts { query, select: Vec::new(), from, filter: None, group: Vec::new(), having: None, order: true };
    if dice.often(75) {
        let filter = condition(dice, &sources, 2);
        parts.query.insert("where".into(), json!([filter.0]));
        parts.filter = Some(filter.1);
    }
    (parts, sources)
}

fn sql_of(parts: &Parts, distinct: bool) -> String {
    let select: Vec<&str> = parts.select.iter().map(|(_, sql)| sql.as_str()).collect();
    let mut sql = format!(
        "SELECT {}{} FROM {}",
        if distinct { "DISTINCT " } else { "" },
        select.join(", "),
        parts.from
    );
    if let Some(filter) = &parts.filter {
        sql.push_str(&format!(" WHERE {filter}"));
    }
    if !parts.group.is_empty() {
        sql.push_str(&format!(" GROUP BY {}", parts.group.join(", ")));
    }
    if let Some(having) = &parts.having {
        sql.push_str(&format!(" HAVING {having}"));
    }
    sql
}

fn finish(dice: &mut Dice, mut parts: Parts) -> Case {
    let distinct = parts.group.is_empty() && dice.often(15);
    let mut sql = sql_of(&parts, distinct);
    let selected: Vec<Json> = parts.select.iter().map(|(json, _)| json.clone()).collect();
    parts.query.insert("select".into(), std::iter::once(json!("tuple")).chain(selected).collect());
    if distinct {
        parts.query.insert("distinct".into(), true.into());
    }
    let ordered = parts.order && dice.often(60);
    if ordered {
        // By all that is selected: rows that are equal in that are equal.
        let mut orders = Vec::new();
        let mut words = Vec::new();
        for (json, sql) in &parts.select {
            let (direction, word) = *dice.pick(&[
                ("asc", "ASC NULLS LAST"),
                ("desc", "DESC NULLS FIRST"),
                ("asc_nulls_first", "ASC NULLS FIRST"),
                ("desc_nulls_last", "DESC NULLS LAST"),
            ]);
            orders.push(json!([direction, json]));
            words.push(format!("{sql} {word}"));
        }
        parts.query.insert("order_by".into(), orders.into());
        sql.push_str(&format!(" ORDER BY {}", words.join(", ")));
        if dice.often(50) {
            let limit = dice.roll(6);
            parts.query.insert("limit".into(), limit.into());
            sql.push_str(&format!(" LIMIT {limit}"));
            if dice.often(50) {
                let offset = dice.roll(4);
                parts.query.insert("offset".into(), offset.into());
                sql.push_str(&format!(" OFFSET {offset}"));
            }
        }
    }
    Case { query: parts.query.into(), sql, ordered }
}

fn plain(dice: &mut Dice) -> Case {
    let (mut parts, sources) = start(dice, "t");
    for at in 0..=dice.roll(3) {
        let selected =
            if at > 0 && dice.often(30) { text(dice, &sources) } else { integer(dice, &sources, 2) };
        if parts.select.iter().all(|(_, sql)| *sql != selected.1) {
            parts.select.push(selected);
        }
    }
    finish(dice, parts)
}

fn aggregate(dice: &mut Dice, sources: &[Source]) -> Both {
    let of = integer(dice, sources, 1);
    let function = *dice.pick(&["count", "sum", "min", "max", "count_distinct", "count_all"]);
    let (mut json, mut sql) = match function {
        "count_all" => (json!(["count"]), "count(*)".to_owned()),
        "count_distinct" => (json!([function, of.0]), format!("count(DISTINCT {})", of.1)),
        _ => (json!([function, of.0]), format!("{function}({})", of.1)),
    };
    if dice.often(30) {
        let filter = condition(dice, sources, 1);
        json = json!(["filter", json, filter.0]);
        sql = format!("{sql} FILTER (WHERE {})", filter.1);
    }
    (json, sql)
}

fn grouped(dice: &mut Dice) -> Case {
    let (mut parts, sources) = start(dice, "t");
    let mut groups = Vec::new();
    for _ in 0..dice.roll(3) {
        let key = if dice.often(30) { text(dice, &sources) } else { integer(dice, &sources, 0) };
        if parts.group.iter().all(|sql| *sql != key.1) {
            groups.push(key.0.clone());
            parts.group.push(key.1.clone());
            parts.select.push(key);
        }
    }
    for _ in 0..=dice.roll(2) {
        let made = aggregate(dice, &sources);
        if parts.select.iter().all(|(_, sql)| *sql != made.1) {
            parts.select.push(made);
        }
    }
    if !groups.is_empty() {
        parts.query.insert("group_by".into(), groups.into());
        if dice.often(40) {
            let made = aggregate(dice, &sources);
            let number = dice.roll(5);
            parts.query.insert("having".into(), json!([[">", made.0, number]]));
            parts.having = Some(format!("({} > {number})", made.1));
        }
    }
    finish(dice, parts)
}

fn windowed(dice: &mut Dice) -> Case {
    let (mut parts, sources) = start(dice, "t");
    let first = sources[0].clone();
    // The order of a window must be decided: by the keys of all sources.
    let partition = integer(dice, &sources, 0);
    let keys: Vec<Both> = sources
        .iter()
        .map(|source| (json!(["field", source.binding, "id"]), format!("{}.id", source.binding)))
        .collect();
    let orders: Vec<Json> = keys.iter().map(|(json, _)| json!(["asc", json])).collect();
    let words: Vec<String> = keys.iter().map(|(_, sql)| format!("{sql} ASC NULLS LAST")).collect();
    let of = integer(dice, std::slice::from_ref(&first), 0);
    let (json, sql) = match dice.roll(9) {
        0 => (json!(["row_number"]), "row_number()".to_owned()),
        1 => (json!(["rank"]), "rank()".to_owned()),
        2 => (json!(["lag", of.0]), format!("lag({})", of.1)),
        3 => (json!(["lead", of.0, 2]), format!("lead({}, 2)", of.1)),
        4 => (json!(["first_value", of.0]), format!("first_value({})", of.1)),
        5 => (json!(["ntile", 3]), "ntile(3)".to_owned()),
        6 => (json!(["last_value", of.0]), format!("last_value({})", of.1)),
        7 => (json!(["count"]), "count(*)".to_owned()),
        _ => (json!(["sum", of.0]), format!("sum({})", of.1)),
    };
    let frame = *dice.pick(&["", "", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS 2 PRECEDING"]);
    let mut window = json!({"partition_by": [partition.0], "order_by": orders});
    if !frame.is_empty() {
        window["frame"] = json!(["fragment", {"raw": frame.trim()}]);
    }
    let over = format!("{sql} OVER (PARTITION BY {} ORDER BY {}{frame})", partition.1, words.join(", "));
    parts.select.extend(keys);
    parts.select.push((json!(["over", json, window]), over));
    parts.order = false;
    // Without DISTINCT, whose order windows have no part in.
    let sql = sql_of(&parts, false);
    let selected: Vec<Json> = parts.select.iter().map(|(json, _)| json.clone()).collect();
    parts.query.insert("select".into(), std::iter::once(json!("tuple")).chain(selected).collect());
    Case { query: parts.query.into(), sql, ordered: false }
}

fn one_column(dice: &mut Dice, prefix: &str) -> (serde_json::Map<String, Json>, String) {
    let (mut parts, sources) = start(dice, prefix);
    let selected = integer(dice, &sources, 1);
    parts.query.insert("select".into(), selected.0.clone());
    parts.select.push(selected);
    let sql = sql_of(&parts, false);
    (parts.query, sql)
}

fn combined(dice: &mut Dice) -> Case {
    let (mut query, mut sql) = one_column(dice, "t");
    let mut combinations = Vec::new();
    for _ in 0..=dice.roll(2) {
        let (other, other_sql) = one_column(dice, "t");
        let (operation, word) = *dice.pick(&[
            ("union", "UNION"),
            ("union_all", "UNION ALL"),
            ("except", "EXCEPT"),
            ("intersect", "INTERSECT"),
        ]);
        // SQLite combines from left to right, PostgreSQL puts INTERSECT first: one kind of it stands alone.
        combinations.push(json!({"op": operation, "query": other}));
        sql = format!("SELECT * FROM ({sql}) {word} SELECT * FROM ({other_sql})");
    }
    if combinations.len() > 1 && combinations.iter().any(|each| each["op"] == "intersect") {
        return plain(dice);
    }
    query.insert("combinations".into(), combinations.into());
    Case { query: query.into(), sql, ordered: false }
}

fn derived(dice: &mut Dice) -> Case {
    let (mut inner, inner_sources) = start(dice, "i");
    let (a, b) = (integer(dice, &inner_sources, 1), text(dice, &inner_sources));
    inner.query.insert("select".into(), json!(["map", ["x", a.0], ["y", b.0]]));
    inner.select = vec![(a.0, format!("{} AS x", a.1)), (b.0, format!("{} AS y", b.1))];
    let inner_sql = sql_of(&inner, false);
    let source = Source { binding: "d0".into(), integers: vec!["x"], texts: vec!["y"] };
    let sources = [source];
    let mut query = serde_json::Map::new();
    let from = if dice.often(50) {
        query.insert("from".into(), json!({"as": "d0", "named": true, "subquery": inner.query}));
        format!("({inner_sql}) AS d0")
    } else {
        query.insert(
            "with".into(),
            json!({"recursive": false, "ctes": [{"name": "made", "query": inner.query}]}),
        );
        query.insert("from".into(), json!({"as": "d0", "named": true, "source": "made"}));
        "made AS d0".to_owned()
    };
    let filter = condition(dice, &sources, 1);
    query.insert("where".into(), json!([filter.0]));
    let with = query.contains_key("with");
    let parts = Parts {
        query,
        select: vec![integer(dice, &sources, 0), text(dice, &sources)],
        from,
        filter: Some(filter.1),
        group: Vec::new(),
        having: None,
        order: true,
    };
    let mut case = finish(dice, parts);
    if with {
        case.sql = format!("WITH made AS ({inner_sql}) {}", case.sql);
    }
    case
}
