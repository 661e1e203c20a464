import { expect, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { rotate } from '../unit/gateway/credentials/issue-connection.ts';
import { basic } from '../unit/gateway/token/token-desk.ts';
import { startUpstream } from './start-upstream.ts';
import {
  askTokens,
  type Issued,
  logIn,
  SmallCluster,
  startWholeGateway,
  type WholeGateway,
} from './start-whole-gateway.ts';

const products = '/api/rest/v1/products';
const invalid = [401, 'The access token provided is invalid.'];
const noUser = [422, 'No user found for the given username and password'];

interface Scene extends Issued {
  readonly cluster: SmallCluster;
  readonly gateway: WholeGateway;
  /** Ends the answers that have begun. */
  finish(): void;
  /** Status and message of a call. */
  call(token: string): Promise<readonly [number, string?]>;
  /** Changes the Connection; resolves when the gateway was told. */
  change(change: (connection: Issued['connection']) => Issued['connection']): Promise<void>;
}

async function open(config = '', adopted = {}): Promise<Scene> {
  const finishers: (() => void)[] = [];
  const upstream = await startUpstream((request, response) => {
    if (!request.url?.endsWith('download')) return void response.end('{}');
    response.write('first ');
    finishers.push(() => response.end('last'));
  });
  const cluster = await SmallCluster.open();
  const issued = await cluster.issue({ adopted });
  const gateway = await startWholeGateway({ cluster, upstream: upstream.origin, config });
  let { connection } = issued;
  return {
    ...issued,
    cluster,
    gateway,
    finish: () => {
      for (const finish of finishers) finish();
    },
    call: async (token) => {
      const answer = await fetch(gateway.origin + products, { headers: { authorization: `Bearer ${token}` } });
      const { message } = (await answer.json()) as { message?: string };
      return message === undefined ? [answer.status] : [answer.status, message];
    },
    change: async (change) => {
      connection = await cluster.memory.put(change(connection));
    },
  };
}

test('suspended in the middle of a download: that goes on, the next call is 401, and after it the token is good again', async () => {
  const { gateway, values, finish, call, change } = await open();
  const { access_token } = await logIn(gateway, values);
  const headers = { authorization: `Bearer ${access_token}` };
  const download = await fetch(`${gateway.origin}${products}/download`, { headers });
  await change((connection) => ({ ...connection, spec: { ...connection.spec, suspend: true } }));
  expect(await call(access_token)).toEqual(invalid);
  await expect(logIn(gateway, values)).rejects.toThrow('422');
  finish();
  expect(await download.text()).toBe('first last');
  await change((connection) => ({ ...connection, spec: { ...connection.spec, suspend: false } }));
  expect(await call(access_token)).toEqual([200]);
});

test('a role that changes, goes or is closed to the namespace', async () => {
  const { gateway, values, cluster, call } = await open();
  const { access_token } = await logIn(gateway, values);
  const noAccess = [403, 'You are not allowed to access the web API.'];
  expect(await call(access_token)).toEqual([200]);
  await cluster.putRole('user', { permissions: [] });
  expect(await call(access_token)).toEqual([403, 'Access forbidden. You are not allowed to list products.']);
  await cluster.putRole('user', { overallAccess: false, permissions: ['pim_api_product_list'] });
  expect(await call(access_token)).toEqual(noAccess);
  // Who may call nothing gets tokens all the same, as from the PIM.
  expect(await call((await logIn(gateway, values)).access_token)).toEqual(noAccess);
  await cluster.putRole('user', { permissions: ['pim_api_product_list'], namespaces: ['elsewhere'] });
  expect(await call(access_token)).toEqual(noAccess);
  await cluster.putRole('user', { permissions: ['pim_api_product_list'], namespaces: ['team'] });
  expect(await call(access_token)).toEqual([200]);
  await cluster.memory.remove({ kind: 'ConnectionRole', metadata: { name: 'user' } });
  expect(await call(access_token)).toEqual(noAccess);
});

test('a secret that is rotated ends tokens and logins with the old one, and says who still uses it', async () => {
  const { gateway, values, cluster, call, change } = await open();
  const { access_token, refresh_token } = await logIn(gateway, values);
  await change((connection) => rotate(cluster.ring, connection, 'clientSecret', 'csec_new'));
  expect(await call(access_token)).toEqual(invalid);
  const fields = { grant_type: 'refresh_token', refresh_token };
  expect((await askTokens(gateway, values, fields)).status).toBe(422);
  const renewed = await askTokens(gateway, { ...values, clientSecret: 'csec_new' }, fields);
  expect(renewed.status).toBe(200);
  expect(await call(((await renewed.json()) as { access_token: string }).access_token)).toEqual([200]);
  await eventually(
    async () => {
      const metrics = await (await fetch(`${gateway.admin}/metrics`)).text();
      expect(metrics).toMatch(/^connection_gateway_warnings_total\{[^}]*retired[^}]*\} 1$/im);
    },
    { within: 20_000 },
  );
});

test('what is revoked is refused at once; the session of a refresh token ends with all its tokens', async () => {
  const { gateway, values, call } = await open();
  const [first, second] = [await logIn(gateway, values), await logIn(gateway, values)];
  const revoke = async (token: string): Promise<number> => {
    const headers = { authorization: basic(values) };
    const body = new URLSearchParams({ token, token_type_hint: 'access_token' });
    return (await fetch(`${gateway.origin}/oauth/revoke`, { method: 'POST', headers, body })).status;
  };
  expect([await revoke(first.refresh_token), await revoke('garbage')]).toEqual([200, 200]);
  expect(await call(first.access_token)).toEqual(invalid);
  const fields = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
  expect((await askTokens(gateway, values, fields)).status).toBe(422);
  expect(await call(second.access_token)).toEqual([200]);
  expect(await revoke(second.access_token)).toBe(200);
  expect(await call(second.access_token)).toEqual(invalid);
});

test('guesses of an adopted password are held back where they come from, and the connector at the same address is not', async () => {
  const { gateway, values } = await open('trustedProxies: [127.0.0.1]', { password: 'summer24' });
  await logIn(gateway, values);
  const guess = async (network: string) => {
    const fields = { grant_type: 'password', username: values.username, password: 'winter24' };
    const answer = await askTokens(gateway, values, fields, { 'x-forwarded-for': network });
    const { message } = (await answer.json()) as { message: string };
    return { answered: [answer.status, message], retryAfter: answer.headers.get('retry-after') };
  };
  for (let turn = 0; turn < 11; turn++) expect((await guess('127.0.0.1')).answered).toEqual(noUser);
  const held = await guess('127.0.0.1');
  expect(held.answered).toEqual([429, 'Too many failed attempts. Try again later.']);
  expect(held.retryAfter).toMatch(/^[1-9]\d?$/);
  expect((await logIn(gateway, values)).expires_in).toBe(3600);
  expect((await guess('192.0.2.1')).answered).toEqual(noUser);
});
