/**
 * Which of `known` somebody probably meant: the one with the most pairs of neighbouring letters in common, less the
 * difference in length, as admission does for permissions. `undefined` when none has anything in common.
 */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  const pairs = [...word.slice(0, 64)].slice(1).map((letter, at) => `${word[at]}${letter}`);
  let best: { readonly name: string; readonly points: number } | undefined;
  for (const name of known) {
    const common = pairs.filter((pair) => name.includes(pair)).length;
    const points = 2 * common - Math.abs(name.length - word.length);
    if (common > 0 && (best === undefined || points > best.points)) best = { name, points };
  }
  return best?.name;
}
