const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Time between two moments in one unit, as kubectl shows ages: `3d`, `5h`, `12m`, `7s`. */
export function formatAge(from: string, now: number): string {
  const age = Math.max(0, now - Date.parse(from));
  const [unit, length] = units.find(([, each]) => age >= 2 * each) ?? ['s', 1_000];
  return `${Math.floor(age / length)}${unit}`;
}
