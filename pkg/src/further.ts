import { giveFurther } from "./fast-module.js";
import { lookFurther } from "./look-further.js";
import { furtherNow } from "#further";

/**
 * Brings the second part of the small engine: decimals, calendar values, UUIDs, lists, maps and relations. A page whose
 * rules have none of them never names this function, so that bundlers leave the part out.
 */
export function further<T>(asked: T): T {
  giveFurther(furtherNow);
  lookFurther();
  return asked;
}
