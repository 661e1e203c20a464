/**
 * Takes the braces off each `${NAME}` of a YAML text and puts two characters there that mean nothing to YAML, so that a
 * reference needs no quotes inside of `{ }` and `[ ]`, whose signs braces are. The number of lines stays.
 */
export function markReferences(source: string): string {
  return source.replace(/\$\{([-._A-Za-z0-9]+)\}/g, '\uE000$1\uE001');
}

/** The text as it was before `markReferences`. */
export function unmarkReferences(text: string): string {
  return text.replace(/\uE000([-._A-Za-z0-9]+)\uE001/g, (_, name: string) => `\${${name}}`);
}

/** The same for every key and value of a parsed document. */
export function unmarkDocument(document: unknown): unknown {
  if (typeof document === 'string') return unmarkReferences(document);
  if (Array.isArray(document)) return document.map(unmarkDocument);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [unmarkReferences(key), unmarkDocument(value)]),
  );
}
