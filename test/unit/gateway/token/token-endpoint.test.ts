import { describe, expect, test } from 'vitest';
import type { OwnRequest } from '../../../../src/gateway/token/own-request.ts';
import type { ConnectorValues } from '../credentials/issue-connection.ts';
import { basic, buildForm, readError, readPair, TokenDesk } from './token-desk.ts';

type Given = Partial<OwnRequest> & { readonly headers?: Readonly<Record<string, string>> };

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const message = {
  grant: 'Parameter "grant_type", "username" or "password" is missing, empty or invalid',
  client: 'Parameter "client_id" is missing or does not match any client, or secret is invalid',
  foreign: 'This grant type is not authorized for this client',
  user: 'No user found for the given username and password',
  refresh: 'Parameter "grant_type" or "refresh_token" is missing or empty',
  token: 'Refresh token is invalid or has expired',
  scope: 'An unsupported scope was requested.',
  badJson: 'Invalid json message received',
  tooLong: 'Request content exceeded the maximum allowed size of 8192 bytes',
  noType:
    'The "Content-Type" header is missing. "application/json" or "application/x-www-form-urlencoded" has to be specified as value.',
};
const wrongType = (type: string): string =>
  `"${type}" in "Content-Type" header is not valid. Only "application/json" or "application/x-www-form-urlencoded" are allowed.`;

/** A request as JSON, with Basic. */
const asJson = (client: ConnectorValues, fields: object): Given => ({
  headers: { authorization: basic(client), 'content-type': json },
  body: Buffer.from(JSON.stringify(fields)),
});
const password = ({ username, password }: ConnectorValues): Record<string, string> => ({
  grant_type: 'password',
  username,
  password,
});
const text = (type: string | undefined, body: string | Buffer, headers: Record<string, string> = {}): Given => ({
  headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
  body: Buffer.from(body),
});

