import { describe, expect, test } from 'vitest';
import type { ConfigError } from '../../../../src/gateway/config/config-error.ts';
import { parseConfig } from '../../../../src/gateway/config/parse-config.ts';

const least = 'upstream: {url: "http://pim.internal"}\n';
const parse = (text: string, environment: Readonly<Record<string, string>> = {}) =>
  parseConfig('gateway.yaml', text, environment);

/** The message of the error that a text is refused with. */
function findMessage(text: string, environment: Readonly<Record<string, string>> = {}): string {
  try {
    parse(text, environment);
  } catch (error) {
    return (error as ConfigError).message;
  }
  return 'accepted';
}

test('everything but upstream.url has the default that the reference shows', () => {
  const { trustedProxies, upstream, ...config } = parse(least);
  expect(config).toEqual({
    name: 'default',
    listen: { host: '0.0.0.0', port: 8080 },
    admin: { host: '0.0.0.0', port: 9090 },
    connections: { namespaces: [], selector: '' },
    keySecret: { namespace: 'connection-system', name: 'connection-keys' },
    tokens: { access: 3_600_000, refresh: 1_209_600_000 },
    limits: { concurrent: 4, perSecond: 100 },
    credentialPairing: 'warn',
    authz: { from: 'auto' },
    unconfirmedEndpoints: 'deny',
    maxStaleness: 300_000,
    onStale: 'keep',
    flows: { store: 'sqlite:connection.db', flush: 5_000, retention: 864_000_000 },
  });
  expect(upstream).toEqual({ url: new URL('http://pim.internal'), auth: { type: 'none' }, dropHeaders: [] });
  expect(trustedProxies('10.0.0.1')).toBe(false);
});

test('what the file says is taken', () => {
  const config = parse(`
name: staging
listen: "[::1]:443"
tls: {cert: /tls/tls.crt, key: /tls/tls.key}
connections: {namespaces: [shop, erp], selector: team=shop}
publicUrl: https://api.example.com/
trustedProxies: [10.0.0.0/8]
keySecret: other/keys
upstream:
  url: https://pim.internal:8443
  auth: {type: header, name: Authorization, value: Bearer abc}
  dropHeaders: [X-AkeneoMockDB]
limits: {concurrent: 0, perSecond: 7}
onStale: refuse
flows: {store: "postgres://u:p@db/flows", flush: 100ms}
`);
  expect(config).toMatchObject({
    name: 'staging',
    listen: { host: '::1', port: 443 },
    tls: { cert: '/tls/tls.crt', key: '/tls/tls.key' },
    connections: { namespaces: ['shop', 'erp'], selector: 'team=shop' },
    publicUrl: { base: 'https://api.example.com', host: 'api.example.com', protocol: 'https' },
    keySecret: { namespace: 'other', name: 'keys' },
    upstream: { auth: { type: 'header', name: 'Authorization', value: 'Bearer abc' }, dropHeaders: ['X-AkeneoMockDB'] },
    limits: { concurrent: 0, perSecond: 7 },
    onStale: 'refuse',
    flows: { store: 'postgres://u:p@db/flows', flush: 100 },
  });
  expect(config.trustedProxies('10.1.2.3')).toBe(true);
});

