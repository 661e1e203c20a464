const shortest = 3;
const longest = 100;

/**
 * The code that a form or command line proposes for a label: each character but `[A-Za-z0-9_]` becomes `_`, as in the
 * PIM's own form. It has 3 to 100 characters: cut at the end, or filled with `_`. Empty for a blank label, which
 * proposes nothing.
 */
export function proposeCode(label: string): string {
  const characters = [...label.trim()];
  if (characters.length === 0) return '';
  const code = characters.map((character) => (/^\w$/.test(character) ? character : '_')).join('');
  return code.slice(0, longest).padEnd(shortest, '_');
}
