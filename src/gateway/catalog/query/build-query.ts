/** Writes a query anew, its `?` included; empty without parameters. Commas and colons stay readable. */
export function buildQuery(parameters: Iterable<readonly [string, string]>): string {
  const pieces = [...parameters].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pieces.length === 0 ? '' : `?${pieces.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':');
}
