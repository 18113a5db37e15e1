/** A float as Elixir writes it: always with a point; scientific where that is shorter, or digits would be made up. */
export function floatText(value: number): string {
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e") as [string, string];
  const digits = mantissa.replace(".", "");
  const power = Number(exponent);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const scientific = `${digits[0]}.${digits.slice(1) || "0"}e${power}`;
  const positional =
    power < 0 ? `0.${"0".repeat(-power - 1)}${digits}`
    : `${digits.slice(0, power + 1).padEnd(power + 1, "0")}.${digits.slice(power + 1) || "0"}`;
  const exact = Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return sign + (exact && positional.length <= scientific.length ? positional : scientific);
}
