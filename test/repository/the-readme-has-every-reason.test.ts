import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reasons } from '../../src/api/reasons.ts';

test('the table of reasons in the README is the one of the programs', () => {
  const rows = readFileSync('README.md', 'utf8').split('\n');
  const wanted = Object.entries(reasons).map(
    ([reason, { status, beside, meaning }]) => `| \`${reason}\` | ${status} | ${beside ?? ''} | ${meaning} |`,
  );
  expect(rows.filter((row) => /^\| `[A-Z]/.test(row))).toEqual(wanted);
});