/** Every refusal: what is sent by a connector with these values, and the status and message that come back. */
const refusals: readonly (readonly [string, (values: ConnectorValues) => Given, number, string])[] = [
  // Length, then type, then form of the body.
  ['a body of 8193 bytes', () => text(json, `{"a":"${'x'.repeat(8193 - 8)}"}`), 413, message.tooLong],
  ['too long beats a wrong type', () => text('text/plain', 'x'.repeat(8193)), 413, message.tooLong],
  ['no Content-Type, no body', () => text(undefined, ''), 415, message.noType],
  ['an empty Content-Type', () => text('', ''), 415, message.noType],
  ['parameters alone', () => text('; charset=utf-8', '{}'), 415, message.noType],
  ['another type', () => text('application/xml', '<a/>'), 415, wrongType('application/xml')],
  ['another type with parameters', () => text('text/plain; charset=utf-8', ''), 415, wrongType('text/plain')],
  ['a type that begins as ours', () => text('application/json2', '{}'), 415, wrongType('application/json2')],
  ['a multipart form', () => text('multipart/form-data; boundary=x', ''), 415, wrongType('multipart/form-data')],
  ['a type in other letters', () => text('tëxt/plain', ''), 415, wrongType('t?xt/plain')],
  ['JSON that is cut', () => text(json, '{"grant_type":'), 400, message.badJson],
  ['two JSON values', () => text(json, '{}{}'), 400, message.badJson],
  ['a form that says it is JSON', () => text(json, 'grant_type=password'), 400, message.badJson],
  ['blanks as JSON', () => text(json, ' \n'), 400, message.badJson],
  ['null', () => text(json, 'null'), 400, message.badJson],
  ['a number', () => text(json, '5'), 400, message.badJson],
  ['a text', () => text(json, '"password"'), 400, message.badJson],
  ['true', () => text(json, 'true'), 400, message.badJson],
  ['a byte order mark', () => text(json, '\ufeff{"grant_type":"password"}'), 400, message.badJson],
  ['a byte order mark alone', () => text(json, '\ufeff'), 400, message.badJson],
  ['UTF-16', () => text(json, Buffer.from('{}', 'utf16le')), 400, message.badJson],
  ['no UTF-8', () => text(json, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400, message.badJson],
  ['nested beyond reason', () => text(json, '['.repeat(8000)), 400, message.badJson],

  // Grant type, before the client.
  ['no body as JSON', () => text(json, ''), 422, message.grant],
  ['no body as a form', () => text(form, ''), 422, message.grant],
  ['an empty object', (values) => asJson(values, {}), 422, message.grant],
  ['a list', (values) => asJson(values, ['password']), 422, message.grant],
  ['grant_type empty', (values) => asJson(values, { ...password(values), grant_type: '' }), 422, message.grant],
  [
    'grant_type unknown',
    (values) => asJson(values, { ...password(values), grant_type: 'implicit' }),
    422,
    message.grant,
  ],
  ['grant_type null', (values) => asJson(values, { ...password(values), grant_type: null }), 422, message.grant],
  [
    'grant_type a list',
    (values) => asJson(values, { ...password(values), grant_type: ['password'] }),
    422,
    message.grant,
  ],
  [
    'grant_type in capitals',
    (values) => asJson(values, { ...password(values), grant_type: 'Password' }),
    422,
    message.grant,
  ],
  [
    'grant_type with a blank',
    (values) => asJson(values, { ...password(values), grant_type: 'password ' }),
    422,
    message.grant,
  ],
  [
    'grant_type with a line break',
    (values) => asJson(values, { ...password(values), grant_type: 'password\n' }),
    422,
    message.grant,
  ],
  ['urn: with nothing behind it', (values) => asJson(values, { grant_type: 'urn:' }), 422, message.grant],
  [
    'fields named like properties of objects',
    () => text(json, '{"__proto__":{"grant_type":"password"},"constructor":"x"}'),
    422,
    message.grant,
  ],
  [
    'a wrong grant type beats a wrong client',
    () => text(json, '{"grant_type":"x","client_id":"nobody"}'),
    422,
    message.grant,
  ],

  // The client, before the grant and the user.
  ['no client at all', (values) => text(json, JSON.stringify(password(values))), 422, message.client],
  [
    'client_id alone',
    ({ clientId, ...values }) =>
      text(json, JSON.stringify({ ...password({ clientId, ...values }), client_id: clientId })),
    422,
    message.client,
  ],
  ['an unknown client', (values) => asJson({ ...values, clientId: 'nobody' }, password(values)), 422, message.client],
  [
    'the client id in capitals',
    (values) => asJson({ ...values, clientId: values.clientId.toUpperCase() }, password(values)),
    422,
    message.client,
  ],
  [
    'the username as client id',
    (values) => asJson({ ...values, clientId: values.username }, password(values)),
    422,
    message.client,
  ],
  ['a wrong secret', (values) => asJson({ ...values, clientSecret: 'wrong' }, password(values)), 422, message.client],
  [
    'the password as secret',
    (values) => asJson({ ...values, clientSecret: values.password }, password(values)),
    422,
    message.client,
  ],
  ['an empty secret', (values) => asJson({ ...values, clientSecret: '' }, password(values)), 422, message.client],
  [
    'a blank behind the secret',
    (values) => asJson({ ...values, clientSecret: `${values.clientSecret} ` }, password(values)),
    422,
    message.client,
  ],
  [
    'Basic wins over a right body',
    (values) =>
      asJson(
        { ...values, clientSecret: 'wrong' },
        { ...password(values), client_id: values.clientId, client_secret: values.clientSecret },
      ),
    422,
    message.client,
  ],
  [
    'a wrong client beats a foreign grant',
    (values) => asJson({ ...values, clientSecret: 'x' }, { grant_type: 'client_credentials' }),
    422,
    message.client,
  ],
  [
    'a wrong client beats a missing username',
    (values) => asJson({ ...values, clientSecret: 'x' }, { grant_type: 'password' }),
    422,
    message.client,
  ],
  [
    'a wrong client beats a wrong refresh token',
    (values) => asJson({ ...values, clientSecret: 'x' }, { grant_type: 'refresh_token', refresh_token: 'x' }),
    422,
    message.client,
  ],

  // Grants that exist elsewhere.
  ...[
    'authorization_code',
    'client_credentials',
    'token',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'http://a.example',
    'https://a.example',
  ].map(
    (type) =>
      [
        `grant ${type}`,
        (values: ConnectorValues) => asJson(values, { grant_type: type }),
        422,
        message.foreign,
      ] as const,
  ),

  // The user.
  [
    'no username',
    ({ ...values }) => asJson(values, { grant_type: 'password', password: values.password }),
    422,
    message.grant,
  ],
  [
    'no password',
    (values) => asJson(values, { grant_type: 'password', username: values.username }),
    422,
    message.grant,
  ],
  ['an empty username', (values) => asJson(values, { ...password(values), username: '' }), 422, message.grant],
  ['an empty password', (values) => asJson(values, { ...password(values), password: '' }), 422, message.grant],
  ['a password that is null', (values) => asJson(values, { ...password(values), password: null }), 422, message.grant],
  [
    'a password that is a list',
    (values) => asJson(values, { ...password(values), password: [values.password] }),
    422,
    message.grant,
  ],
  [
    'a password that is an object',
    (values) => asJson(values, { ...password(values), password: {} }),
    422,
    message.grant,
  ],
  [
    'password[] in a form',
    (values) => ({
      ...buildForm(values, { grant_type: 'password', username: values.username, 'password[]': values.password }),
    }),
    422,
    message.grant,
  ],
  ['an unknown username', (values) => asJson(values, { ...password(values), username: 'nobody' }), 422, message.user],
  [
    'the client id as username',
    (values) => asJson(values, { ...password(values), username: values.clientId }),
    422,
    message.user,
  ],
  ['a wrong password', (values) => asJson(values, { ...password(values), password: 'wrong' }), 422, message.user],
  [
    'the secret as password',
    (values) => asJson(values, { ...password(values), password: values.clientSecret }),
    422,
    message.user,
  ],
  [
    'a password that is a number',
    (values) => asJson(values, { ...password(values), password: 1234 }),
    422,
    message.user,
  ],
  [
    'a wrong user beats a scope',
    (values) => asJson(values, { ...password(values), password: 'x', scope: 'a' }),
    422,
    message.user,
  ],
  ['a scope', (values) => asJson(values, { ...password(values), scope: 'read' }), 422, message.scope],

  // The refresh token.
  ['no refresh_token', (values) => asJson(values, { grant_type: 'refresh_token' }), 422, message.refresh],
  [
    'an empty refresh_token',
    (values) => asJson(values, { grant_type: 'refresh_token', refresh_token: '' }),
    422,
    message.refresh,
  ],
  [
    'a refresh_token that is a list',
    (values) => asJson(values, { grant_type: 'refresh_token', refresh_token: [] }),
    422,
    message.refresh,
  ],
  [
    'garbage as refresh_token',
    (values) => asJson(values, { grant_type: 'refresh_token', refresh_token: 'garbage' }),
    422,
    message.token,
  ],
  [
    'a wrong refresh token beats a scope',
    (values) => asJson(values, { grant_type: 'refresh_token', refresh_token: 'x', scope: 'a' }),
    422,
    message.token,
  ],
];

describe('refuses, in the words of the PIM and in its order,', () => {
  test.each(refusals)('%s', async (_name, build, status, sentence) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const reply = await desk.token(build(values));
    expect(reply.body).toBe(JSON.stringify({ code: status, message: sentence }));
    expect(reply.status).toBe(status);
    expect(reply.headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(reply.body).not.toContain(values.clientSecret);
    expect(reply.body).not.toContain(values.password);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s', async (method) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const reply = await desk.token({ ...asJson(values, password(values)), method });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
    const message = `No route found for '${method} /api/oauth/v1/token': Method Not Allowed (Allow: POST)`;
    expect(reply.body).toBe(JSON.stringify({ code: 405, message }));
  });
});

/** Every way in which the right values may come. */
const accepted: readonly (readonly [string, (values: ConnectorValues) => Given])[] = [
  ['JSON and Basic', (values) => asJson(values, password(values))],
  ['a form and Basic', (values) => buildForm(values, password(values))],
  [
    'JSON and a client in the body',
    (values) =>
      text(
        json,
        JSON.stringify({ ...password(values), client_id: values.clientId, client_secret: values.clientSecret }),
      ),
  ],
  [
    'a form and a client in the body',
    (values) =>
      text(
        form,
        new URLSearchParams({
          ...password(values),
          client_id: values.clientId,
          client_secret: values.clientSecret,
        }).toString(),
      ),
  ],
  [
    'charset=utf-8',
    (values) =>
      text('application/json; charset=utf-8', JSON.stringify(password(values)), { authorization: basic(values) }),
  ],
  [
    'a charset of a form',
    (values) =>
      text(`${form};charset=UTF-8`, new URLSearchParams(password(values)).toString(), { authorization: basic(values) }),
  ],
  [
    'a type in capitals',
    (values) => text('Application/JSON', JSON.stringify(password(values)), { authorization: basic(values) }),
  ],
  ['a scope that is empty', (values) => asJson(values, { ...password(values), scope: '' })],
  ['a scope that is null', (values) => asJson(values, { ...password(values), scope: null })],
  ['fields that nobody knows', (values) => asJson(values, { ...password(values), audience: 'x', nested: { a: [1] } })],
  [
    'a field that stands twice: the last one counts',
    (values) => text(form, `grant_type=x&${new URLSearchParams(password(values))}`, { authorization: basic(values) }),
  ],
  [
    'a wrong client in the body beside the right Basic',
    (values) => asJson(values, { ...password(values), client_id: 'nobody', client_secret: 'wrong' }),
  ],
  [
    'basic in small letters',
    (values) =>
      text(json, JSON.stringify(password(values)), { authorization: basic(values).replace('Basic', 'basic') }),
  ],
  [
    'Basic without padding',
    (values) => text(json, JSON.stringify(password(values)), { authorization: basic(values).replaceAll('=', '') }),
  ],
  [
    'Basic without a client id, and one in the body',
    (values) =>
      text(
        json,
        JSON.stringify({ ...password(values), client_id: values.clientId, client_secret: values.clientSecret }),
        { authorization: 'Basic Og==' },
      ),
  ],
  [
    'Basic that is no base64, and a client in the body',
    (values) =>
      text(
        json,
        JSON.stringify({ ...password(values), client_id: values.clientId, client_secret: values.clientSecret }),
        { authorization: 'Basic äöü' },
      ),
  ],
  [
    'an old access token in the header, and a client in the body',
    (values) =>
      text(
        json,
        JSON.stringify({ ...password(values), client_id: values.clientId, client_secret: values.clientSecret }),
        { authorization: 'Bearer x' },
      ),
  ],
  [
    'a body of 8192 bytes',
    (values) => {
      const short = JSON.stringify({ ...password(values), fill: '' });
      return text(json, JSON.stringify({ ...password(values), fill: 'x'.repeat(8192 - short.length) }), {
        authorization: basic(values),
      });
    },
  ],
];

describe('hands out tokens for', () => {
  test.each(accepted)('%s', async (_name, build) => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const { access_token } = readPair(await desk.token(build(values)));
    expect(await desk.judge(access_token)).toBe('valid');
  });

  test('an adopted client whose parts are percent-encoded in Basic, also when they hold a colon, a plus and a percent', async () => {
    const desk = await TokenDesk.open();
    const adopted = { clientSecret: 'a:b+c%d &e', password: '12345678' };
    const { values } = await desk.issue({ adopted, clientId: 'erp@shop.example' });
    const encode = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2);
    const encoded = { clientId: encode(values.clientId), clientSecret: encode(values.clientSecret) };
    for (const client of [values, encoded]) {
      const headers = { authorization: basic(client), 'content-type': json };
      const body = Buffer.from(JSON.stringify(password(values)));
      expect((await desk.token({ headers, body })).status).toBe(200);
    }
  });

  test('an adopted password of digits that comes as a number', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue({ adopted: { password: '12345678' } });
    const reply = await desk.token(asJson(values, { ...password(values), password: 12_345_678 }));
    expect(reply.status).toBe(200);
  });
});

