import { expect, test } from 'vitest';
import type { Secret } from '../../src/api/secret.ts';
import { ageCredentials } from './connections/age-credentials.ts';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();
const minute = 60_000;

/** Puts an old Secret back whenever it is not what is there, as a tool does that has it in Git. Returns how to end it. */
function keepPuttingBack(name: string, old: Secret): () => Promise<number> {
  const { desk } = scene;
  let times = 0;
  let isOver = false;
  const { data, metadata } = old;
  const { annotations } = metadata;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const { data: now } = await desk.secret(name);
      if (now?.password !== data?.password) {
        await desk.patchSecret(name, { data, metadata: { annotations } }, 'git-puller');
        times++;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const done = run();
  return async () => {
    isOver = true;
    await done;
    return times;
  };
}

test('who puts an old Secret back again and again ends in SecretContested; the accepted verifiers stay', async () => {
  const { desk } = scene;
  await desk.issue('erp');
  const old = await desk.secret('erp-credentials');
  const oldTexts = await desk.texts('erp-credentials');
  await desk.request('erp', 'connect.pim.dev/rotate', 'a');

  const stopPuttingBack = keepPuttingBack('erp-credentials', old);
  const contested = await desk.waitFor('erp', 'SecretContested');
  await desk.settle();
  expect(await stopPuttingBack()).toBe(3);
  const { message } = readyOf(contested);
  expect(message).toMatch(
    /^Field manager "git-puller" keeps writing other values into Secret erp-credentials: stop that/,
  );
  const until = Date.parse(/at (\S+); until/.exec(message)?.[1] ?? '');
  const { reissues } = contested.status?.credentials ?? {};
  expect(until).toBe(Date.parse(reissues?.last ?? '') + minute);
  expect(conditionOf(contested, 'Stalled')).toMatchObject({ status: 'True' });

  // Two rotations that somebody asked for, two reissues of two values each, and no more.
  const causes = contested.status?.rotation?.history?.map(({ cause }) => cause);
  expect(causes).toEqual(['Requested', 'Requested', 'Tampered', 'Tampered', 'Tampered', 'Tampered']);
  expect((await desk.read('erp')).status?.credentials).toEqual(contested.status?.credentials);
  expect(await areAccepted(contested, oldTexts)).toBe(false);
  expect(contested.status?.credentials?.password).toMatchObject([{ version: expect.stringMatching(/^4-/) }]);
  expect(await desk.texts('erp-credentials')).toEqual(oldTexts);
});

test('after the wait it is replaced again, and the next wait is twice as long', async () => {
  const { desk } = scene;
  await ageCredentials(desk, 'erp', minute);
  const healed = await desk.waitFor('erp', 'Issued');
  expect(await areAccepted(healed, await desk.texts('erp-credentials'))).toBe(true);
  expect(conditionOf(healed, 'Stalled')).toBeUndefined();

  await desk.patchSecret('erp-credentials', { stringData: { password: 'again' } }, 'git-puller');
  const contested = await desk.waitFor('erp', 'SecretContested');
  const { last = '' } = contested.status?.credentials?.reissues ?? {};
  expect(readyOf(contested).message).toContain(new Date(Date.parse(last) + 2 * minute).toISOString());
  expect(await areAccepted(contested, await desk.texts('erp-credentials'))).toBe(false);
});

test('a rotation that is asked for does not wait', async () => {
  const { desk } = scene;
  const rotated = await desk.request('erp', 'connect.pim.dev/rotate', 'b');
  expect(readyOf(rotated).reason).toBe('Issued');
  expect(await areAccepted(rotated, await desk.texts('erp-credentials'))).toBe(true);
});

test('who keeps deleting it is told too', async () => {
  const { desk } = scene;
  await desk.issue('deleted');
  for (let times = 1; times <= 3; times++) {
    await desk.deleteSecret('deleted-credentials');
    if (times < 3) await eventually(async () => expect(await desk.isSecretThere('deleted-credentials')).toBe(true));
    if (times < 3) await desk.waitFor('deleted', 'Issued');
  }
  const contested = await desk.waitFor('deleted', 'SecretContested');
  expect(readyOf(contested).message).toMatch(/^Somebody keeps deleting the Secret: stop that first/);
  expect(await desk.isSecretThere('deleted-credentials')).toBe(false);
});

test('after an hour of peace the next one is replaced at once', async () => {
  const { desk } = scene;
  await desk.issue('peace');
  for (const value of ['one', 'two']) {
    const { status } = await desk.read('peace');
    await desk.patchSecret('peace-credentials', { stringData: { password: value } });
    await desk.waitUntil('peace', (connection) => {
      expect(connection.status?.rotation?.lastRotated).not.toBe(status?.rotation?.lastRotated);
    });
  }
  await ageCredentials(desk, 'peace', 61 * minute + minute);
  await desk.patchSecret('peace-credentials', { stringData: { password: 'three' } });
  const connection = await desk.waitUntil('peace', ({ status }) =>
    expect(status?.credentials?.reissues?.count).toBe(1),
  );
  expect(await areAccepted(connection, await desk.texts('peace-credentials'))).toBe(true);
});
