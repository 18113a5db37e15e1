// Forms as frameworks show them: in Svelte's store, which needs no page; and what React and Vue make of the first view.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { createSSRApp, h } from "vue";
import { renderToString as renderVue } from "vue/server-renderer";
import { embedsMany, embedsOne, schema, t } from "ectomorph";
import { useForm as useReact } from "ectomorph/react";
import { createForm } from "ectomorph/svelte";
import { useForm as useVue } from "ectomorph/vue";

const Address = schema.embedded({ street: t.string() }, { primaryKey: false });
const Guest = schema.embedded({ name: t.string() });
const Party = schema("parties", {
  email: t.string(), vip: t.boolean(), note: t.string(),
  address: embedsOne(Address, { onReplace: "update" }), guests: embedsMany(Guest, { onReplace: "delete" }),
}, { name: "Party" });
const party = Party.changeset((c) =>
  c
    .cast("email", "vip", "note")
    .validateRequired("email")
    .validateFormat("email", /@/)
    .castEmbed("address", { with: (a) => a.cast("street").validateLength("street", { min: 3 }) })
    .castEmbed("guests", { with: (g) => g.cast("name").validateRequired("name"), sortParam: "guests_sort", dropParam: "guests_drop" }),
);

/** A form, and what is shown of it at each moment. */
function opened(options = {}) {
  const shown = { views: 0 };
  shown.release = createForm(party, options).subscribe((view) => {
    shown.view = view;
    shown.views++;
  });
  return shown;
}
const type = (field, value) => field.input.oninput({ target: { type: field.type, value, validity: {} } });
const leave = (field) => field.input.onblur({});
const messages = (part) => part.errors.map(({ message }) => message);
const settled = () => new Promise((done) => setTimeout(done, 5));

test("a field says what is wrong once it was left, with the rule that says so", () => {
  const form = opened();
  type(form.view.field("email"), "a");
  assert.deepEqual(messages(form.view.field("email")), []);
  leave(form.view.field("email"));
  assert.deepEqual(form.view.field("email").errors, [{ message: "has invalid format", rule: "format" }]);
  assert.equal(form.view.field("email").input["aria-describedby"], form.view.field("email").errorId);
  type(form.view.field("email"), "a@b");
  assert.deepEqual([messages(form.view.field("email")), form.view.valid, form.view.changeset.changes.email], [[], true, "a@b"]);
});

test("an input that was passed by is no input that was used", () => {
  const form = opened();
  leave(form.view.field("email"));
  assert.deepEqual(messages(form.view.field("email")), []);
});

test("boxes hold true and false, and what a browser can't read is wrong", () => {
  const form = opened();
  const vip = () => form.view.field("vip");
  assert.equal(vip().input.checked, false);
  vip().input.oninput({ target: { type: "checkbox", checked: true } });
  assert.equal(vip().input.checked, true);
  assert.equal(form.view.changeset.changes.vip, true);
  form.view.field("note").input.oninput({ target: { type: "number", value: "", validity: { badInput: true } } });
  assert.deepEqual([form.view.valid, messages(form.view.field("note"))], [false, []]);
  leave(form.view.field("note"));
  assert.deepEqual(form.view.field("note").errors, [{ message: "is invalid", rule: "cast" }]);
  assert.equal(String(form.view.field("note").input.value), "");
});

test("a form with an input that a browser can't read is not sent, wherever that is", async () => {
  let sent = 0;
  const form = opened({ onSubmit: () => void sent++ });
  type(form.view.field("email"), "a@b");
  const street = () => form.view.children("address").items[0].field("street");
  street().input.oninput({ target: { type: "number", value: "", validity: { badInput: true } } });
  assert.equal(form.view.valid, false);
  assert.equal(await form.view.submit(), false);
  assert.deepEqual(messages(street()), ["is invalid"]);
  type(street(), "Elm Street");
  assert.equal(await form.view.submit(), true);
  assert.equal(sent, 1);
});

