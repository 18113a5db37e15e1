// The same form three times, each in its framework.
import { mount as mountSvelte } from "svelte";
import { createApp } from "vue";
import { mount as mountReact } from "./React.js";
import SvelteForm from "./Svelte.svelte";
import VueForm from "./Vue.vue";
import { byId } from "../element.js";

mountReact(byId("react"));
createApp(VueForm).mount(byId("vue"));
mountSvelte(SvelteForm, { target: byId("svelte") });
