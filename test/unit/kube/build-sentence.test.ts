import { expect, test } from 'vitest';
import { buildSentence, longestSentence } from '../../../src/kube/build-sentence.ts';

test.each([
  ['spec.x: Invalid value: "hunter2": must be short', 'spec.x: Invalid value: must be short'],
  ['spec.x: Invalid value: "a \\"hunter2\\" b": must be short', 'spec.x: Invalid value: must be short'],
  ['spec.x: Invalid value: "line\nhunter2": must be short', 'spec.x: Invalid value: must be short'],
  ['spec.x: Invalid value: 70000: too large', 'spec.x: Invalid value: too large'],
  ['spec.x: Invalid value: {"a":{"b":"hunter2: x"}}: no', 'spec.x: Invalid value: no'],
  ['spec.x: Invalid value: ["hunter2","b"]: no', 'spec.x: Invalid value: no'],
  [
    'spec.x: Unsupported value: "hunter2": supported values: "A", "B"',
    'spec.x: Unsupported value: supported values: "A", "B"',
  ],
  ['spec.x[1]: Duplicate value: "hunter2"', 'spec.x[1]: Duplicate value'],
  ['[a: Invalid value: "hunter2": x, b: Invalid value: "hunter2": y]', '[a: Invalid value: x, b: Invalid value: y]'],
  [
    'cannot parse: ReadString: expects ", error found in #10 byte of ...|"hunter2"|...',
    'cannot parse: ReadString: expects "',
  ],
  ['two\n  lines', 'two lines'],
])('%s', (message, expected) => {
  expect(buildSentence(message)).toBe(expected);
});

const value = 'csec_Zm9vYmFyYmF6';
const encoded = Buffer.from(value).toString('base64');

test.each([
  ['plain, sent in base64', { data: { a: encoded } }, value],
  ['base64, sent in base64', { data: { a: encoded } }, encoded],
  ['plain, sent plain', { stringData: { a: value } }, value],
  ['base64, sent plain', { stringData: { a: value } }, encoded],
  [
    'one line of several',
    { stringData: { a: value }, data: { b: Buffer.from(`x\n${value}x`).toString('base64') } },
    `${value}x`,
  ],
])('a value of the Secret that somebody quotes is taken out: %s', (_case, body, quoted) => {
  const sentence = buildSentence(`admission webhook "x" denied the request: do not use ${quoted}!`, body);
  expect(sentence).toBe('admission webhook "x" denied the request: do not use …!');
});

test('short values stay: they are found everywhere', () => {
  expect(buildSentence('a pim it is', { stringData: { type: 'pim' } })).toBe('a pim it is');
});

test('a body without values changes nothing', () => {
  for (const body of [{}, { data: null }, { data: 'x' }, { data: { a: 7 } }])
    expect(buildSentence('fine', body)).toBe('fine');
});

test('what is long is cut', () => {
  expect(buildSentence('x'.repeat(5_000))).toBe(`${'x'.repeat(longestSentence - 1)}…`);
  expect(buildSentence('x'.repeat(longestSentence))).toHaveLength(longestSentence);
});
