// .po files: those that Rust's tests read, and wrong ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { schema, setTranslate, t, traverseErrors } from "ectomorph";
import { gettext } from "ectomorph/gettext";

const po = (language) => readFileSync(new URL(`../../src/messages/tests/errors.${language}.po`, import.meta.url), "utf8");
afterEach(() => setTranslate(null));

test("the catalog of a Phoenix project translates the errors of a changeset", () => {
  const User = schema("users", { name: t.string(), age: t.integer(), tags: t.array(t.string()) });
  const rules = User.changeset((c) =>
    c.cast("name", "age", "tags").validateRequired("age").validateLength("name", { min: 8 }).validateLength("tags", { max: 1 }));
  setTranslate(gettext(po("de")));
  assert.deepEqual(traverseErrors(rules(User.build(), { name: "Ada", tags: ["a", "b"] })), {
    age: ["muss ausgefüllt werden"],
    name: ["muss mindestens 8 Zeichen lang sein"],
    tags: ["darf höchstens ein Element haben"],
  });
});

test("plural forms are those of the language", () => {
  const counted = (language, message, counts) => counts.map((count) => gettext(po(language))(message, { count }));
  assert.deepEqual(counted("de", "should be at least %{count} character(s)", [0, 1, 2]), [
    "muss mindestens 0 Zeichen lang sein", "muss mindestens ein Zeichen lang sein", "muss mindestens 2 Zeichen lang sein",
  ]);
  assert.deepEqual(counted("pl", "should have at most %{count} item(s)", [1, 3, 5, 12, 22]), [
    "powinno mieć co najwyżej 1 element", "powinno mieć co najwyżej 3 elementy", "powinno mieć co najwyżej 5 elementów",
    "powinno mieć co najwyżej 12 elementów", "powinno mieć co najwyżej 22 elementy",
  ]);
  assert.deepEqual(counted("ja", "should be %{count} character(s)", [1, 5]), ["は1文字にしてください", "は5文字にしてください"]);
});

test("operators of plural forms bind as in C, and make no code", () => {
  const form = (expression) => {
    const forms = Array.from({ length: 16 }, (_, at) => `msgstr[${at}] "${at}"`).join("\n");
    return gettext(`msgid ""\nmsgstr "Plural-Forms: nplurals=16; plural=${expression};\\n"\n\nmsgid "x"\nmsgid_plural "x"\n${forms}\n`)("x", { count: 10 });
  };
  for (const [expression, expected] of [
    ["1 + 2 * 3", "7"], ["(1 + 2) * 3", "9"], ["9 - 4 - 3", "2"], ["12 / 2 / 3", "2"], ["1 || 0 && 0", "1"], ["1 < 2 == 1", "1"],
    ["1 ? 2 : 0 ? 3 : 4", "2"], ["0 ? 2 : 0 ? 3 : 4", "4"], ["!1 + 1", "1"], ["!!7", "1"], ["!!!7", "0"], ["n != 0 && 25 / (n + 1)", "1"],
  ]) assert.equal(form(expression), expected, expression);
  for (const [expression, expected] of [
    ["n", /beyond nplurals/], ["1/n", /beyond nplurals/], ["(n>1", /"\(" without/], ["n>1 ? 1", /"\?" without/], ["x", /know n/],
    ["alert(1)", /know n/], ["(".repeat(1000), /nested too deep/], ["0" + "*0".repeat(1000), /too long/],
  ]) assert.throws(() => form(expression), (error) => error.name === "EctomorphError" && expected.test(error.message), expression);
});

test("texts go on over lines, have escapes, and are left aside if nobody approved them or they are of another context", () => {
  const words = gettext(`\ufeff# a comment
msgid ""
msgstr ""
"Language: xx\\n"

msgid "is "
"invalid"
msgstr "ist \\"falsch\\"\\t"
"(%{what})"

#, fuzzy
msgid "is stale"
msgstr "ist alt"
msgctxt "other"
msgid "is reserved"
msgstr "ist vergeben"
#~ msgid "gone"
#~ msgstr "weg"

msgid "empty"
msgstr ""
`);
  assert.equal(words("is invalid", { what: 1 }), 'ist "falsch"\t(1)');
  assert.equal(words("is stale", {}), "is stale");
  assert.equal(words("is reserved", {}), "is reserved");
  assert.equal(words("empty %{count}", { count: 2 }), "empty 2");
  assert.equal(words("empty", {}), "empty");
});

test("a file that is none says in which line", () => {
  for (const [file, expected] of [
    ["<html>", /line 1 .* is no `msgid`/],
    ['msgid "a"\nmsgstr "b', /line 2 /],
    ['msgid "a"\nmsgid "b"', /line 2 .* comes before the `msgstr`/],
    ['msgstr "b"', /line 1 .* translates nothing/],
    ['"b"', /line 1 .* goes on with nothing/],
    ["x".repeat(5_000_000), /too large/],
  ]) assert.throws(() => gettext(file), (error) => error.name === "EctomorphError" && expected.test(error.message));
});
