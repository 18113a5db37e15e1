// The statements of the peers that take SQL.

export const COLUMNS = ["id", "name", "email", "age", "balance", "inserted_at"];

export const TABLES = [
  `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER, balance DOUBLE PRECISION, inserted_at TEXT)`,
  `CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER, amount DOUBLE PRECISION)`,
  `CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT, team INTEGER)`,
  `CREATE UNIQUE INDEX members_email ON members (email)`,
  `CREATE INDEX members_team ON members (team)`,
];

/** The statements, with the placeholders that `at` writes. */
export function statements(at) {
  return {
    insertUser: `INSERT INTO users VALUES (${COLUMNS.map((_, index) => at(index + 1)).join(", ")})`,
    insertOrder: `INSERT INTO orders VALUES (${at(1)}, ${at(2)}, ${at(3)})`,
    insertMember: `INSERT INTO members VALUES (${at(1)}, ${at(2)}, ${at(3)})`,
    count: "SELECT count(*) AS count FROM users",
    get: `SELECT * FROM users WHERE id = ${at(1)}`,
    getMember: `SELECT * FROM members WHERE id = ${at(1)}`,
    ofAge: `SELECT * FROM users WHERE age = ${at(1)}`,
    membersOf: `SELECT * FROM members WHERE team = ${at(1)}`,
    indexAge: "CREATE INDEX users_age ON users (age)",
    topByName: `SELECT * FROM users WHERE balance > ${at(1)} ORDER BY name LIMIT ${at(2)}`,
    countByAge: "SELECT age, count(*) AS count FROM users GROUP BY age",
    ordersWithNames: "SELECT o.id AS id, o.amount AS amount, u.name AS name FROM orders o INNER JOIN users u ON u.id = o.user_id",
    setBalance: `UPDATE users SET balance = ${at(1)} WHERE id = ${at(2)}`,
    raiseBalances: `UPDATE users SET balance = balance + 1 WHERE age < ${at(1)}`,
    deleteBehind: `DELETE FROM users WHERE id > ${at(1)}`,
    deleteOlderThan: `DELETE FROM users WHERE age >= ${at(1)}`,
  };
}

export const userRow = (user) => COLUMNS.map((column) => user[column]);
export const orderRow = (order) => [order.id, order.user_id, order.amount];
const memberRow = (member) => [member.id, member.email, member.team];

/** What the tasks call, of a peer that gives `all(statement, ...params)` and `write(statement, params)`, both at once or both later. */
export function database(all, write) {
  return {
    insert: (user) => write("insertUser", userRow(user)),
    count: () => first(all("count"), (row) => row.count),
    get: (id) => first(all("get", id), (row) => row),
    ofAge: (age) => all("ofAge", age),
    topByName: (balance, limit) => all("topByName", balance, limit),
    countByAge: () => all("countByAge"),
    ordersWithNames: () => all("ordersWithNames"),
    setBalance: (id, balance) => write("setBalance", [balance, id]),
    raiseBalances: (age) => write("raiseBalances", [age]),
    deleteBehind: (id) => write("deleteBehind", [id]),
    deleteOlderThan: (age) => write("deleteOlderThan", [age]),
    insertMember: (member) => write("insertMember", memberRow(member)),
    getMember: (id) => first(all("getMember", id), (row) => row),
    membersOf: (team) => all("membersOf", team),
  };
}

// Peers that answer at once are not made to wait: that would be measured too.
const first = (rows, pick) => (rows instanceof Promise ? rows.then(([row]) => pick(row)) : pick(rows[0]));

/** `all` of a peer whose statements are stepped through: `rowOf` makes an object of where it stands. */
export const stepping = (prepare, rowOf) => (key, ...params) => {
  const statement = prepare(key);
  if (params.length > 0) statement.bind(params);
  const rows = [];
  while (statement.step()) rows.push(rowOf(statement));
  statement.reset();
  return rows;
};
