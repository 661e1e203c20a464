/**
 * Lines of a `.env` file: each key in capitals, everything but letters and digits as `_`. Values are quoted where a
 * shell or a dotenv library would read something else; several lines stay several lines, in quotes.
 */
export function formatEnv(texts: Readonly<Record<string, string>>, prefix: string): string {
  return Object.entries(texts)
    .map(([key, value]) => `${prefix}${buildName(key, prefix)}=${quote(value)}`)
    .join('\n');
}

function buildName(key: string, prefix: string): string {
  const name = key.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return prefix === '' && /^[0-9]/.test(name) ? `_${name}` : name;
}

function quote(value: string): string {
  if (/^[\w./:@%+,=-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}
