import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { buildAccessTokenVerifier } from '../../../../src/gateway/token/verify-access-token.ts';
import { rotate } from '../credentials/issue-connection.ts';
import { buildKeySecret, makeKeyData } from '../keys/build-key-secret.ts';
import { encode, makeForeignKey, publicForms, signToken, signWithHmac, takeApart } from './forge-token.ts';
import { openMemoryStore, TokenDesk } from './token-desk.ts';

const invalid = 'The access token provided is invalid.';
const expired = 'The access token provided has expired.';
const missing = 'Authentication is required';

interface Scene {
  readonly desk: TokenDesk;
  readonly connection: Connection;
  readonly token: string;
}

async function openScene(): Promise<Scene> {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  return { desk, connection, token: (await desk.loginWell(values)).access_token };
}

function signingKey({ desk }: Scene) {
  const key = desk.keys.current?.newestSigning;
  if (!key) throw new Error('no key');
  return key;
}

test('is a JWT of type at+jwt, signed with EdDSA, that carries what binds it', async () => {
  const { desk, connection, token } = await openScene();
  const { header, claims } = takeApart(token);
  const { uid } = connection.metadata;
  const { clientId, username, credentials } = connection.status ?? {};
  expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: desk.keys.current?.newestSigning?.id });
  expect(claims).toEqual({
    iss: 'https://api.example.com',
    aud: 'default',
    sub: username,
    client_id: clientId,
    iat: Math.floor(desk.now / 1000),
    exp: Math.floor(desk.now / 1000) + 3600,
    jti: expect.stringMatching(/^[0-9a-f]{32}$/),
    sid: expect.stringMatching(/^[0-9a-f]{32}$/),
    client: { uid, version: credentials?.clientSecret?.[0]?.version },
    user: { uid, version: credentials?.password?.[0]?.version },
  });
  expect(token.length).toBeLessThan(1024);
});

describe('the header', () => {
  const headers: readonly (readonly [string, (token: string) => string | undefined, string])[] = [
    ['none', () => undefined, missing],
    ['empty', () => '', missing],
    ['the scheme alone', () => 'Bearer', missing],
    ['the scheme and a blank', () => 'Bearer ', missing],
    ['another scheme', (token) => `Basic ${token}`, missing],
    ['the scheme in small letters, which the PIM does not know', (token) => `bearer ${token}`, missing],
    ['no scheme', (token) => token, missing],
    ['two blanks', (token) => `Bearer  ${token}`, invalid],
    ['something behind the token', (token) => `Bearer ${token} x`, invalid],
    ['two tokens', (token) => `Bearer ${token},${token}`, invalid],
    ['garbage', () => 'Bearer garbage', invalid],
  ];
  test.each(headers)('%s', async (_name, build, message) => {
    const { desk, token } = await openScene();
    const verify = buildAccessTokenVerifier(desk.context);
    expect(await verify(build(token), desk.now)).toEqual({ kind: 'refused', status: 401, message });
  });
});

test('a token is known where it was made, and what it stands for is still looked at', async () => {
  const { desk, token } = await openScene();
  expect(desk.context.known.get(token)?.claims).toEqual(takeApart(token).claims);
  const verify = buildAccessTokenVerifier({ ...desk.context, revoked: { has: () => true } as never });
  expect(verify(`Bearer ${token}`, desk.now)).toMatchObject({ kind: 'refused', message: invalid });
});

