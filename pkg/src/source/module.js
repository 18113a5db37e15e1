// The artifacts as modules that the host compiles, for workers that compile no bytes while they run.
import fast from "#fast-module";
import whole from "#whole-module";
import { wholeOf } from "#whole";
import { start } from "./glue.js";

export const hint = "";

export const fastNow = () => fast;

export const wholeNow = () => wholeOf(start(whole));

export const wholeLater = async () => wholeNow();