describe('the environment', () => {
  const akeneo = `${least.trim().slice(0, -1)}, auth: {type: akeneo, clientId: "\${ID}", clientSecret: "\${SECRET}", username: u, password: "a\${ID}b"}}\n`;

  test('is put into values as it is, however it looks', () => {
    const { upstream } = parse(akeneo, { ID: '1_x', SECRET: '0123' });
    expect(upstream.auth).toMatchObject({ clientId: '1_x', clientSecret: '0123', password: 'a1_xb' });
    const hostile = parse(`name: \${NAME}\n${least}`, { NAME: 'a', ID: '' });
    expect(hostile.name).toBe('a');
  });

  test('never becomes YAML or another variable', () => {
    const { upstream } = parse(akeneo, { ID: 'x}, evil: {', SECRET: `\${ID}` });
    expect(upstream.auth).toMatchObject({ clientId: 'x}, evil: {', clientSecret: `\${ID}` });
  });

  test.each([
    ['inside of braces', `upstream: {url: \${URL}, auth: {type: header, name: X-Key, value: a\${KEY}}}`],
    [
      'inside of brackets',
      `upstream: {url: \${URL}, auth: {type: header, name: X-Key, value: a\${KEY}}, dropHeaders: [\${H}]}`,
    ],
    [
      'on lines of its own',
      `upstream:\n  url: \${URL} # not \${GONE}\n  auth:\n    type: header\n    name: X-Key\n    value: a\${KEY}`,
    ],
    ['in double quotes', `upstream: {url: "\${URL}", auth: {type: header, name: X-Key, value: "a\${KEY}"}}`],
    ['in single quotes', `upstream: {url: '\${URL}', auth: {type: header, name: X-Key, value: 'a\${KEY}'}}`],
    ['as a block', `upstream:\n  url: >-\n    \${URL}\n  auth: {type: header, name: X-Key, value: a\${KEY}}`],
  ])('needs no quotes: %s', (_name, text) => {
    const { upstream } = parse(text, { URL: 'http://pim:8080', KEY: ', b: {', H: 'X-Drop' });
    expect([upstream.url.origin, upstream.auth]).toEqual([
      'http://pim:8080',
      { type: 'header', name: 'X-Key', value: 'a, b: {' },
    ]);
    expect(upstream.dropHeaders).toEqual(text.includes('[') ? ['X-Drop'] : []);
  });

  test('is not asked for a key', () => {
    expect(findMessage(`${least}\${NAME}: a`, { NAME: 'name' })).toContain(`line 2: \${NAME}: is not known`);
  });

  test('gives numbers too', () => {
    expect(parse(`limits: {concurrent: \${N}}\n${least}`, { N: '12' }).limits.concurrent).toBe(12);
  });

  test('without the variable is an error that names it, its line and its field', () => {
    expect(findMessage(`name: a\n\n${akeneo}`, { ID: 'x' })).toBe(
      'gateway.yaml, line 3: upstream.auth.clientSecret: the environment has no variable "SECRET"',
    );
    expect(findMessage(`name: \${toString}\n${least}`)).toContain('"toString"');
  });

  test('is not asked for an escaped reference', () => {
    expect(parse(`flows: {store: "sqlite:a$\${b}"}\n${least}`).flows.store).toBe(`sqlite:a\${b}`);
  });
});

