// Components of Vue and Svelte for esbuild: each compiled by its own compiler.
import { readFileSync } from "node:fs";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";

export const components = {
  name: "components",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { js } = compile(readFileSync(path, "utf8"), { filename: path, generate: "client", css: "injected" });
      return { contents: js.code, loader: "js" };
    });
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor, errors } = parse(readFileSync(path, "utf8"), { filename: path });
      if (errors.length > 0) throw errors[0];
      // The template becomes a function of the script: nothing is compiled in the page.
      const { content } = compileScript(descriptor, { id: path, inlineTemplate: true });
      return { contents: content, loader: "ts" };
    });
  },
};
