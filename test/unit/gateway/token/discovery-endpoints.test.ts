import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { handleJwks, handleMetadata } from '../../../../src/gateway/token/discovery-endpoints.ts';
import { buildKeySecret, makeKeyData } from '../keys/build-key-secret.ts';
import { buildRequest, TokenDesk } from './token-desk.ts';

test('metadata names the address that the client called as issuer, and endpoints beneath it (RFC 8414)', async () => {
  const desk = await TokenDesk.open();
  const publicOrigin = 'https://gateway.example:8443';
  const reply = handleMetadata(desk.context, buildRequest({ method: 'GET', publicOrigin }));
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json');
  expect(JSON.parse(reply.body)).toEqual({
    issuer: publicOrigin,
    token_endpoint: `${publicOrigin}/api/oauth/v1/token`,
    revocation_endpoint: `${publicOrigin}/oauth/revoke`,
    introspection_endpoint: `${publicOrigin}/oauth/introspect`,
    jwks_uri: `${publicOrigin}/.well-known/jwks.json`,
    grant_types_supported: ['password', 'refresh_token'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  });
});

test('with the published keys anybody can verify a token by the rules of RFC 9068, and no private part is there', async () => {
  const data = makeKeyData();
  const desk = await TokenDesk.open({ keyData: data });
  const { values } = await desk.issue();
  const before = await desk.loginWell(values);
  await desk.cluster.put(buildKeySecret({ ...data, ...makeKeyData(['signing'], Date.now() + 60_000) }));
  const after = await desk.loginWell(values);
  const reply = handleJwks(desk.context, buildRequest({ method: 'GET' }));
  const { keys } = JSON.parse(reply.body);
  expect(keys).toHaveLength(2);
  expect(keys[0].kid).toBe(desk.keys.current?.newestSigning?.id);
  for (const key of keys) {
    expect(key).toEqual({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: key.kid, x: key.x });
  }
  for (const { access_token } of [before, after]) {
    const options = { audience: 'default', issuer: 'https://api.example.com', typ: 'at+jwt', algorithms: ['EdDSA'] };
    const { payload } = await jwtVerify(access_token, createLocalJWKSet({ keys }), options);
    expect(payload.client_id).toBe(values.clientId);
  }
});

test('without keys it is 503, and again when they are there', async () => {
  const data = makeKeyData();
  const desk = await TokenDesk.open({ keyData: data });
  await desk.cluster.remove(buildKeySecret({}));
  const reply = handleJwks(desk.context, buildRequest({ method: 'GET' }));
  expect([reply.status, reply.headers['retry-after']]).toEqual([503, '5']);
  await desk.cluster.put(buildKeySecret(data));
  expect(handleJwks(desk.context, buildRequest({ method: 'GET' })).status).toBe(200);
});

test.each([
  ['metadata', handleMetadata],
  ['keys', handleJwks],
] as const)('%s: GET and HEAD alone', async (_name, handle) => {
  const desk = await TokenDesk.open();
  expect(handle(desk.context, buildRequest({ method: 'HEAD' })).status).toBe(200);
  const reply = handle(desk.context, buildRequest({ method: 'POST' }));
  expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD']);
});