describe('a problem names line and field and says what to write', () => {
  test.each([
    ['upstream: {}', 'line 1: upstream.url: is missing; write scheme and host of the API, such as http://pim.internal'],
    ['name: a', 'gateway.yaml: upstream.url: is missing; write scheme and host of the API'],
    ['', 'gateway.yaml: upstream.url: is missing; write scheme and host of the API'],
    ['# nothing yet\n\n', 'gateway.yaml: upstream.url: is missing; write scheme and host of the API'],
    ['upstream:', 'line 1: upstream: write fields such as url'],
    ['- upstream', 'gateway.yaml: write fields such as name'],
    [`${least}---\n${least}`, 'not YAML as it is used here: expected a single document'],
    [`${least}\tname: a`, 'line 2: not YAML as it is used here: '],
    [`name: "a b"\n${least}`, 'line 1: name: write up to 63 letters'],
    [`\n\nlisten: 8080\n${least}`, 'line 3: listen: write an address and a port, such as 0.0.0.0:8080'],
    [`listen: example\n${least}`, 'line 1: listen: write an address and a port'],
    [`admin: 0.0.0.0:99999\n${least}`, 'line 1: admin: write an address and a port'],
    [`${least}tls: {cert: a}`, 'line 2: tls.key: is missing; write the name of a PEM file'],
    [`${least}urll: 1`, 'line 2: urll: is not known; the fields here are name, listen, tls'],
    [
      'upstream:\n  url: http://a\n  uri: x',
      'line 3: upstream.uri: is not known; the fields here are url, auth, dropHeaders',
    ],
    ['upstream:\n  url: pim.internal', 'line 2: upstream.url: write scheme, host and port alone'],
    ['upstream:\n  url: http://a/base', 'line 2: upstream.url: write scheme, host and port alone'],
    ['upstream:\n  url: http://u:p@a', 'line 2: upstream.url: write scheme, host and port alone'],
    ['upstream:\n  url: ftp://a', 'line 2: upstream.url: write scheme'],
    ['upstream: {url: http://a, auth: {}}', 'upstream.auth.type: is missing; write a type: none, header or akeneo'],
    ['upstream: {url: http://a, auth: {type: basic}}', 'line 1: upstream.auth: write a type: none, header or akeneo'],
    ['upstream: {url: http://a, auth: {type: header, name: X}}', 'upstream.auth.value: is missing'],
    [
      'upstream: {url: http://a, auth: {type: header, name: x_forwarded_for, value: a}}',
      'upstream.auth.name: write a header that',
    ],
    [
      'upstream: {url: http://a, auth: {type: header, name: Connection, value: a}}',
      'upstream.auth.name: write a header that',
    ],
    [
      'upstream:\n  url: http://a\n  dropHeaders:\n    - ok\n    - not ok',
      'line 5: upstream.dropHeaders.1: write the name of a header',
    ],
    [
      `${least}trustedProxies:\n  - 10.0.0.0/8\n  - 10.0.0.0/99`,
      'line 4: trustedProxies.1: write an address or a range',
    ],
    [`${least}limits: {perSecond: -1}`, 'limits.perSecond: write a whole number from 0 on'],
    [`${least}limits: {perSecond: 1.5}`, 'limits.perSecond: write a whole number from 0 on'],
    [`${least}tokens: {access: 60}`, 'tokens.access: write a duration such as 1h'],
    [`${least}tokens: {access: 1d}`, 'tokens.access: write a duration from 1s'],
    [`${least}flows: {flush: 50ms}`, 'flows.flush: write a duration from 0.1s'],
    [`${least}maxStaleness: 0s`, 'maxStaleness: write a duration from 1s'],
    [`${least}credentialPairing: never`, 'credentialPairing: write warn or namespace or enforce'],
    [`${least}authz: {from: nginx}`, 'authz.from: write auto or original or forwarded or path'],
    [`${least}onStale: die`, 'onStale: write keep or refuse'],
    [`${least}unconfirmedEndpoints: allow`, 'unconfirmedEndpoints: write deny or overallAccess'],
    [`${least}keySecret: keys`, 'keySecret: write namespace/name'],
    [`${least}publicUrl: api.example.com`, 'publicUrl: write an http or https address'],
    [`${least}flows: {store: mysql://a}`, 'flows.store: write sqlite:FILE or postgres://'],
    [`${least}connections: {namespaces: [A]}`, 'connections.namespaces.0: write the name of a namespace'],
    [`${least}name: a\nname: b`, 'line 3: not YAML as it is used here'],
    [`${least}name: [`, 'not YAML as it is used here'],
    [`upstream: {url: \${U RL}}`, 'line 1: not YAML as it is used here: missed comma between flow collection entries'],
    [`${least}connections: {selector: "team in (shop"}`, 'line 2: connections.selector: write a label selector'],
    [`a: &x 1\n${least}name: *x`, 'not YAML as it is used here'],
  ])('%j', (text, expected) => {
    expect(findMessage(text)).toContain(expected);
  });

  test('all at once', () => {
    expect(findMessage('name: "a b"\nonStale: die\nupstream: {}').split('\n')).toHaveLength(3);
  });
});

test('no message holds a value of the file or the environment', () => {
  const secret = 'cpwd_verysecret';
  const texts = [
    `upstream: {url: "${secret}"}`,
    `upstream: {url: http://a, auth: {type: akeneo, clientId: "${secret}\\n", password: 1}}`,
    `upstream: {url: http://a, auth: {type: "${secret}"}}`,
    `upstream: {url: http://a}\nflows: {store: "${secret}"}`,
    `upstream: {url: http://a, auth: {type: header, name: X, value: "${secret}`,
    `upstream: {url: \${A}, auth: {type: header, name: X, value: "\${A}\\n"}}`,
  ];
  for (const text of texts) {
    const message = findMessage(text, { A: secret });
    expect(message).not.toBe('accepted');
    expect(message).not.toContain(secret);
  }
});
