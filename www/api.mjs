// The reference: a page for each entry of the package, and one that lists every name. What they say is in the doc comments.
import { readApi } from "../pkg/api.mjs";
import { escaped } from "./include.mjs";

/** The pages, as texts that the layout goes around, by the names of their files. */
export function apiPages() {
  const api = readApi();
  return [["api.html", index(api)], ...api.map((entry) => [fileOf(entry.name), page(entry)])];
}

const fileOf = (entry) => `api-${entry.replace("ectomorph/", "").replaceAll("/", "-")}.html`;
const KINDS = [["function", "Functions"], ["value", "Values"], ["class", "Classes"], ["type", "Types"]];
const code = (text) => `<code>${escaped(text)}</code>`;

function index(api) {
  const rows = api.map(({ name, docs, exports }) => {
    const own = KINDS.flatMap(([kind]) => exports.filter((one) => one.home === name && one.kind === kind));
    const item = (text, hidden = "") => `<li${hidden}><a href="${fileOf(name)}#${text}">${text}</a></li>`;
    // Methods are found, but would be too many to read.
    const methods = own.flatMap((one) => one.members.filter(({ isMethod }) => isMethod && one.kind !== "type").map((member) => `${one.name}.${member.name}`));
    const names = [...own.map((one) => item(one.name)), ...methods.map((method) => item(method, ' class="method" hidden'))].join("\n");
    return `<section class="names">
<h2><a href="${fileOf(name)}">${name}</a></h2>
${prose(docs)}
<ul>
${names}
</ul>
</section>`;
  });
  return `title: API
description: Every export of every entry of the npm package.
layout: article
heading: API
lead: What the npm package exports, by entry. Made from its types and doc comments.
footer: This reference is generated from the sources whenever the site is built.

<script type="module" src="api.js"></script>
<p class="find"><label for="find">Find a name</label> <input id="find" type="search" autocomplete="off" spellcheck="false" aria-describedby="found"> <span id="found" class="hint" role="status"></span></p>
${rows.join("\n")}
`;
}

function page({ name, docs, exports }) {
  const own = exports.filter(({ home }) => home === name);
  const groups = KINDS.map(([kind, title]) => [title, own.filter((one) => one.kind === kind)]).filter(([, list]) => list.length > 0);
  const elsewhere = exports.filter(({ home }) => home !== name);
  const homes = [...new Set(elsewhere.map(({ home }) => home))];
  const also = homes.map((home) => {
    const links = elsewhere.filter((one) => one.home === home).map((one) => `<a id="${one.name}" href="${fileOf(home)}#${one.name}">${code(one.name)}</a>`);
    return `<h2 id="from-${fileOf(home).replace(".html", "")}">The same as in ${code(home)}</h2>\n<p class="also">${links.join(" ")}</p>`;
  });
  return `title: ${name}
description: ${oneLine(docs) || `What ${name} exports.`}
layout: article
nav: api
heading: ${name}
lead: ${oneLine(docs)}
footer: This reference is generated from the sources whenever the site is built.

<p><a href="api.html">All names</a></p>
${groups.map(([title, list]) => `<h2 id="all-${title.toLowerCase()}">${title}</h2>\n${list.map(shownExport).join("\n")}`).join("\n")}
${also.join("\n")}
`;
}

const oneLine = (text) => text.replaceAll("\n", " ").replaceAll("`", "");

function shownExport({ name, docs, signatures, members }) {
  const inner = members.map((member) => `<div class="member" id="${name}.${member.name}">
<pre class="code" tabindex="0" aria-label="${escaped(`${name}.${member.name}`)}">${escaped(member.signatures.join("\n"))}</pre>
${comment(member.docs)}
</div>`);
  return `<section class="export" aria-labelledby="${name}">
<h3 id="${name}"><a href="#${name}">${name}</a></h3>
<pre class="code" tabindex="0" aria-label="The signature of ${name}">${escaped(signatures.join("\n"))}</pre>
${comment(docs)}
${inner.join("\n")}
</section>`;
}

function comment({ text, parameters, examples, throws }) {
  return [
    prose(text),
    parameters.length > 0 ? `<ul>${parameters.map((parameter) => `<li>${named(parameter)}</li>`).join("")}</ul>` : "",
    ...throws.map((thrown) => `<p><b>Throws</b> ${inline(thrown)}</p>`),
    ...examples.map((example) => `<pre class="code example-code" tabindex="0" aria-label="An example">${escaped(example)}</pre>`),
  ].filter((part) => part !== "").join("\n");
}

/** A parameter, whose name comes first. */
function named(parameter) {
  const [, name, rest] = /^(\S+)\s*([^]*)$/.exec(parameter) ?? [];
  return `${code(name)} ${inline(rest.replace(/^- /, ""))}`;
}

function prose(text) {
  return text.split(/\n{2,}/).filter((part) => part.trim() !== "").map((part) => `<p>${inline(part)}</p>`).join("\n");
}

function inline(text) {
  return escaped(text.replaceAll("\n", " "))
    .replaceAll(/\[?`([^`]+)`\]?/g, "<code>$1</code>")
    .replaceAll(/https:\/\/[\w./-]+/g, (url) => `<a href="${url}">${url}</a>`);
}
