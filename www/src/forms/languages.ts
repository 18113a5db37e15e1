import { schema, setTranslate, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { gettext } from "ectomorph/gettext";
import { page } from "./page.js";

const Profile = schema("profiles", {
  name: t.string(),
  bio: t.string(),
}, { name: "Profile" });

const profile = Profile.changeset((c) =>
  c.cast("name", "bio")
    .validateRequired("name")
    .validateLength("name", { min: 2 })
    .validateLength("bio", { min: 5 }));

const { form, show } = page("languages");
const binding = bindForm(form, profile, {
  onChange: show,
  onSubmit: (_, { params }) => show(params),
});

const language = form.querySelector("select");
language?.addEventListener("change", async () => {
  form.lang = language.value;
  if (form.lang === "en") {
    setTranslate(null);
  } else {
    const file = await fetch(`errors.${form.lang}.po`);
    setTranslate(gettext(await file.text()));
  }
  binding.refresh();
});
