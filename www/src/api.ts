// The list of names in the reference: shows those that somebody looks for.
import { byId, counted } from "./element.js";

const find = byId<HTMLInputElement>("find");
const found = byId("found");
const sections = [...document.querySelectorAll<HTMLElement>(".names")];

function look(): void {
  const wanted = find.value.trim().toLowerCase();
  let count = 0;
  for (const section of sections) {
    const names = [...section.querySelectorAll<HTMLElement>("li")];
    for (const name of names) {
      const isMeant = wanted !== "" || !name.matches(".method");
      name.hidden = !isMeant || !name.textContent?.toLowerCase().includes(wanted);
    }
    const left = names.filter((name) => !name.hidden).length;
    section.hidden = left === 0;
    count += left;
  }
  found.textContent = wanted === "" ? "" : counted(count, "name");
}

find.addEventListener("input", look);
// What was typed before the page was left.
look();
