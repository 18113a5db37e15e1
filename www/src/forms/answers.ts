import { schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

const Account = schema("accounts", {
  username: t.string(),
  invitation: t.string(),
}, { name: "Account" });

const opening = Account.changeset((c) =>
  c.cast("username", "invitation").validateRequired("username"));

const { form, show } = page("answers");

bindForm(form, opening, {
  onChange: show,
  async onSubmit() {
    // What some server of yours says, in words of its own.
    const violations = [
      { path: "username", text: "is taken" },
      { path: "quota", text: "is used up for today" },
    ];
    const errors = violations.map(({ path, text }) => [path, [text]]);
    return { errors: Object.fromEntries(errors) };
  },
});