describe('a reply with tokens', () => {
  test('has the fields of the PIM in its order, and its headers', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const reply = await desk.login(values);
    expect(reply.body).toMatch(
      /^\{"access_token":"[A-Za-z0-9_.-]+","expires_in":3600,"token_type":"bearer","scope":null,"refresh_token":"[A-Za-z0-9_-]{1,180}"\}$/,
    );
    expect(reply.headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      pragma: 'no-cache',
    });
    const refreshed = await desk.refresh(values, JSON.parse(reply.body).refresh_token);
    expect(Object.keys(JSON.parse(refreshed.body))).toEqual(Object.keys(JSON.parse(reply.body)));
    expect(refreshed.headers).toEqual(reply.headers);
  });

  test('says how long the token lives, in seconds', async () => {
    const desk = await TokenDesk.open({ settings: { accessLifetime: 900 } });
    const { values } = await desk.issue();
    expect(JSON.parse((await desk.login(values)).body).expires_in).toBe(900);
  });

  test('tells that the connection was used, and counts', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    const { uid } = connection.metadata;
    await desk.refreshWell(values, (await desk.loginWell(values)).refresh_token);
    await desk.login({ ...values, password: 'wrong' });
    expect(desk.reported.used).toEqual([
      [uid, uid],
      [uid, uid],
    ]);
    expect(desk.reported.outcomes).toEqual(['granted', 'refreshed', 'rejected']);
  });
});

