import { applyAction, load, type Rules } from "../src/index.js";
import type { User } from "./generated/types.js";
import type { RulesByName, UserFields } from "./generated/types.js";
import { User as UserSchema, userChangeset } from "./generated/user.js";
import type { Infer } from "../src/index.js";

// What generators write, used as its readers would: the files themselves are compiled with this one.

declare const rules: RulesByName;
const registration: Rules<UserFields> = rules.user;
const changeset = registration({}, { email: "ada@example.com" });
const role: "admin" | "user" | null | undefined = changeset.changes.role;

// The types of a document are those of the schema in TypeScript.
declare const generated: User;
const written: Infer<typeof UserSchema> = generated;
const back: User = written;

// What the rules require is there in what they let through; the rest may be null.
type Let = Infer<RulesByName["user"]>;
declare const kept: Let;
const email: string = kept.email;
const written_role: "admin" | "user" = kept.role;
// @ts-expect-error: nothing requires tags
const tags: readonly string[] = kept.tags;
const applied = applyAction(rules.user({}, {}), "insert");
if (applied.ok) applied.value.email satisfies string;
const loaded = load<RulesByName>({} as never).user;
loaded satisfies RulesByName["user"];
// The same as of the rules in TypeScript.
const same: Infer<typeof userChangeset> = kept;
const conversely: Let = same;

// @ts-expect-error: a record has no such field
generated.nickname;
// @ts-expect-error: not one of the words
userChangeset(UserSchema.build({ role: "guest" }), {});

export { back, conversely, email, load, role, tags, written_role };
