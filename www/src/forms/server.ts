import { load } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

// Written in Rust, and handed out by the server as a document.
const document = await fetch("/rules/signup.json");
const signup = load(await document.json());

const { form, show } = page("server");

bindForm(form, signup, {
  as: "signup",
  onChange: show,
  async onSubmit(_, { body }) {
    const answer = await fetch("/signups", { method: "POST", body });
    if (answer.ok) show(await answer.json());
    return answer;   // 422: its errors go to their fields
  },
});
