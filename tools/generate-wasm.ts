/**
 * Makes modules of the WebAssembly texts of `src`, as Base64, so that whoever runs or packs the programs needs no
 * compiler. Run by `npm run generate`; a repository test holds the two equal.
 */
import { readFile, writeFile } from 'node:fs/promises';
import loadWabt from 'wabt';

const root = new URL('../', import.meta.url);

/** WebAssembly text → module that is made of it. */
export const generatedWasm: Readonly<Record<string, string>> = {
  'src/gateway/request/find-brackets.wat': 'src/gateway/request/generated/find-brackets.ts',
};

/** The module of a text; rejects with the place of what is wrong in it. */
export async function buildWasm(path: string, text: string): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.parseWat(path, text, { simd: true });
  module.validate();
  const { buffer } = module.toBinary({});
  return `/* Made from ${path} by "npm run generate". */

/** A WebAssembly module, in Base64. */
export const code: string =
  '${Buffer.from(buffer).toString('base64')}';
`;
}

if (import.meta.main) {
  for (const [from, to] of Object.entries(generatedWasm)) {
    await writeFile(new URL(to, root), await buildWasm(from, await readFile(new URL(from, root), 'utf8')));
  }
}
