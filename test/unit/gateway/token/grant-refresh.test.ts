import { expect, test } from 'vitest';
import { makeRefreshToken, readRefreshToken } from '../../../../src/gateway/token/refresh-token.ts';
import { type ConnectorValues, rotate } from '../credentials/issue-connection.ts';
import { buildKeySecret, makeKeyData, makeKeys } from '../keys/build-key-secret.ts';
import { openMemoryStore, readError, TokenDesk } from './token-desk.ts';

const wrongToken = [422, 'Refresh token is invalid or has expired'];
const newSecret = `csec_${'n'.repeat(49)}`;
const newPassword = `cpwd_${'n'.repeat(49)}`;

test('each refresh token works once, and the access token of before goes on', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const first = await desk.loginWell(values);
  const second = await desk.refreshWell(values, first.refresh_token);
  expect(readError(await desk.refresh(values, first.refresh_token))).toEqual(wrongToken);
  const third = await desk.refreshWell(values, second.refresh_token);
  expect(readError(await desk.refresh(values, second.refresh_token))).toEqual(wrongToken);
  for (const { access_token } of [first, second, third]) expect(await desk.judge(access_token)).toBe('valid');
  expect(desk.reported.outcomes).toEqual(['granted', 'refreshed', 'reused', 'refreshed', 'reused']);
});

test('a used one leaves the session alive: a retry or a second worker is the usual cause', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const next = await desk.refreshWell(values, refresh_token);
  for (let i = 0; i < 5; i++) await desk.refresh(values, refresh_token);
  await desk.refreshWell(values, next.refresh_token);
});

test('many at once: one gets tokens', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const replies = await Promise.all(Array.from({ length: 100 }, () => desk.refresh(values, refresh_token)));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(99).fill(422)]);
});

test('sessions do not disturb each other', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const [one, other] = [await desk.loginWell(values), await desk.loginWell(values)];
  await desk.refreshWell(values, one.refresh_token);
  await desk.refreshWell(values, other.refresh_token);
});

test('it is refused after its end, to the second', async () => {
  const desk = await TokenDesk.open({ settings: { refreshLifetime: 60 } });
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const began = Math.floor(desk.now / 1000) * 1000;
  desk.now = began + 60_000;
  expect(readError(await desk.refresh(values, refresh_token))).toEqual(wrongToken);
  desk.now = began + 59_999;
  await desk.refreshWell(values, refresh_token);
});

test('a gateway whose clock is behind does not make it live longer: the clock of the store counts too', async () => {
  const desk = await TokenDesk.open({ settings: { refreshLifetime: 60 } });
  const { values } = await desk.issue();
  desk.now -= 120_000;
  const { refresh_token } = await desk.loginWell(values);
  expect(readError(await desk.refresh(values, refresh_token))).toEqual(wrongToken);
});

test('a scope is refused and the token is not used up', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const fields = { grant_type: 'refresh_token', refresh_token, scope: 'a' };
  expect(readError(await desk.ask(values, fields))).toEqual([422, 'An unsupported scope was requested.']);
  await desk.refreshWell(values, refresh_token);
});

test('another client cannot use it, and does not use it up', async () => {
  const desk = await TokenDesk.open();
  const [erp, dam] = [await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam' })];
  const { refresh_token } = await desk.loginWell(erp.values);
  expect(readError(await desk.refresh(dam.values, refresh_token))).toEqual(wrongToken);
  await desk.refreshWell(erp.values, refresh_token);
});

test('the client whose user it is cannot use that of another client', async () => {
  const desk = await TokenDesk.open();
  const [erp, dam] = [await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam' })];
  const { refresh_token } = await desk.loginWell(erp.values, dam.values);
  expect(readError(await desk.refresh(dam.values, refresh_token))).toEqual(wrongToken);
});

test('a gateway of another name refuses it, also with the same keys and store', async () => {
  const keyData = makeKeyData();
  const store = await openMemoryStore();
  const staging = await TokenDesk.open({ keyData, store, settings: { name: 'staging' } });
  const { connection, values } = await staging.issue();
  const production = await TokenDesk.open({ keyData, store, settings: { name: 'production' } });
  await production.cluster.put(connection);
  const { refresh_token } = await staging.loginWell(values);
  expect(readError(await production.refresh(values, refresh_token))).toEqual(wrongToken);
  await staging.refreshWell(values, refresh_token);
});

test('rotated session keys end none, revoked ones all', async () => {
  const keyData = makeKeyData();
  const desk = await TokenDesk.open({ keyData });
  const { values } = await desk.issue();
  const first = await desk.loginWell(values);
  const newer = makeKeyData(['session'], Date.now() + 60_000);
  await desk.cluster.put(buildKeySecret({ ...keyData, ...newer }));
  const second = await desk.refreshWell(values, first.refresh_token);
  const third = await desk.refreshWell(values, second.refresh_token);
  const withoutSessions = Object.entries(keyData).filter(([name]) => !name.startsWith('session-'));
  await desk.cluster.put(buildKeySecret({ ...Object.fromEntries(withoutSessions), ...makeKeyData(['session']) }));
  expect(readError(await desk.refresh(values, third.refresh_token))).toEqual(wrongToken);
});

test('it dies with the password that opened the session', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  await desk.cluster.put(rotate(desk.ring, connection, 'password', newPassword));
  expect(readError(await desk.refresh(values, refresh_token))).toEqual(wrongToken);
});

test('it lives through an overlap of the password, and dies with its end', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const end = desk.now + 60_000;
  await desk.cluster.put(rotate(desk.ring, connection, 'password', newPassword, new Date(end).toISOString()));
  const second = await desk.refreshWell(values, refresh_token);
  desk.now = end;
  expect(readError(await desk.refresh(values, second.refresh_token))).toEqual(wrongToken);
  expect(await desk.judge(second.access_token)).toBe('The access token provided is invalid.');
});

