import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildWasm, generatedWasm } from '../../tools/generate-wasm.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): Promise<string> => readFile(new URL(path, root), 'utf8');

test.each(Object.entries(generatedWasm))('%s is what %s was made of (else: npm run generate)', async (text, module) => {
  expect(await read(module)).toBe(await buildWasm(text, await read(text)));
});
