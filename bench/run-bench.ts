import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run bench -- <name> [options]`: each file beside this one is a benchmark. */
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'run-bench.ts' && entry.name.endsWith('.ts'))
  .map((entry) => entry.name.slice(0, -'.ts'.length));

const [name = '', ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
if (!names.includes(name) || !existsSync(file)) {
  process.stderr.write(`npm run bench -- NAME [options], where NAME is one of: ${names.join(', ')}\n`);
  process.exit(2);
}
const { runBench } = (await import(file)) as { readonly runBench: (args: readonly string[]) => Promise<void> };
await runBench(args);
