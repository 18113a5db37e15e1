// What the compiler must know of forms.
import { load, schema, t } from "../src/index.js";
import { type Binding, bindForm, form } from "../src/form/index.js";

const Post = schema("posts", { title: t.string(), likes: t.integer() });
const draft = Post.changeset((c) => c.cast("title", "likes"));
declare const element: HTMLFormElement;

const binding = bindForm(element, draft, {
  data: Post.build({ title: "Hello" }),
  onChange: (changeset, { fields }) => {
    const likes: number | null | undefined = changeset.changes.likes;
    const errors: readonly { readonly message: string }[] | undefined = fields["likes"]?.errors;
    return [likes, errors] as never;
  },
  onSubmit: (changeset, { body }) => {
    // @ts-expect-error: no field of that name
    changeset.changes.lieks;
    return fetch("/posts", { method: "POST", body });
  },
});
const title: string | null | undefined = binding.changeset.changes.title;
void title;

// @ts-expect-error: a form is not a div
bindForm(document.createElement("div"), draft);
// @ts-expect-error: an option that there is not
bindForm(element, draft, { onSumbit: () => undefined });
// @ts-expect-error: data of another schema
bindForm(element, draft, { data: { name: "Ada" } });
// @ts-expect-error: rules of another schema
binding.use(schema("users", { name: t.string() }).changeset((c) => c.cast("name")));
// @ts-expect-error: a name is text
form(draft(Post.build()), { as: 3 });

const same: Binding<(typeof Post)["~fields"]> = binding;
void same;

// What a page has at hand: a form that may not be there, rules that `json()` gave.
declare const response: Response;
bindForm(document.querySelector("form"), load(await response.json()));