/** Tokens that nobody of ours made, or of another kind: built from a good one. */
const forgeries: readonly (readonly [string, (scene: Scene) => string | readonly string[]])[] = [
  [
    'alg none without a signature',
    ({ token }) => {
      const { header, claims } = takeApart(token);
      return ['none', 'None', 'NONE', ''].flatMap((alg) => [
        `${encode({ ...header, alg })}.${encode(claims)}.`,
        `${encode({ ...header, alg })}.${encode(claims)}`,
        `${encode({ ...header, alg })}.${token.split('.').slice(1).join('.')}`,
      ]);
    },
  ],
  [
    'HS256 with the public key as secret',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      return publicForms(signingKey(scene)).map((secret) => signWithHmac(secret, { ...header, alg: 'HS256' }, claims));
    },
  ],
  [
    'an HMAC under the public key that says EdDSA',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      return publicForms(signingKey(scene)).map((secret) => signWithHmac(secret, header, claims));
    },
  ],
  [
    'signed by our key under another alg',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      const { privateKey } = signingKey(scene);
      return ['Ed25519', 'ES256', 'eddsa', 'EdDSA ', null, 5].map((alg) =>
        signToken(privateKey, { ...header, alg }, claims),
      );
    },
  ],
  [
    'signed by a key of its own, sent along in every way',
    ({ token }) => {
      const { header, claims } = takeApart(token);
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const jwk = publicKey.export({ format: 'jwk' });
      return [{}, { jwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example' }, { x5c: [jwk.x] }].map(
        (more) => signToken(privateKey, { ...header, ...more }, claims),
      );
    },
  ],
  [
    'another cluster’s key under our key’s id',
    ({ token }) => {
      const { header, claims } = takeApart(token);
      return signToken(makeForeignKey(), header, claims);
    },
  ],
  [
    'another kid',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      const { privateKey, id } = signingKey(scene);
      const kids = [
        '',
        'x',
        `${id} `,
        `../${id}`,
        `signing-${id}`,
        '/dev/null',
        '__proto__',
        'constructor',
        "' OR 1=1 --",
        null,
        0,
        [id],
        { id },
        undefined,
      ];
      return kids.map((kid) => signToken(privateKey, { ...header, kid }, claims));
    },
  ],
  [
    'another type',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      const types = [
        'JWT',
        'jwt',
        'AT+JWT',
        'at+JWT',
        'application/at+jwt',
        'at+jwt ',
        '',
        null,
        undefined,
        ['at+jwt'],
      ];
      return types.map((typ) => signToken(signingKey(scene).privateKey, { ...header, typ }, claims));
    },
  ],
  [
    'critical headers, also known ones',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      const more = [
        { crit: ['x'], x: 1 },
        { crit: ['exp'], exp: 1 },
        { crit: [] },
        { crit: 'x' },
        { crit: null },
        { crit: ['b64'], b64: false },
      ];
      return more.map((extra) => signToken(signingKey(scene).privateKey, { ...header, ...extra }, claims));
    },
  ],
  [
    'a token in a token',
    (scene) => signToken(signingKey(scene).privateKey, takeApart(scene.token).header, scene.token),
  ],
  [
    'a payload that is no object',
    (scene) => {
      const { header } = takeApart(scene.token);
      return ['null', '5', '"x"', '[]', '{', '', '{}'].map((payload) =>
        signToken(signingKey(scene).privateKey, header, payload),
      );
    },
  ],
  [
    'claims that are missing or of another type',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      return Object.keys(claims).flatMap((name) =>
        [undefined, null, {}, [], 1.5, true].map((value) =>
          signToken(signingKey(scene).privateKey, header, { ...claims, [name]: value }),
        ),
      );
    },
  ],
  [
    'another audience',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      return ['production', 'DEFAULT', '', 'default '].map((aud) =>
        signToken(signingKey(scene).privateKey, header, { ...claims, aud }),
      );
    },
  ],
  [
    'another uid or version',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      const side = claims.client as { readonly uid: string; readonly version: string };
      const sides = [
        { ...side, uid: 'x' },
        { ...side, uid: '__proto__' },
        { ...side, version: '2-xxxxxx' },
        { ...side, version: '' },
      ];
      return sides.flatMap((other) => [
        signToken(signingKey(scene).privateKey, header, { ...claims, client: other }),
        signToken(signingKey(scene).privateKey, header, { ...claims, user: other }),
      ]);
    },
  ],
  [
    'secret and password versions swapped',
    (scene) => {
      const { header, claims } = takeApart(scene.token);
      return signToken(signingKey(scene).privateKey, header, { ...claims, client: claims.user, user: claims.client });
    },
  ],
  ['cut anywhere', ({ token }) => Array.from({ length: token.length / 3 }, (_, i) => token.slice(0, i * 3))],
  [
    'each character changed',
    ({ token }) =>
      [...token]
        .map((letter, i) => `${token.slice(0, i)}${letter === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`)
        .filter((_, i) => i % 3 === 0),
  ],
  [
    'parts swapped, doubled, left out',
    ({ token }) => {
      const [a, b, c] = takeApart(token).parts;
      return [
        `${b}.${a}.${c}`,
        `${a}.${c}.${b}`,
        `${a}.${b}.${c}.${c}`,
        `${a}.${b}`,
        `${a}..${c}`,
        `.${b}.${c}`,
        `${a}.${b}.`,
        '..',
        '.',
        `${a}.${b}.${c}.`,
      ];
    },
  ],
  [
    'other spellings of the same bytes',
    ({ token }) => {
      const [a, b, c] = takeApart(token).parts;
      const sister = c.slice(0, -1) + ({ A: 'B', Q: 'R', g: 'h', w: 'x' }[c.at(-1) ?? ''] ?? '');
      return [
        `${a}.${b}.${sister}`,
        `${a}.${b}.${c}==`,
        `${a}=.${b}.${c}`,
        `${a}.${b}.${c}~`,
        `${a}.${b}.${c.slice(0, 40)}\n${c.slice(40)}`,
        `${a}.${b}. ${c}`,
      ];
    },
  ],
];

