import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkManifests } from '../../../../src/cli/validate/check-manifests.ts';
import { readRules } from '../../../../src/cli/validate/read-rules.ts';
import { readProjectFile } from '../../../../src/process/read-project-file.ts';

const rules = readRules(readProjectFile);

function check(folder: string, file: string) {
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  return { text, ...checkManifests([{ name: file, text }], rules) };
}

const filesOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.yaml'));

test.each(filesOf('test/rejected'))('%s', (file) => {
  const { text, verdicts } = check('test/rejected', file);
  const [, words = 'no words'] = /^# refused: (.+)\n/.exec(text) ?? [];
  expect(verdicts).toHaveLength(1);
  const said = verdicts[0]?.findings.map(({ path, message }) => `${path}: ${message}`).join('\n');
  expect(said).toContain(words);
});

test.each(filesOf('examples'))('examples/%s is accepted', (file) => {
  for (const { findings } of check('examples', file).verdicts) expect(findings).toEqual([]);
});