test("children of the data keep their keys when they are moved, changed and removed", async () => {
  const guests = ["Ada", "Bob", "Cid"].map((name, index) => ({ id: `0194e9a0-0000-7000-8000-00000000000${index}`, name }));
  const sent = [];
  const form = opened({
    data: Party.loaded({ id: 1, email: "a@b", address: { street: "Elm" }, guests }),
    onSubmit: (changeset, { params }) => void sent.push([changeset, params]),
  });
  const items = () => form.view.children("guests").items;
  assert.deepEqual(form.view.changeset.changes, {});
  assert.deepEqual(items().map((guest) => guest.field("name").value), ["Ada", "Bob", "Cid"]);
  const bob = items()[1];
  bob.up();
  type(items()[0].field("name"), "Bobby");
  items()[2].remove();
  form.view.children("guests").add();
  type(items()[2].field("name"), "Dan");
  assert.deepEqual(items().map((guest) => guest.field("name").value), ["Bobby", "Ada", "Dan"]);
  assert.equal(items()[0].key, bob.key);
  assert.deepEqual(items().map((guest) => guest.field("name").name), [0, 1, 2].map((at) => `party[guests][${at}][name]`));
  assert.equal(await form.view.submit(), true);
  assert.equal(form.view.sent, true);
  const [[changeset, params]] = sent;
  assert.deepEqual(changeset.changes.guests.map(({ action, changes }) => [action, changes.name]), [["replace", undefined], ["update", "Bobby"], ["update", undefined], ["insert", "Dan"]]);
  assert.deepEqual(params.guests_sort, ["1", "0", "3"]);
});

test("one child is changed in place", () => {
  const form = opened({ data: Party.loaded({ id: 1, email: "a@b", address: { street: "Elm" }, guests: [] }) });
  const [address] = form.view.children("address").items;
  type(address.field("street"), "Oak Street");
  assert.equal(form.view.changeset.changes.address.changes.street, "Oak Street");
  type(form.view.children("address").items[0].field("street"), "x");
  assert.equal(form.view.valid, false);
});

test("what a server refuses lands on its fields, those of children too, until they change", async () => {
  const answers = [
    new Response(JSON.stringify({ errors: { email: ["has already been taken"], guests: [{}, { name: ["is not invited"] }], ghost: ["is odd"] } }), { status: 422 }),
    { ok: false, changeset: party(Party.build(), {}) },
    undefined,
  ];
  const form = opened({ onSubmit: () => answers.shift() });
  type(form.view.field("email"), "a@b");
  for (const name of ["Ada", "Bob"]) {
    form.view.children("guests").add();
    type(form.view.children("guests").items.at(-1).field("name"), name);
  }
  assert.equal(await form.view.submit(), false);
  const guest = () => form.view.children("guests").items[1].field("name");
  assert.deepEqual([messages(form.view.field("email")), messages(guest()), messages(form.view)], [["has already been taken"], ["is not invited"], ["ghost is odd"]]);
  type(guest(), "Bo");
  assert.deepEqual([messages(form.view.field("email")), messages(guest())], [["has already been taken"], []]);
  assert.equal(await form.view.submit(), false);
  assert.deepEqual(messages(form.view.field("email")), ["can't be blank"]);
  assert.equal(await form.view.submit(), true);
});

test("a check asks once for a value that the rules accept, and is called off when it changes", async () => {
  const asked = [];
  let sent = 0;
  const check = (value, { signal }) =>
    new Promise((answer, fail) => {
      asked.push(value);
      signal.addEventListener("abort", () => fail(new Error("called off")));
      setTimeout(() => answer(value === "taken@b" ? "has already been taken" : null), 2);
    });
  const form = opened({ checks: { email: check }, onSubmit: () => void sent++ });
  const email = () => form.view.field("email");
  type(email(), "x");
  leave(email());
  assert.deepEqual(asked, []);
  type(email(), "slow@b");
  leave(email());
  type(email(), "taken@b");
  leave(email());
  leave(email());
  await settled();
  assert.deepEqual(asked, ["slow@b", "taken@b"]);
  assert.deepEqual(messages(email()), ["has already been taken"]);
  assert.equal(await form.view.submit(), false);
  assert.equal(sent, 0);
  type(email(), "free@b");
  assert.deepEqual(messages(email()), []);
  assert.equal(await form.view.submit(), true);
  assert.equal(sent, 1);
});