test.each(forgeries)(
  'refused: %s',
  async (_name, forge) => {
    const scene = await openScene();
    const forged = forge(scene);
    for (const token of typeof forged === 'string' ? [forged] : forged) {
      const verify = buildAccessTokenVerifier(scene.desk.context);
      expect(await verify(`Bearer ${token}`, scene.desk.now)).toMatchObject({
        kind: 'refused',
        message: expect.not.stringContaining('expired'),
      });
    }
    expect(await scene.desk.judge(scene.token)).toBe('valid');
  },
  30_000,
);

test('a token of a gateway with another name is refused, whose key and connection are the same', async () => {
  const keyData = makeKeyData();
  const store = await openMemoryStore();
  const staging = await TokenDesk.open({ keyData, store, settings: { name: 'staging' } });
  const { connection, values } = await staging.issue();
  const production = await TokenDesk.open({ keyData, store, settings: { name: 'production' } });
  await production.cluster.put(connection);
  const { access_token } = await staging.loginWell(values);
  expect(await production.judge(access_token)).toBe(invalid);
  expect(await staging.judge(access_token)).toBe('valid');
});

test('a gateway that starts later accepts what was made before', async () => {
  const store = await openMemoryStore();
  const before = await TokenDesk.open({ store });
  const { values } = await before.issue();
  const { access_token } = await before.loginWell(values);
  const after = await TokenDesk.open({ store, cluster: before.cluster });
  expect(await after.judge(access_token)).toBe('valid');
});

describe('time', () => {
  test('it ends at its second, without leeway', async () => {
    const { desk, token } = await openScene();
    const end = Math.floor(desk.now / 1000) * 1000 + 3_600_000;
    desk.now = end - 1;
    expect(await desk.judge(token)).toBe('valid');
    desk.now = end;
    expect(await desk.judge(token)).toBe(expired);
  });

  test('one that was made by a gateway whose clock is ahead is good', async () => {
    const { desk, token } = await openScene();
    desk.now -= 90_000;
    expect(await desk.judge(token)).toBe('valid');
  });

  test('an expired one of a connection that is gone is invalid', async () => {
    const { desk, connection, token } = await openScene();
    desk.now += 7_200_000;
    await desk.cluster.remove(connection);
    expect(await desk.judge(token)).toBe(invalid);
  });
});

