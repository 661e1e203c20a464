import { expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { areAccepted, findAcceptedVersion } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const rotate = 'connect.pim.dev/rotate';
const scene = useOperator();

type Texts = Readonly<Record<string, string>>;

/** Rotates both values so many times; the texts of all Secrets from the first one on. */
async function rotateTimes(
  desk: ConnectionDesk,
  name: string,
  times: number,
): Promise<{ connection: Connection; all: readonly Texts[] }> {
  let connection = await desk.read(name);
  const all = [await desk.texts(`${name}-credentials`)];
  for (let i = 0; i < times; i++) {
    connection = await desk.request(name, rotate, String(i));
    all.push(await desk.texts(`${name}-credentials`));
  }
  return { connection, all };
}

async function verdicts(connection: Connection, all: readonly Texts[], now?: number): Promise<string[]> {
  return Promise.all(
    all.map(async (texts) => {
      const version = await findAcceptedVersion(connection, 'clientSecret', texts['client-secret'] ?? '', now);
      return version?.split('-', 1)[0] ?? 'refused';
    }),
  );
}

test('old and new value work side by side, each old one has its own end', async () => {
  const { desk } = scene;
  await desk.issue('overlapping', { rotation: { overlap: '1h' } });
  const began = Date.now();
  const { connection, all } = await rotateTimes(desk, 'overlapping', 2);
  expect(await verdicts(connection, all)).toEqual(['1', '2', '3']);

  for (const verifiers of [connection.status?.credentials?.clientSecret, connection.status?.credentials?.password]) {
    const [first, second, newest] = (verifiers ?? []).map(({ expires }) => Date.parse(expires ?? ''));
    expect(first).toBeGreaterThanOrEqual(began + 3_600_000);
    expect(second).toBeGreaterThan(first ?? 0);
    expect(second).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(newest).toBeNaN();
    expect(await verdicts(connection, all, first)).toEqual(['refused', '2', '3']);
    expect(await verdicts(connection, all, second)).toEqual(['refused', 'refused', '3']);
  }
  await eventually(async () => {
    const texts = (await desk.events('overlapping')).map(({ message }) => message);
    expect(texts.filter((text) => text.includes('the old one works for 3600 s more'))).toHaveLength(4);
  });
});

test('at most four are accepted: the oldest goes', async () => {
  const { desk } = scene;
  await desk.issue('four', { rotation: { overlap: '720h' } });
  const { connection, all } = await rotateTimes(desk, 'four', 5);
  expect(await verdicts(connection, all)).toEqual(['refused', 'refused', '3', '4', '5', '6']);
  expect(connection.status?.credentials?.clientSecret).toHaveLength(4);
  expect(connection.status?.credentials?.retired?.clientSecret).toMatchObject([
    { version: expect.stringMatching(/^1-/) },
    { version: expect.stringMatching(/^2-/) },
  ]);
});

test('when its end has come it is refused, and then recognised as retired only', async () => {
  const { desk } = scene;
  await desk.issue('short', { rotation: { overlap: '2s' } });
  const { connection, all } = await rotateTimes(desk, 'short', 1);
  const [old] = connection.status?.credentials?.password ?? [];
  expect(await areAccepted(connection, all[1] ?? {})).toBe(true);
  expect(await verdicts(connection, all, Date.parse(old?.expires ?? ''))).toEqual(['refused', '2']);

  const ended = await desk.waitUntil('short', ({ status }) => {
    expect(status?.credentials?.retired?.password).toHaveLength(1);
    expect(status?.credentials?.retired?.clientSecret).toHaveLength(1);
  });
  expect(ended.status?.credentials?.password).toHaveLength(1);
  expect(ended.status?.credentials?.retired?.password).toMatchObject([{ version: old?.version, ended: old?.expires }]);
  expect(await areAccepted(ended, all[1] ?? {})).toBe(true);
});

test('a rotation of one value leaves the other one alone; without overlap every old one ends', async () => {
  const { desk } = scene;
  await desk.issue('single', { rotation: { overlap: '1h' } });
  await desk.request('single', 'connect.pim.dev/rotate-password', 'a');
  const { status } = await desk.read('single');
  expect(status?.credentials?.clientSecret).toMatchObject([{ version: expect.stringMatching(/^1-/) }]);
  expect(status?.credentials?.password).toHaveLength(2);

  await desk.patch('single', { spec: { rotation: null } });
  const after = await desk.request('single', 'connect.pim.dev/rotate-password', 'b');
  expect(after.status?.credentials?.password).toMatchObject([{ version: expect.stringMatching(/^3-/) }]);
  expect(after.status?.credentials?.retired?.password).toHaveLength(2);
});
