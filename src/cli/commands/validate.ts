import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../process/read-flags.ts';
import { cleanText } from '../clean-text.ts';
import type { Command } from '../command.ts';
import { outputFlags } from '../flag-groups.ts';
import { formatOutput } from '../format-output.ts';
import type { Terminal } from '../terminal.ts';
import { checkManifests, type ManifestFile, type Verdicts } from '../validate/check-manifests.ts';
import { readRules } from '../validate/read-rules.ts';

const endings = /\.(?:ya?ml|json)$/;

/** `validate FILES`: what the API server would say, without one. */
export const validate: Command = {
  name: 'validate',
  summary: 'Check manifests as the API server would, without a cluster',
  operands: 'FILE...',
  takes: { least: 1, most: Number.POSITIVE_INFINITY },
  description: [
    'For pre-commit and CI: the schema, the rules of the CRDs, unknown fields, annotations and permissions. Folders are read\nwith all that is beneath them, - is standard input, objects of other kinds are left alone.',
    'Who may use a role or a group (the verb bind), and what changes an existing object, is told by the API server alone:\nkubectl apply --dry-run=server.',
  ],
  examples: [
    ['validate connections/', 'every manifest of a folder'],
    ['validate - -o json', 'for a program'],
  ],
  flags: outputFlags,
  async run(line, { terminal, readProjectFile }) {
    const files: ManifestFile[] = [];
    for (const operand of line.operands) files.push(...(await readFiles(operand, terminal)));
    const verdicts = checkManifests(files, readRules(readProjectFile));
    const isValid = verdicts.verdicts.every(({ findings }) => findings.length === 0);
    const output = line.text('output');
    if (output !== undefined) terminal.print(formatOutput(output, { valid: isValid, ...verdicts }));
    else report(terminal, verdicts);
    return isValid ? 0 : 1;
  },
};

async function readFiles(operand: string, terminal: Terminal): Promise<readonly ManifestFile[]> {
  if (operand === '-') return [{ name: 'standard input', text: await terminal.readInput() }];
  try {
    if (!statSync(operand).isDirectory()) return [{ name: operand, text: readFileSync(operand, 'utf8') }];
    return readdirSync(operand, { recursive: true, encoding: 'utf8' })
      .filter((path) => endings.test(path))
      .sort()
      .map((path) => ({ name: join(operand, path), text: readFileSync(join(operand, path), 'utf8') }));
  } catch {
    throw new UsageError(`${operand} does not exist or cannot be read.`);
  }
}

function report(terminal: Terminal, { verdicts, others }: Verdicts): void {
  for (const { file, kind, name, findings } of verdicts) {
    const what = [file, [kind, name].filter(Boolean).join(' ')].filter(Boolean).join(': ');
    if (findings.length === 0) terminal.print(`${cleanText(what)}: ${terminal.paint('green', 'valid')}`);
    for (const { path, message } of findings) {
      const place = path === '' || message.includes(`"${path}"`) ? '' : `${path}: `;
      terminal.print(`${cleanText(what)}: ${terminal.paint('red', cleanText(`${place}${message}`))}`);
    }
  }
  const wrong = verdicts.filter(({ findings }) => findings.length > 0).length;
  const rest = others === 0 ? '' : `, ${others} of other kinds not looked at`;
  terminal.note(`${verdicts.length - wrong} valid, ${wrong} not${rest}.`);
}
