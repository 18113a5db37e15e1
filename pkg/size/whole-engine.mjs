// A page that asks for the whole engine, which is then loaded as a script of its own.
import { ready } from "ectomorph";

await ready();
