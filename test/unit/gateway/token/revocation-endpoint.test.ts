import { describe, expect, test } from 'vitest';
import { handleIntrospect } from '../../../../src/gateway/token/introspection-endpoint.ts';
import { handleRevoke } from '../../../../src/gateway/token/revocation-endpoint.ts';
import { buildForm, buildRequest, openMemoryStore, readError, TokenDesk } from './token-desk.ts';

const invalid = 'The access token provided is invalid.';

describe('what revocation and introspection ask of a client', () => {
  const endpoints = [
    ['revocation', handleRevoke],
    ['introspection', handleIntrospect],
  ] as const;

  test.each(endpoints)('%s: a wrong client is 401 and told the scheme to use', async (_name, handle) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const reply = await handle(desk.context, buildRequest(buildForm({ ...values, clientSecret: 'x' }, { token: 'x' })));
    expect(readError(reply)).toEqual([
      401,
      'Parameter "client_id" is missing or does not match any client, or secret is invalid',
    ]);
    expect(reply.headers['www-authenticate']).toMatch(/^Basic realm="/);
    expect(reply.headers['content-type']).toBe('application/json');
  });

  test.each(endpoints)('%s: an access token in place of client credentials is none', async (_name, handle) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const { access_token } = await desk.loginWell(values);
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await handle(desk.context, buildRequest({ headers, body: Buffer.from(`token=${access_token}`) }));
    expect(reply.status).toBe(401);
  });

  test.each(endpoints)('%s: no token is 400', async (_name, handle) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    for (const fields of [{}, { token: '' }]) {
      const reply = await handle(desk.context, buildRequest(buildForm(values, fields)));
      expect(readError(reply)).toEqual([400, 'Parameter "token" is missing or empty']);
    }
  });

  test.each(endpoints)('%s: another method is 405', async (_name, handle) => {
    const desk = await TokenDesk.open();
    const reply = await handle(desk.context, buildRequest({ method: 'GET' }));
    expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
  });

  test.each(endpoints)('%s: credentials in the body, and JSON, are understood', async (_name, handle) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const body = { client_id: values.clientId, client_secret: values.clientSecret, token: 'x' };
    const headers = { 'content-type': 'application/json' };
    const reply = await handle(desk.context, buildRequest({ headers, body: Buffer.from(JSON.stringify(body)) }));
    expect(reply.status).toBe(200);
  });
});

describe('a revocation', () => {
  test('of an access token ends that one alone', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const tokens = await desk.loginWell(values);
    const reply = await desk.revoke(values, tokens.access_token);
    expect([reply.status, reply.body]).toEqual([200, '{}']);
    expect(await desk.judge(tokens.access_token)).toBe(invalid);
    expect(await desk.judge((await desk.refreshWell(values, tokens.refresh_token)).access_token)).toBe('valid');
  });

  test('of a refresh token ends its whole session: every token of it, also a used one, and no other session', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const first = await desk.loginWell(values);
    const second = await desk.refreshWell(values, first.refresh_token);
    const other = await desk.loginWell(values);
    expect((await desk.revoke(values, first.refresh_token)).status).toBe(200);
    for (const { access_token } of [first, second]) expect(await desk.judge(access_token)).toBe(invalid);
    expect((await desk.refresh(values, second.refresh_token)).status).toBe(422);
    expect(await desk.judge(other.access_token)).toBe('valid');
    await desk.refreshWell(values, other.refresh_token);
  });

  test('of a session that never refreshed', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const tokens = await desk.loginWell(values);
    await desk.revoke(values, tokens.refresh_token);
    expect((await desk.refresh(values, tokens.refresh_token)).status).toBe(422);
  });

  test('of another client’s token does nothing and says nothing', async () => {
    const desk = await TokenDesk.open();
    const [erp, dam] = [await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam' })];
    const tokens = await desk.loginWell(erp.values, dam.values);
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const [foreign, garbage] = [await desk.revoke(dam.values, token), await desk.revoke(dam.values, 'garbage')];
      expect(foreign).toEqual(garbage);
    }
    expect(await desk.judge(tokens.access_token)).toBe('valid');
    await desk.refreshWell(erp.values, tokens.refresh_token);
  });

  test('is refused on another gateway within two seconds, and still after a restart', async () => {
    const store = await openMemoryStore();
    const here = await TokenDesk.open({ store });
    const { values } = await here.issue();
    const [one, two] = [await here.loginWell(values), await here.loginWell(values)];
    const there = await TokenDesk.open({ store, cluster: here.cluster });
    expect(await there.judge(one.access_token)).toBe('valid');
    await here.revoke(values, one.access_token);
    await here.revoke(values, two.refresh_token);
    await expect.poll(() => there.judge(one.access_token), { timeout: 2_000, interval: 50 }).toBe(invalid);
    expect(await there.judge(two.access_token)).toBe(invalid);
    const later = await TokenDesk.open({ store, cluster: here.cluster });
    expect(await later.judge(one.access_token)).toBe(invalid);
    expect(await later.judge(two.access_token)).toBe(invalid);
  });

  test('while the store is away is 503, and the token goes on', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const tokens = await desk.loginWell(values);
    desk.isStoreAway = true;
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const reply = await desk.revoke(values, token);
      expect(readError(reply)).toEqual([503, 'The token could not be revoked. Try again.']);
      expect(reply.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
    }
    expect(await desk.judge(tokens.access_token)).toBe('valid');
    desk.isStoreAway = false;
    expect((await desk.revoke(values, tokens.access_token)).status).toBe(200);
    expect(await desk.judge(tokens.access_token)).toBe(invalid);
  });

  test('holds as long as any token of the session can live, whichever of them was presented', async () => {
    const desk = await TokenDesk.open({ settings: { accessLifetime: 7200, refreshLifetime: 60 } });
    const { values } = await desk.issue();
    const tokens = await desk.loginWell(values);
    await desk.revoke(values, tokens.refresh_token);
    const [revocation] = await desk.context.store.listRevoked(0);
    expect(revocation?.expires).toBeGreaterThanOrEqual(desk.now + 7_200_000);
    expect(Number.isInteger(revocation?.expires)).toBe(true);
  });
});

