import { basename, extname } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles, readFile } from './read-tracked-files.ts';

/** What may stand in no file, each with an example that it has to find. */
const forbidden: readonly { readonly what: string; readonly pattern: RegExp; readonly example: string }[] = [
  {
    what: 'a package registry',
    pattern: /registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org/,
    example: '"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"',
  },
  { what: 'a home folder', pattern: /\/(?:root|home\/[a-z]+|Users\/[A-Za-z]+)\//, example: 'cd /root/project' },
  {
    what: 'a folder outside of the repository',
    pattern: /(?:^|[\s'"`(])(?:\/work\/|(?:\.\.\/)+shared\b)/m,
    example: 'see `../shared/notes.md`',
  },
];

const binary = ['.png', '.jpg', '.gif', '.webp', '.ico', '.woff2'];
const files = listFiles().filter(
  (path) => !binary.includes(extname(path)) && basename(path) !== basename(import.meta.filename),
);

test.each(forbidden)('no file names $what', ({ pattern, example }) => {
  expect(example).toMatch(pattern);
  expect(files.filter((path) => pattern.test(readFile(path)))).toEqual([]);
});