/** What stops a token that was good and is cached, on the next call. */
const stops: readonly (readonly [string, (scene: Scene) => Promise<unknown>])[] = [
  [
    'the secret rotated',
    ({ desk, connection }) => desk.cluster.put(rotate(desk.ring, connection, 'clientSecret', 'x')),
  ],
  ['the password rotated', ({ desk, connection }) => desk.cluster.put(rotate(desk.ring, connection, 'password', 'x'))],
  [
    'suspended',
    ({ desk, connection }) => desk.cluster.put({ ...connection, spec: { ...connection.spec, suspend: true } }),
  ],
  ['deleted', ({ desk, connection }) => desk.cluster.remove(connection)],
  [
    'being deleted',
    ({ desk, connection }) => {
      const metadata = { ...connection.metadata, deletionTimestamp: '2026-01-31T09:00:00Z', finalizers: ['a/b'] };
      return desk.cluster.put({ ...connection, metadata });
    },
  ],
  [
    'a revoke that nobody has acted on',
    ({ desk, connection }) => {
      const annotations = { 'connect.pim.dev/revoke': '1' };
      return desk.cluster.put({ ...connection, metadata: { ...connection.metadata, annotations } });
    },
  ],
  ['its status lost', ({ desk, connection: { status: _, ...rest } }) => desk.cluster.put(rest)],
  [
    'its names claimed by one that was issued before',
    ({ desk, connection }) =>
      desk.issue({ name: 'first', clientId: connection.status?.clientId ?? '', issuedAt: '2020-01-01T00:00:00Z' }),
  ],
  ['the keys revoked', ({ desk }) => desk.cluster.put(buildKeySecret(makeKeyData()))],
  [
    'another key under the same id',
    ({ desk }) => {
      const id = desk.keys.current?.newestSigning?.id;
      const data = Object.entries(makeKeyData()).map(([name, value]) => [
        name.startsWith('signing-') ? `signing-${id}` : name,
        value,
      ]);
      return desk.cluster.put(buildKeySecret(Object.fromEntries(data)));
    },
  ],
  ['the key Secret deleted', ({ desk }) => desk.cluster.remove(buildKeySecret({}))],
  [
    'its session revoked',
    ({ desk, token }) => desk.context.revoked.revokeSession(String(takeApart(token).claims.sid), desk.now + 1e6),
  ],
  [
    'revoked itself',
    ({ desk, token }) => desk.context.revoked.revokeToken(String(takeApart(token).claims.jti), desk.now + 1e6),
  ],
];

test.each(stops)('a token that is cached is refused at once: %s', async (_name, stop) => {
  const scene = await openScene();
  for (let i = 0; i < 3; i++) expect(await scene.desk.judge(scene.token)).toBe('valid');
  await stop(scene);
  expect(await scene.desk.judge(scene.token)).toBe(invalid);
});

test('and good again when it is resumed, or the keys are back', async () => {
  const data = makeKeyData();
  const desk = await TokenDesk.open({ keyData: data });
  const { connection, values } = await desk.issue();
  const { access_token } = await desk.loginWell(values);
  await desk.cluster.put({ ...connection, spec: { ...connection.spec, suspend: true } });
  expect(await desk.judge(access_token)).toBe(invalid);
  await desk.cluster.put(connection);
  expect(await desk.judge(access_token)).toBe('valid');
  await desk.cluster.remove(buildKeySecret({}));
  expect(await desk.judge(access_token)).toBe(invalid);
  await desk.cluster.put(buildKeySecret(data));
  expect(await desk.judge(access_token)).toBe('valid');
});

test('rotated signing keys end no token; each kind of key stands for itself', async () => {
  const data = makeKeyData();
  const desk = await TokenDesk.open({ keyData: data });
  const { values } = await desk.issue();
  const first = await desk.loginWell(values);
  await desk.cluster.put(buildKeySecret({ ...data, ...makeKeyData(['signing'], Date.now() + 60_000) }));
  const second = await desk.loginWell(values);
  expect(takeApart(second.access_token).header.kid).not.toBe(takeApart(first.access_token).header.kid);
  const signingAlone = Object.fromEntries(Object.entries(data).filter(([name]) => name.startsWith('signing-')));
  await desk.cluster.put(buildKeySecret(signingAlone));
  expect(await desk.judge(first.access_token)).toBe('valid');
  expect(await desk.judge(second.access_token)).toBe(invalid);
  expect((await desk.login(values)).status).toBe(503);
});