describe('introspection', () => {
  test('of an own access token', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const { access_token } = await desk.loginWell(values);
    const iat = Math.floor(desk.now / 1000);
    expect(await desk.introspect(values, access_token)).toEqual({
      active: true,
      client_id: values.clientId,
      username: values.username,
      token_type: 'bearer',
      exp: iat + 3600,
      iat,
      sub: values.username,
      aud: 'default',
      iss: 'https://api.example.com',
      jti: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('of an own refresh token, while it is the next one', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const first = await desk.loginWell(values);
    const exp = Math.floor(desk.now / 1000) + 1_209_600;
    const { username } = values;
    const active = { active: true, client_id: values.clientId, username, exp, sub: username, aud: 'default' };
    expect(await desk.introspect(values, first.refresh_token)).toEqual({ ...active, iss: 'https://api.example.com' });
    const second = await desk.refreshWell(values, first.refresh_token);
    expect(await desk.introspect(values, first.refresh_token)).toEqual({ active: false });
    expect(await desk.introspect(values, second.refresh_token)).toMatchObject({ active: true });
    await desk.revoke(values, second.refresh_token);
    expect(await desk.introspect(values, second.refresh_token)).toEqual({ active: false });
  });

  test('asks for nothing: what it looked at still works', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const tokens = await desk.loginWell(values);
    await desk.introspect(values, tokens.refresh_token);
    await desk.refreshWell(values, tokens.refresh_token);
  });

  test('everything else is not active, and says no more', async () => {
    const desk = await TokenDesk.open({ settings: { accessLifetime: 60, refreshLifetime: 60 } });
    const [erp, dam] = [await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam' })];
    const tokens = await desk.loginWell(erp.values);
    const both = [tokens.access_token, tokens.refresh_token];
    for (const token of ['garbage', ...both])
      expect(await desk.introspect(dam.values, token)).toEqual({ active: false });
    await desk.cluster.put({ ...erp.connection, spec: { ...erp.connection.spec, suspend: true } });
    await desk.putRole('watcher', { introspect: true });
    const watcher = await desk.issue({ name: 'watcher', spec: { roleRef: { name: 'watcher' } } });
    for (const token of both) expect(await desk.introspect(watcher.values, token)).toEqual({ active: false });
    await desk.cluster.put(erp.connection);
    for (const token of both) expect(await desk.introspect(watcher.values, token)).toMatchObject({ active: true });
    desk.now += 60_000;
    for (const token of both) expect(await desk.introspect(erp.values, token)).toEqual({ active: false });
  });

  test('a role with introspect sees all; one that is gone, or of another namespace, does not', async () => {
    const desk = await TokenDesk.open();
    const erp = await desk.issue({ name: 'erp' });
    const watcher = await desk.issue({ name: 'watcher', spec: { roleRef: { name: 'watcher' } } });
    const { access_token } = await desk.loginWell(erp.values);
    const isActive = async () => (await desk.introspect(watcher.values, access_token)).active;
    expect(await isActive()).toBe(false);
    await desk.putRole('watcher', { introspect: true });
    expect(await isActive()).toBe(true);
    await desk.putRole('watcher', { introspect: true, namespaces: ['elsewhere'] });
    expect(await isActive()).toBe(false);
    await desk.putRole('watcher', { introspect: false });
    expect(await isActive()).toBe(false);
  });

  test('of a refresh token whose client is suspended, and not its user', async () => {
    const desk = await TokenDesk.open();
    const [erp, dam] = [await desk.issue({ name: 'erp' }), await desk.issue({ name: 'dam' })];
    await desk.putRole('watcher', { introspect: true });
    const watcher = await desk.issue({ name: 'watcher', spec: { roleRef: { name: 'watcher' } } });
    const { refresh_token } = await desk.loginWell(erp.values, dam.values);
    await desk.cluster.put({ ...erp.connection, spec: { ...erp.connection.spec, suspend: true } });
    expect(await desk.introspect(watcher.values, refresh_token)).toEqual({ active: false });
  });

  test('of a refresh token while the store is away is 503: nobody knows', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const { refresh_token, access_token } = await desk.loginWell(values);
    desk.isStoreAway = true;
    const reply = await handleIntrospect(desk.context, buildRequest(buildForm(values, { token: refresh_token })));
    expect(reply.status).toBe(503);
    expect(await desk.introspect(values, access_token)).toMatchObject({ active: true });
  });
});