describe('no tokens while', () => {
  test('what is known is too old: 503, also for a refresh, and nothing is used up', async () => {
    const desk = await TokenDesk.open();
    const { values } = await desk.issue();
    const { refresh_token } = await desk.loginWell(values);
    desk.isStale = true;
    for (const reply of [await desk.login(values), await desk.refresh(values, refresh_token)]) {
      expect(readError(reply)).toEqual([503, 'Tokens cannot be issued at the moment. Try again later.']);
      expect(reply.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
    }
    expect(desk.reported.outcomes.slice(1)).toEqual(['unavailable', 'unavailable']);
    desk.isStale = false;
    await desk.refreshWell(values, refresh_token);
  });

  test('the Connection has not been issued', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    const { status: _, ...unissued } = connection;
    await desk.cluster.put(unissued);
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
  });

  test('it is suspended, and again afterwards', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    await desk.cluster.put({ ...connection, spec: { ...connection.spec, suspend: true } });
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
    await desk.cluster.put(connection);
    expect((await desk.login(values)).status).toBe(200);
  });

  test('it is being deleted, however long a finalizer keeps it', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    const metadata = { ...connection.metadata, deletionTimestamp: '2026-01-31T09:00:00Z', finalizers: ['a/b'] };
    await desk.cluster.put({ ...connection, metadata });
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
  });

  test('it is gone', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    await desk.cluster.remove(connection);
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
  });

  test('a revoke is asked for and nobody has acted on it', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue({ spec: { rotation: { overlap: '1h' } } });
    const annotations = { 'connect.pim.dev/revoke': 'leaked' };
    await desk.cluster.put({ ...connection, metadata: { ...connection.metadata, annotations } });
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
  });

  test('a rotation of the password without overlap is asked for: the client is right, the user is not', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    const annotations = { 'connect.pim.dev/rotate-password': '1' };
    await desk.cluster.put({ ...connection, metadata: { ...connection.metadata, annotations } });
    expect(readError(await desk.login(values))).toEqual([422, message.user]);
  });

  test('its status is that of another object (a restored backup)', async () => {
    const desk = await TokenDesk.open();
    const { connection, values } = await desk.issue();
    const metadata = { ...connection.metadata, uid: '00000000-0000-4000-8000-000000000000' };
    await desk.cluster.remove(connection);
    await desk.cluster.put({ ...connection, metadata });
    expect(readError(await desk.login(values))).toEqual([422, message.client]);
  });
});
