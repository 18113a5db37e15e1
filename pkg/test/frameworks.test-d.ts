import { embedsMany, schema, t } from "../src/index.js";
import { useForm } from "../src/react.js";
import { createForm } from "../src/svelte.js";
import { useForm as useVue } from "../src/vue.js";

// Forms know the fields and the children of their rules.

const Guest = schema.embedded({ name: t.string() });
const Party = schema("parties", { email: t.string(), guests: embedsMany(Guest) });
const party = Party.changeset((c) => c.cast("email"));

const form = useForm(party, { onSubmit: (changeset) => changeset.changes.email satisfies string | null | undefined });
form.field("email").input satisfies { readonly [property: string]: unknown };
form.children("guests").items[0]?.field("name").set("Ada");
// @ts-expect-error an email has no children
form.children("email");
useVue(party).value.children("guests").add();
createForm(party).subscribe((view) => view.changeset.changes.guests);
useForm(party, { checks: { email: async (_value, { signal }) => (signal.aborted ? null : "has already been taken") } });
// @ts-expect-error data of another schema
useForm(party, { data: { email: 1 } });
