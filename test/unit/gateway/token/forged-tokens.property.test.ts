import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handleToken } from '../../../../src/gateway/token/token-endpoint.ts';
import { buildAccessTokenVerifier } from '../../../../src/gateway/token/verify-access-token.ts';
import { makeForeignKey, signToken, takeApart } from './forge-token.ts';
import { buildRequest, TokenDesk } from './token-desk.ts';

const documented = ['Authentication is required', 'The access token provided is invalid.'];

test('whatever stands in the header, nothing but the one good token passes, and nothing throws', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { access_token: good } = await desk.loginWell(values);
  const verify = buildAccessTokenVerifier(desk.context);
  const [header, payload, signature] = takeApart(good).parts;
  const part = fc.oneof(
    fc.constantFrom(header, payload, signature, ''),
    fc.base64String(),
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  const token = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    fc.string(),
  );
  const value = fc.oneof(
    token.map((text) => `Bearer ${text}`),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(value, async (authorization) => {
      const verified = await verify(authorization, desk.now);
      if (authorization === `Bearer ${good}`) return verified.kind === 'valid';
      return verified.kind === 'refused' && verified.status === 401 && documented.includes(verified.message);
    }),
    { numRuns: 2_000 },
  );
  expect(await desk.judge(good)).toBe('valid');
}, 60_000);

test('a single edit of a good token is never good', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { access_token: good } = await desk.loginWell(values);
  const edit = fc.record({ at: fc.nat(good.length - 1), cut: fc.nat(3), insert: fc.string({ maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, cut, insert }) => {
      const edited = good.slice(0, at) + insert + good.slice(at + cut);
      return edited === good || (await desk.verify(`Bearer ${edited}`)).kind === 'refused';
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test('claims that another key signed are never good, whatever they say', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const { header, claims } = takeApart((await desk.loginWell(values)).access_token);
  const foreign = makeForeignKey();
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...Object.keys(header), 'crit', 'jwk', 'x'), fc.jsonValue()),
      async (more) => {
        const token = signToken(foreign, { ...header, ...more }, claims);
        return (await desk.verify(token)).kind === 'refused';
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test('a body of any shape gets one of the documented answers, and nothing throws', async () => {
  const desk = await TokenDesk.open();
  await desk.issue();
  const statuses = [400, 413, 415, 422];
  const fields = fc.dictionary(
    fc.constantFrom(
      'grant_type',
      'client_id',
      'client_secret',
      'username',
      'password',
      'refresh_token',
      'scope',
      '__proto__',
    ),
    fc.oneof(fc.constantFrom('password', 'refresh_token', 'client_credentials'), fc.jsonValue()),
  );
  const body = fc.oneof(
    fields.map((object) => Buffer.from(JSON.stringify(object))),
    fields.map((object) =>
      Buffer.from(
        new URLSearchParams(
          Object.entries(object).map(([key, value]): [string, string] => [
            key,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ).toString(),
      ),
    ),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.alloc(8193, 0x20)),
  );
  const type = fc.oneof(
    fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'application/json;charset=x'),
    fc.string(),
  );
  const authorization = fc.oneof(
    fc.string(),
    fc.string().map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
  );
  await fc.assert(
    fc.asyncProperty(body, type, authorization, async (bytes, contentType, header) => {
      const reply = await handleToken(
        desk.context,
        buildRequest({ body: bytes, headers: { 'content-type': contentType, authorization: header } }),
      );
      const { code, message, ...rest } = JSON.parse(reply.body);
      return (
        statuses.includes(reply.status) &&
        code === reply.status &&
        typeof message === 'string' &&
        Object.keys(rest).length === 0
      );
    }),
    { numRuns: 2_000 },
  );
}, 60_000);
