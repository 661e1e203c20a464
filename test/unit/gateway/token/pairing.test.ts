import { expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { TokenSettings } from '../../../../src/gateway/token/token-settings.ts';
import { type ConnectorValues, rotate } from '../credentials/issue-connection.ts';
import { openMemoryStore, readError, TokenDesk } from './token-desk.ts';

const wrongUser = [422, 'No user found for the given username and password'];
const invalid = 'The access token provided is invalid.';

interface Issued {
  readonly connection: Connection;
  readonly values: ConnectorValues;
}

async function openTwo(pairing: TokenSettings['pairing'], namespace = 'other'): Promise<[TokenDesk, Issued, Issued]> {
  const desk = await TokenDesk.open({ settings: { pairing } });
  return [desk, await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam', namespace })];
}

test('warn: it works, as the user, and is reported with each token', async () => {
  const [desk, erp, dam] = await openTwo('warn');
  const first = await desk.loginWell(erp.values, dam.values);
  const verified = await desk.verify(first.access_token);
  expect(verified).toMatchObject({
    kind: 'valid',
    client: { metadata: { name: 'erp' } },
    user: { metadata: { name: 'dam' } },
  });
  const pair = [erp.connection.metadata.uid, dam.connection.metadata.uid];
  expect(desk.reported.wrongPairs).toEqual([pair]);
  await desk.refreshWell(erp.values, first.refresh_token);
  expect(desk.reported.wrongPairs).toEqual([pair, pair]);
  expect(desk.reported.used).toEqual([pair, pair]);
});

test('its own pair is reported in no mode', async () => {
  for (const pairing of ['warn', 'namespace', 'enforce'] as const) {
    const [desk, erp] = await openTwo(pairing);
    await desk.refreshWell(erp.values, (await desk.loginWell(erp.values)).refresh_token);
    expect(desk.reported.wrongPairs).toEqual([]);
  }
});

test('namespace: within one namespace only', async () => {
  const [near, erp, dam] = await openTwo('namespace', 'team');
  expect(await near.judge((await near.loginWell(erp.values, dam.values)).access_token)).toBe('valid');
  const [far, erpFar, damFar] = await openTwo('namespace');
  expect(readError(await far.login(erpFar.values, damFar.values))).toEqual(wrongUser);
});

test('enforce: never, and a wrong password is answered the same', async () => {
  const [desk, erp, dam] = await openTwo('enforce', 'team');
  expect(readError(await desk.login(erp.values, dam.values))).toEqual(wrongUser);
  expect(readError(await desk.login(erp.values, { ...dam.values, password: 'x' }))).toEqual(wrongUser);
  expect(desk.reported.wrongPairs).toEqual([]);
});

test.each(['namespace', 'enforce'] as const)('tokens from before %s was set are refused', async (pairing) => {
  const store = await openMemoryStore();
  const before = await TokenDesk.open({ store });
  const erp = await before.issue({ name: 'erp' });
  const dam = await before.issue({ name: 'dam', namespace: 'other' });
  const tokens = await before.loginWell(erp.values, dam.values);
  const { cluster } = before;
  const after = await TokenDesk.open({ store, cluster, settings: { pairing } });
  expect(await after.judge(tokens.access_token)).toBe(invalid);
  expect((await after.refresh(erp.values, tokens.refresh_token)).status).toBe(422);
  expect(await after.introspect(erp.values, tokens.refresh_token)).toEqual({ active: false });
  // Nothing was used up by that.
  await before.refreshWell(erp.values, tokens.refresh_token);
});

const ends: readonly (readonly [string, (desk: TokenDesk, erp: Connection, dam: Connection) => Promise<unknown>])[] = [
  ["the client's secret rotated", (desk, erp) => desk.cluster.put(rotate(desk.ring, erp, 'clientSecret', 'x'))],
  ["the user's password rotated", (desk, _, dam) => desk.cluster.put(rotate(desk.ring, dam, 'password', 'x'))],
  ['the client suspended', (desk, erp) => desk.cluster.put({ ...erp, spec: { ...erp.spec, suspend: true } })],
  ['the user suspended', (desk, _, dam) => desk.cluster.put({ ...dam, spec: { ...dam.spec, suspend: true } })],
  ['the client deleted', (desk, erp) => desk.cluster.remove(erp)],
  ['the user deleted', (desk, _, dam) => desk.cluster.remove(dam)],
];

test.each(ends)('a pair dies with either: %s', async (_name, end) => {
  const [desk, erp, dam] = await openTwo('warn');
  const { access_token } = await desk.loginWell(erp.values, dam.values);
  expect(await desk.judge(access_token)).toBe('valid');
  await end(desk, erp.connection, dam.connection);
  expect(await desk.judge(access_token)).toBe(invalid);
});

const leaves: readonly (readonly [string, (desk: TokenDesk, erp: Connection, dam: Connection) => Promise<unknown>])[] =
  [
    ["the client's password rotated", (desk, erp) => desk.cluster.put(rotate(desk.ring, erp, 'password', 'x'))],
    ["the user's secret rotated", (desk, _, dam) => desk.cluster.put(rotate(desk.ring, dam, 'clientSecret', 'x'))],
  ];

test.each(leaves)('and with nothing else: %s', async (_name, change) => {
  const [desk, erp, dam] = await openTwo('warn');
  const { access_token } = await desk.loginWell(erp.values, dam.values);
  await change(desk, erp.connection, dam.connection);
  expect(await desk.judge(access_token)).toBe('valid');
});
