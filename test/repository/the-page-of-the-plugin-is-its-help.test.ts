import { expect, test } from 'vitest';
import { buildPage } from '../../src/cli/build-page.ts';
import { commands } from '../../src/cli/commands.ts';
import { readFile } from './read-tracked-files.ts';

test('docs/kubectl-connection.md is what npm run generate writes', () => {
  expect(readFile('docs/kubectl-connection.md')).toBe(buildPage(commands));
});

test('every command that users can rely on is there', () => {
  const names = commands.map(({ name }) => name);
  const promised = 'create list describe credentials rotate revoke suspend resume usage can-i validate create-client';
  for (const name of promised.split(' ')) expect(names).toContain(name);
});
