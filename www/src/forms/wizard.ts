import { schema, t, traverseErrors } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

const Application = schema("applications", {
  name: t.string(),
  email: t.string(),
  role: t.string(),
  years: t.integer(),
}, { name: "Application" });

const apply = Application.changeset((c) =>
  c.cast("name", "email", "role", "years")
    .validateRequired("name", "email", "role")
    .validateFormat("email", /@/)
    .validateNumber("years", { greaterThanOrEqualTo: 0 })
    .validateAcceptance("terms"));

const { form, show } = page("wizard");
const binding = bindForm(form, apply, {
  onChange: show,
  onSubmit: (_, { params }) => show(params),
});

const fields = [["name", "email"], ["role", "years"], ["terms"]];
const steps = [...form.querySelectorAll("fieldset")];
const open = (at = 0) =>
  steps.forEach((step, index) => (step.hidden = index !== at));

steps.forEach((step, at) => {
  const back = step.querySelector("[data-back]");
  const next = step.querySelector("[data-next]");
  back?.addEventListener("click", () => open(at - 1));
  next?.addEventListener("click", () => {
    // As if a person had been in each of them: their messages show.
    for (const input of step.querySelectorAll("input")) {
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const errors = traverseErrors(binding.changeset);
    if (!fields[at]?.some((field) => field in errors)) open(at + 1);
  });
});
open();
