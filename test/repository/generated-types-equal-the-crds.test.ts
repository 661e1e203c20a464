import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildTypes, generatedFiles } from '../../tools/generate-types.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

test.each(Object.entries(generatedFiles))('%s says the same as %s (else: npm run generate)', async (crd, types) => {
  expect(await read(types)).toBe(await buildTypes(await read(crd)));
});
