import { schema, setTranslate, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { gettext } from "ectomorph/gettext";
import { page } from "./page.js";

const Profile = schema("profiles", { name: t.string(), bio: t.string() }, { name: "Profile" });

const profile = Profile.changeset((c) =>
  c.cast("name", "bio").validateRequired("name").validateLength("name", { min: 2 }).validateLength("bio", { min: 5 }));

const { form, show } = page("languages");
const binding = bindForm(form, profile, { onChange: show, onSubmit: (_, { params }) => show(params) });

const language = form.querySelector("select");
language?.addEventListener("change", async () => {
  const file = language.value && (await (await fetch(`errors.${language.value}.po`)).text());
  setTranslate(file ? gettext(file) : null);
  form.lang = language.value || "en";
  binding.refresh();
});
