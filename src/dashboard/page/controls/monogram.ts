/** How many colours `.monogram-0` and so on there are in the style sheet. */
const colors = 8;

/** What stands for a connection without a picture. */
export interface Monogram {
  /** One or two letters. */
  readonly letters: string;
  /** Number of its colour: the same for the same code, whatever the label becomes. */
  readonly color: number;
}

export function buildMonogram(label: string, code: string): Monogram {
  const words = label.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = '?', second] = words;
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]];
  let hash = 0;
  for (const character of code) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return { letters: letters.join('').toUpperCase(), color: hash % colors };
}
