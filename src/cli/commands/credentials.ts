import { writeFileSync } from 'node:fs';
import { secretKeys } from '../../api/names.ts';
import { UsageError } from '../../process/read-flags.ts';
import type { Command } from '../command.ts';
import { confirmOrRefuse } from '../confirm-or-refuse.ts';
import { clusterFlags, namespaceFlags, yesFlags } from '../flag-groups.ts';
import { formatEnv } from '../format-env.ts';
import { formatOutput } from '../format-output.ts';
import type { CommandLine } from '../read-command-line.ts';
import { readConnection } from '../read-objects.ts';
import { readSecretTexts, type SecretTexts } from '../read-secret-texts.ts';
import { useCluster } from '../use-cluster.ts';

/** `credentials NAME`: what its Secret holds. */
export const credentials: Command = {
  name: 'credentials',
  summary: 'Show the credentials of a connection, or write them to a .env file',
  operands: 'NAME',
  takes: { least: 1, most: 1 },
  description: [
    'Reads the Secret, for which you need the right to get it. Asks before it shows secrets on a terminal; into a pipe or a\nfile it writes without a question. Client id and username alone are no secrets: kubectl connection describe shows them.',
  ],
  examples: [
    ['credentials erp', 'on the terminal, after a question'],
    ['credentials erp --file .env', 'into a file that only you may read'],
    ['credentials erp --prefix AKENEO_ --yes', 'AKENEO_CLIENT_ID=… and so on'],
  ],
  flags: {
    output: {
      short: 'o',
      value: 'FORMAT',
      help: 'env, json or yaml',
      fallback: 'env',
      choices: ['env', 'json', 'yaml'],
    },
    file: { short: 'f', value: 'FILE', help: 'write there, readable by you alone; an existing file is kept' },
    prefix: { value: 'TEXT', help: 'put before each name of a .env', fallback: 'none' },
    ...yesFlags,
    ...namespaceFlags,
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, namespace }) => {
      const { terminal } = tools;
      const [name = ''] = line.operands;
      const prefix = readPrefix(line);
      const file = line.text('file');
      const connection = await readConnection(cluster, namespace, name);
      const { name: secret, texts } = await readSecretTexts(cluster, connection);
      const question = `Show the client secret and the password of ${namespace}/${name} on this terminal?`;
      if (file === undefined && terminal.isWatched && !(await confirmOrRefuse(line, terminal, question))) {
        terminal.note('Nothing was shown.');
        return 1;
      }
      const text = format(line.text('output') ?? 'env', texts, prefix);
      if (file === undefined) terminal.print(text);
      else {
        writeNew(file, `${text}\n`);
        terminal.note(`Credentials of Secret ${namespace}/${secret} written to ${file}.`);
      }
      return 0;
    }),
};

function readPrefix(line: CommandLine): string {
  const prefix = line.text('prefix') ?? '';
  if (!/^(?:[A-Za-z_][A-Za-z0-9_]*)?$/.test(prefix)) {
    throw new UsageError('--prefix takes letters, digits and _, as a variable begins.');
  }
  return prefix;
}

/** The keys that say nothing to a connector stay out of a `.env`. */
function format(output: string, texts: SecretTexts, prefix: string): string {
  if (output !== 'env') return formatOutput(output, texts);
  const { [secretKeys.type]: _, [secretKeys.provider]: __, ...rest } = texts;
  return formatEnv(rest, prefix);
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new Error(
      isThere ? `${file} exists and is kept: remove it, or choose another --file` : `${file} cannot be written`,
    );
  }
}
