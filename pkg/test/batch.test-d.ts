// Records of a batch have the types of their schema, and what is no rules, row or option is refused.
import { type Infer, schema, t } from "ectomorph";
import { type Batch, type RowError, castAll, castAllStream, castCsv, castCsvStream } from "ectomorph/batch";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>(): void => undefined;

const User = schema("users", { name: t.string(), role: t.enum("admin", "guest"), age: t.integer() });
const registration = User.changeset((c) => c.cast("name", "role", "age"));

const batch = castAll(registration, [{ name: "Ada" }]);
is<Same<(typeof batch.values)[number], Infer<typeof User>>>();
is<Same<(typeof batch)["errors"], readonly RowError[]>>();
for (const result of batch) {
  if (result.ok) is<Same<typeof result.value, Infer<typeof User>>>();
  else is<Same<typeof result.errors, readonly RowError[]>>();
  // @ts-expect-error not known before `ok` is
  result.value;
}

const csv = castCsv(registration, new Uint8Array(), { columns: { Name: "name", Note: null }, delimiter: ";", header: ["Name"] });
is<Same<typeof csv.values, typeof batch.values>>();

async function streams(file: File): Promise<void> {
  for await (const each of castCsvStream(registration, file, { signal: AbortSignal.timeout(1000), onProgress: ({ rows, bytes, total }) => rows + bytes + (total ?? 0) })) {
    is<Same<typeof each.values, typeof batch.values>>();
  }
  for await (const each of castAllStream(registration, [{}])) is<Same<typeof each, typeof batch>>();
  for await (const each of castCsvStream(registration, fetch("/users.csv").then((response) => response.body ?? ""))) is<Same<typeof each, typeof batch>>();
}

export const any: Batch = batch;
export const used = streams;

// @ts-expect-error a schema is no rules
castAll(User, []);
// @ts-expect-error rows are a list
castAll(registration, { name: "Ada" });
// @ts-expect-error a file must be streamed
castCsv(registration, new Blob([]));
// @ts-expect-error no such option
castCsv(registration, "", { separator: ";" });
// @ts-expect-error columns go to params by name
castCsv(registration, "", { columns: { Name: 1 } });
