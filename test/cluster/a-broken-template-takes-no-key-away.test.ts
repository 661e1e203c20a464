import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test.each([
  ['a name that does not exist', '{{secret}}', '{{secret}} is not known; there are clientId'],
  ['a section', '{{#password}}x{{/password}}', 'sections, partials and other delimiters are not supported'],
  ['a partial', '{{>other}}', 'sections, partials and other delimiters are not supported'],
  ['other delimiters', '{{=<% %>=}}', 'sections, partials and other delimiters are not supported'],
  ['never closed', '{{password', 'it is not a template: a {{ is not closed by }}'],
  ['a name of JavaScript', '{{constructor}}', '{{constructor}} is not known'],
])('before the first issue everything waits: %s', async (what, template, sentence) => {
  const { desk } = scene;
  const name = what.toLowerCase().replaceAll(' ', '-');
  await desk.create(name, { secret: { data: { key: template } } });
  const waiting = await desk.waitFor(name, 'InvalidTemplate');
  expect(readyOf(waiting)).toMatchObject({ status: 'False' });
  expect(readyOf(waiting).message).toContain(`spec.secret.data["key"]: ${sentence}`);
  expect(conditionOf(waiting, 'Stalled')).toMatchObject({ status: 'True', reason: 'InvalidTemplate' });
  expect(await desk.isSecretThere(`${name}-credentials`)).toBe(false);
  await desk.patch(name, { spec: { secret: { data: { key: 'mended' } } } });
  await desk.waitFor(name, 'Issued');
});

test('after it the old keys stay, and a rotation goes on without them', async () => {
  const { desk } = scene;
  const data = { dsn: '{{username}}:{{password}}', fixed: 'as it was' };
  await desk.issue('erp', { secret: { data } });
  const before = await desk.texts('erp-credentials');

  await desk.patch('erp', { spec: { secret: { data: { dsn: '{{nothing}}' } } } });
  const broken = await desk.waitFor('erp', 'InvalidTemplate');
  expect(conditionOf(broken, 'Stalled')).toMatchObject({ status: 'True' });
  expect(await areAccepted(broken, before)).toBe(true);
  expect(await desk.texts('erp-credentials')).toEqual(before);

  const rotated = await desk.request('erp', 'connect.pim.dev/rotate', 'a');
  expect(readyOf(rotated).reason).toBe('InvalidTemplate');
  const after = await desk.texts('erp-credentials');
  expect(after).toEqual({ ...before, password: after.password, 'client-secret': after['client-secret'] });
  expect(after.password).not.toBe(before.password);
  expect(await areAccepted(rotated, after)).toBe(true);

  await desk.patch('erp', { spec: { secret: { data: { dsn: 'now {{password}}' } } } });
  const mended = await desk.waitFor('erp', 'Issued');
  expect(conditionOf(mended, 'Stalled')).toBeUndefined();
  expect((await desk.texts('erp-credentials')).dsn).toBe(`now ${after.password}`);
});
