// Patterns in the package: what the native engine refuses is refused here, by the same name. No Node imports, so that
// it runs in a page as well.

/** The differences, as text: `refused` is tests/patterns/refused.json. */
export function refusals({ load }, refused) {
  const differences = [];
  for (const [source, flags, construct] of refused) {
    const pattern = flags === "" ? { $regex: source } : { $regex: source, flags };
    const document = {
      version: 1,
      schema: { name: "User", source: "users", fields: { email: "string" } },
      steps: [["cast", ["email"]], ["validate_format", "email", pattern]],
    };
    try {
      load(document);
      differences.push(`/${source}/${flags} is accepted; natively it is refused as ${construct}`);
    } catch (error) {
      if (!error.message.includes(construct)) differences.push(`/${source}/${flags}: ${error.message}; not ${construct}`);
    }
  }
  return differences;
}
