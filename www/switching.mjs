// The page for those who come from elsewhere: tables whose rows are data, so that a test runs what they show.
import { escaped } from "./include.mjs";
import { code as ectoCode } from "./switching/ecto.mjs";
import { code as yupCode, fields as yupFields } from "./switching/yup.mjs";
import { code as zodCode, fields as zodFields } from "./switching/zod.mjs";

const LIBRARIES = [
  {
    id: "zod", title: "From zod", theirs: "zod",
    text: "A zod schema is type and rules in one. Here a schema has types alone, and each form has rules of its own. Params are cast, as with <code>z.coerce</code>: what forms send is text. The rows are about a field <code>x</code> that is cast.",
    fields: zodFields, code: zodCode,
  },
  {
    id: "yup", title: "From yup", theirs: "yup",
    text: "yup casts and checks as well, but throws what it finds, and waits for it. Here a changeset has all of it at once.",
    fields: yupFields, code: yupCode,
  },
  {
    id: "ecto", title: "From Ecto", theirs: "Ecto",
    text: "The words are Ecto's and the answers are, too: more than ten thousand recorded cases say so. What Elixir writes with an underscore has a capital here; fields keep their names.",
    fields: [], code: ectoCode,
  },
];

/** The page, as a text that the layout goes around. */
export function switchingPage() {
  return `title: From zod, yup and Ecto
description: What is written in zod, yup and Ecto, what is written here, and what differs.
layout: article
nav: recipes
heading: From zod, yup and Ecto
lead: What you write there, what you write here, and what differs. A test runs both sides of each field on the same values, and all of our code.
footer: The rows of these tables are run by the package's tests.

${LIBRARIES.map(section).join("\n")}
`;
}

function section({ id, title, theirs, text, fields, code }) {
  return `<h2 id="${id}">${title}</h2>
<p>${text}</p>
<table class="switching">
<thead><tr><th scope="col">${theirs}</th><th scope="col">ectomorph</th><th scope="col">What differs</th></tr></thead>
<tbody>
${[...fields.map((row) => ({ ...row, ours: oursOf(row) })), ...code].map(line).join("\n")}
</tbody>
</table>`;
}

/** A field, and what the rules have beside its cast. */
function oursOf({ field, rules }) {
  return rules === undefined ? `x: ${field}` : `x: ${field}\n${rules}`;
}

function line({ theirs, ours, differs = "" }) {
  const said = escaped(differs).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
  return `<tr><td><pre>${escaped(theirs)}</pre></td><td><pre>${escaped(ours)}</pre></td><td>${said}</td></tr>`;
}