test('it lives on with a new client secret, and the new tokens are bound to that', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const first = await desk.loginWell(values);
  const rotated = await desk.cluster.put(rotate(desk.ring, connection, 'clientSecret', newSecret));
  expect((await desk.refresh(values, first.refresh_token)).status).toBe(422);
  const newValues: ConnectorValues = { ...values, clientSecret: newSecret };
  const second = await desk.refreshWell(newValues, first.refresh_token);
  expect(await desk.judge(first.access_token)).toBe('The access token provided is invalid.');
  expect(await desk.judge(second.access_token)).toBe('valid');
  await desk.cluster.put(rotate(desk.ring, rotated, 'clientSecret', `csec_${'o'.repeat(49)}`));
  expect(await desk.judge(second.access_token)).toBe('The access token provided is invalid.');
});

test('while suspended it is refused and not used up', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  await desk.cluster.put({ ...connection, spec: { ...connection.spec, suspend: true } });
  expect((await desk.refresh(values, refresh_token)).status).toBe(422);
  await desk.cluster.put(connection);
  await desk.refreshWell(values, refresh_token);
});

test('it is not that of a Connection of the same name made anew', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  await desk.cluster.remove(connection);
  const again = await desk.issue({ clientId: values.clientId });
  expect(readError(await desk.refresh(again.values, refresh_token))).toEqual(wrongToken);
});

test('while the store is away: refresh 503, logins and calls go on; then the same token works', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  desk.isStoreAway = true;
  const reply = await desk.refresh(values, refresh_token);
  expect(readError(reply)).toEqual([503, 'Refresh tokens cannot be taken at the moment. Try again later.']);
  expect(reply.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
  expect(await desk.judge((await desk.loginWell(values)).access_token)).toBe('valid');
  desk.isStoreAway = false;
  await desk.refreshWell(values, refresh_token);
});

test('at most 180 characters, for the longest version that the CRD allows and the longest count', () => {
  const keys = makeKeys();
  const grant = {
    session: 'f'.repeat(32),
    number: 2 ** 32 - 1,
    expires: 2 ** 48 - 1,
    clientUid: 'ffffffff-ffff-4fff-8fff-ffffffffffff',
    userUid: 'ffffffff-ffff-4fff-8fff-ffffffffffff',
    userVersion: 'v'.repeat(32),
  };
  const token = makeRefreshToken(keys, 'a'.repeat(253), grant);
  expect(token.length).toBeLessThanOrEqual(180);
  expect(readRefreshToken(keys, 'a'.repeat(253), token)).toEqual(grant);
});

test('what is in a token cannot be read or changed, and no two are the same', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  const bytes = Buffer.from(refresh_token, 'base64url');
  for (const clear of [connection.metadata.uid.replaceAll('-', ''), '']) {
    if (clear) expect(bytes.toString('hex')).not.toContain(clear);
  }
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect((await desk.refresh(values, changed.toString('base64url'))).status).toBe(422);
  }
  await desk.refreshWell(values, refresh_token);
}, 30_000);

test('that of a revoked session is refused also while the store is away', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  await desk.revoke(values, refresh_token);
  desk.isStoreAway = true;
  expect(readError(await desk.refresh(values, refresh_token))).toEqual(wrongToken);
});

test('another spelling of it is none', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { refresh_token } = await desk.loginWell(values);
  for (const spelling of [`${refresh_token}=`, ` ${refresh_token}`, `${refresh_token}\n`, `${refresh_token}.`]) {
    expect((await desk.refresh(values, spelling)).status).toBe(422);
  }
  await desk.refreshWell(values, refresh_token);
});
