import { type Infer, schema, t } from "ectomorph";

export const Account = schema(
  "accounts",
  {
    type: t.string(),
    active: t.boolean().default(false),
    score: t.float(),
    balance: t.decimal(),
    extra: t.map(),
    born_on: t.date(),
    wakes_at: t.time(),
    wakes_exactly_at: t.timeUsec(),
    seen_at: t.naiveDatetime(),
    seen_exactly_at: t.naiveDatetimeUsec(),
    paid_at: t.utcDatetime(),
    paid_exactly_at: t.utcDatetimeUsec(),
    token: t.uuid(),
    avatar: t.binary(),
    devices: t.array(t.uuid()),
    user_id: t.binaryId(),
  },
  { name: "Account", prefix: "bank", primaryKey: { type: t.binaryId(), autogenerate: true }, timestamps: { type: t.utcDatetimeUsec() } },
);
export type Account = Infer<typeof Account>;

/** The rules of a changeset. */
export const accountChangeset = Account.changeset((c) =>
  c.cast("type", "active", "score", "balance", "extra", "born_on", "wakes_at", "wakes_exactly_at", "seen_at", "seen_exactly_at", "paid_at", "paid_exactly_at", "token", "avatar", "devices")
    .validateRequired("type", "score", "balance", "born_on", "wakes_at", "wakes_exactly_at", "seen_at", "seen_exactly_at", "paid_at", "paid_exactly_at", "token", "avatar")
    .uniqueConstraint("token")
    .uniqueConstraint("user_id"),
);
