// What is written in Ecto, and here. `pkg/test/switching.test.mjs` compiles and runs our side of every row.

/** Names are the same, in camel case where they are functions; fields keep theirs. */
export const code = [
  { theirs: `schema "users" do\n  field :name, :string\n  field :age, :integer, default: 0\n  timestamps()\nend`, ours: `const Person = schema("users", {\n  name: t.string(),\n  age: t.integer().default(0),\n}, { timestamps: true });` },
  { theirs: `field :plan, Ecto.Enum, values: [:free, :paid]`, ours: `const plan = t.enum("free", "paid");`, differs: "names are texts" },
  { theirs: `embeds_many :lines, Line, on_replace: :delete`, ours: `const lines = embedsMany(Line, { onReplace: "delete" });` },
  { theirs: `has_many :posts, Post`, ours: `const posts = hasMany(Post, { foreignKey: "user_id" });` },
  { theirs: `def changeset(user, params) do\n  user\n  |> cast(params, [:name, :email])\n  |> validate_required([:name])\nend`, ours: `const rules = User.changeset((c) =>\n  c.cast("name", "email").validateRequired("name"));`, differs: "recorded once, a value that can be sent; `rules(data, params)` applies it" },
  { theirs: `User.changeset(%User{}, params)`, ours: `registration(User.build(), params);` },
  { theirs: `validate_length(:bio, min: 2, max: 140)`, ours: `User.changeset((c) => c.cast("bio").validateLength("bio", { min: 2, max: 140 }));` },
  { theirs: `validate_format(:email, ~r/@/, message: "needs an @")`, ours: `User.changeset((c) => c.cast("email").validateFormat("email", /@/, { message: "needs an @" }));` },
  { theirs: `validate_number(:age, greater_than: 17)`, ours: `User.changeset((c) => c.cast("age").validateNumber("age", { greaterThan: 17 }));` },
  { theirs: `validate_inclusion(:age, 18..120)`, ours: `User.changeset((c) => c.cast("age").validateInclusion("age", { range: [18, 120] }));` },
  { theirs: `validate_change(:name, fn :name, name ->\n  if name == "root", do: [name: "is reserved"], else: []\nend)`, ours: `User.changeset((c) => c.cast("name")\n  .validateChange("name", "not_reserved", (_field, name) => name === "root" && "is reserved"));` },
  { theirs: `if get_field(changeset, :plan) == :paid,\n  do: validate_required(changeset, [:card]),\n  else: changeset`, ours: `User.changeset((c) => c.cast("plan", "card")\n  .when((o) => o.plan.eq("paid"), (c) => c.validateRequired("card")));`, differs: "a condition is data, not code" },
  { theirs: `cast_embed(:lines, with: &Line.changeset/2,\n  sort_param: :lines_sort, drop_param: :lines_drop)`, ours: `Order.changeset((c) => c.cast().castEmbed("lines", {\n  with: line, sortParam: "lines_sort", dropParam: "lines_drop",\n}));` },
  { theirs: `put_change(changeset, :name, "Ada")`, ours: `putChange(changeset, "name", "Ada");` },
  { theirs: `get_field(changeset, :name)`, ours: `getField(changeset, "name");` },
  { theirs: `add_error(changeset, :name, "is taken")`, ours: `addError(changeset, "name", "is taken");` },
  { theirs: `apply_action(changeset, :insert)`, ours: `applyAction(changeset, "insert");`, differs: "`{ ok: true, value }` or `{ ok: false, changeset }`" },
  { theirs: `traverse_errors(changeset, &translate_error/1)`, ours: `traverseErrors(changeset);`, differs: "translated by what `setTranslate` was given" },
  { theirs: `to_form(changeset, as: :user)`, ours: `form(changeset, { as: "user" });`, differs: "in a page, `bindForm` does what LiveView's forms do" },
  { theirs: `from(u in User, where: u.age > 17, select: u.email)\n|> Repo.all()`, ours: `const emails = await repo.all(from(User).where((u) => u.age.gt(17)).select((u) => u.email));`, needsRepo: true },
  { theirs: `Repo.insert(changeset)`, ours: `await repo.insert(changeset);`, needsRepo: true, differs: "an invalid changeset comes back as `{ ok: false, changeset }`" },
  { theirs: `Multi.new()\n|> Multi.insert(:user, changeset)\n|> Repo.transaction()`, ours: `await repo.transaction(multi().insert("user", changeset));`, needsRepo: true },
  { theirs: `create table(:users) do\n  add :name, :string\n  timestamps()\nend`, ours: `migration(20240101000000, "create_users", (m) =>\n  m.create("users", (t) => t.add("name", "string").timestamps()));`, needsRepo: true },
];
