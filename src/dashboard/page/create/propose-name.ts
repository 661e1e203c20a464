/** Longest `metadata.name` of a Connection. */
const longest = 63;

/** The object's name that goes with a code: lower case, dashes for what a name may not hold. Empty for an empty code. */
export function proposeName(code: string): string {
  return code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^-+|-+$/g, '');
}