test("what a check said is said again of a form that could not be sent", async () => {
  const form = opened({ checks: { email: async () => "has already been taken" } });
  const email = () => form.view.field("email");
  type(email(), "taken@b");
  leave(email());
  await settled();
  assert.deepEqual(messages(email()), ["has already been taken"]);
  form.view.field("note").input.oninput({ target: { type: "number", value: "", validity: { badInput: true } } });
  assert.equal(await form.view.submit(), false);
  leave(email());
  await settled();
  assert.deepEqual(messages(email()), ["has already been taken"]);
});

test("what is typed while checks are asked before sending is asked about, too", async () => {
  const asked = [];
  const sent = [];
  const check = (value) => new Promise((answer) => setTimeout(answer, 4, void asked.push(value)));
  const form = opened({ checks: { email: check }, onSubmit: (_, { params }) => void sent.push(params.email) });
  const email = () => form.view.field("email");
  type(email(), "a@b");
  const first = form.view.submit();
  type(email(), "c@d");
  assert.equal(await first, true);
  assert.deepEqual([asked, sent], [["a@b", "c@d"], ["c@d"]]);
  const second = form.view.submit();
  type(email(), "none");
  assert.equal(await second, false);
  assert.deepEqual([asked, sent], [["a@b", "c@d", "c@d"], ["c@d"]]);
});

test("a form that is being sent is not sent again, and begins anew when it is reset", async () => {
  let sent = 0;
  const form = opened({ onSubmit: () => new Promise((done) => setTimeout(done, 2, void sent++)) });
  assert.equal(await form.view.submit(), false);
  type(form.view.field("email"), "a@b");
  const results = await Promise.all([form.view.submit(), form.view.submit()]);
  assert.deepEqual([results, sent], [[true, false], 1]);
  form.view.reset();
  assert.deepEqual([form.view.field("email").value, form.view.submitted, form.view.changeset.changes], ["", false, {}]);
});

test("who does not listen any more is told nothing", () => {
  const form = opened();
  const { views, view } = form;
  form.release();
  type(view.field("email"), "a");
  assert.equal(form.views, views);
});

test("React and Vue render the form on a server", async () => {
  const Field = () => {
    const form = useReact(party, { id: "party" });
    return createElement("form", form.props, createElement("input", form.field("email").input));
  };
  const html = renderToString(createElement(Field));
  assert.match(html, /<form id="party" noValidate=""/i);
  assert.match(html, /<input id="party_email" type="text" required=""[^>]* name="party\[email\]" value=""/);
  const app = createSSRApp({
    setup() {
      const form = useVue(party);
      return () => h("form", form.value.props, [h("input", form.value.field("email").input)]);
    },
  });
  assert.match(await renderVue(app), /<input id="party_email" name="party\[email\]" type="text"[^>]* required/);
});

test("each costs little more than two kilobytes beside a form's description", async () => {
  const size = async (contents) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) }, bundle: true, minify: true, format: "esm", write: false,
      conditions: ["browser"], external: ["react", "vue"], logLevel: "error",
    });
    return gzipSync(outputFiles[0].contents, { level: 9 }).length;
  };
  const core = `export { schema, t, traverseErrors } from "ectomorph"; export { form } from "ectomorph/form";`;
  const before = await size(core);
  const sizes = {};
  for (const [name, exported] of [["react", "useForm"], ["vue", "useForm"], ["svelte", "createForm"]]) {
    sizes[name] = (await size(`${core} export { ${exported} } from "ectomorph/${name}";`)) - before;
  }
  assert.ok(Object.values(sizes).every((bytes) => bytes > 100 && bytes < 2600), JSON.stringify(sizes));
});
