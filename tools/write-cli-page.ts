/** Part of `npm run generate`: the page about `kubectl connection`, made of its help. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from '../src/cli/build-page.ts';
import { commands } from '../src/cli/commands.ts';

const docs = join(import.meta.dirname, '..', 'docs');
mkdirSync(docs, { recursive: true });
writeFileSync(join(docs, 'kubectl-connection.md'), buildPage(commands));
