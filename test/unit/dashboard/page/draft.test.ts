import { expect, test } from 'vitest';
import {
  buildSpec,
  buildSpecPatch,
  type Draft,
  emptyDraft,
  mergeDrafts,
  readDraft,
} from '../../../../src/dashboard/page/draft/draft.ts';
import { connectionOf } from '../../insight/connection-of.ts';

const connection = connectionOf({
  tracked: true,
  rotation: { interval: '720h', overlap: '15m' },
  secret: { name: 'own', data: { DSN: '{{clientId}}' } },
});
const before = readDraft(connection);
const change = (part: Partial<Draft>): object => buildSpecPatch(before, { ...before, ...part });

test('what was not changed is not sent, so that settings the form does not know stay', () => {
  expect(change({})).toEqual({});
});

test.each([
  ['a label', { label: ' Other ' }, { label: 'Other' }],
  ['a picture taken away', { image: 'x' }, { image: 'x' }],
  ['a schedule taken away', { interval: '' }, { rotation: { interval: null } }],
  ['another role', { role: 'dam' }, { roleRef: { name: 'dam' } }],
  [
    'a key renamed',
    { keys: [{ id: 0, key: 'URL', template: '{{clientId}}' }] },
    { secret: { data: { URL: '{{clientId}}', DSN: null } } },
  ],
  ['a key that has no name yet', { keys: [...before.keys, { id: 1, key: '', template: 'x' }] }, {}],
  ['the htpasswd key', { htpasswd: true }, { secret: { htpasswd: true } }],
] satisfies [string, Partial<Draft>, object][])('%s is the only thing in the patch', (_what, part, patch) => {
  expect(change(part)).toEqual(patch);
});

test('flow type Other is never sent with tracking, which would be refused', () => {
  expect(change({ flowType: 'Other' })).toEqual({ flowType: 'Other', tracked: false });
  expect(buildSpec({ ...emptyDraft, label: 'X', flowType: 'Other', tracked: true })).toEqual({
    label: 'X',
    flowType: 'Other',
  });
});

test('a new manifest holds nothing that is the default', () => {
  expect(buildSpec({ ...emptyDraft, label: ' ERP ', tracked: false })).toEqual({ label: 'ERP', flowType: 'Source' });
});

test('who keeps the own changes keeps them alone: what only the other one changed stays', () => {
  const mine = { ...before, label: 'Mine' };
  const theirs = { ...before, label: 'Theirs', role: 'dam' };
  expect(mergeDrafts(before, mine, theirs)).toEqual({ ...before, label: 'Mine', role: 'dam' });
});
