import { expect, test } from 'vitest';
import { buildPages } from '../../tools/generate-reference.ts';
import { readFile } from './read-tracked-files.ts';

test('the pages of docs/reference say what CRDs, metrics and flags say (else: npm run generate)', async () => {
  const pages = await buildPages();
  expect(pages.size).toBe(5);
  for (const [path, text] of pages) expect([path, readFile(path)]).toEqual([path, text]);
}, 60_000);
