import { expect, test } from 'vitest';
import { defaultSettings } from '../../../src/operator/operator-settings.ts';
import { readOperatorArguments } from '../../../src/operator/read-operator-flags.ts';
import { UsageError } from '../../../src/process/read-flags.ts';

test('without flags: all namespaces, the defaults of the help', () => {
  expect(readOperatorArguments([])).toEqual({
    kubeconfig: undefined,
    admin: { host: '0.0.0.0', port: 9090 },
    logLevel: 'info',
    show: undefined,
    settings: defaultSettings,
  });
});

test('every flag is read', () => {
  const given = readOperatorArguments([
    '--watch-namespaces=b, a,b',
    ...['--connection-limit', '0', '--gateway-url', 'https://api.example.com/'],
    ...['--key-secret', 'keys/of-ours', '--signing-key-interval', '24h', '--workers', '4'],
    ...['--admin', '[::1]:0', '--no-leader-election', '--log-level', 'debug', '--kubeconfig', 'here'],
  ]);
  expect(given).toEqual({
    kubeconfig: 'here',
    admin: { host: '::1', port: 0 },
    logLevel: 'debug',
    show: undefined,
    settings: {
      watchNamespaces: ['a', 'b'],
      connectionLimit: 0,
      gatewayUrl: 'https://api.example.com',
      keySecret: { namespace: 'keys', name: 'of-ours' },
      signingKeyInterval: 24 * 3_600_000,
      workers: 4,
      leaderElection: false,
    },
  });
});

test.each([
  [['--wokers', '3'], /--wokers.*--workers/],
  [['--workers', '0'], /--workers: write a whole number from 1 on/],
  [['--workers'], /--workers/],
  [['--workers', '--admin'], /--workers/],
  [['--connection-limit', '-1'], /--connection-limit/],
  [['--connection-limit=-1'], /--connection-limit: write a whole number from 0 on/],
  [['--watch-namespaces', 'a,,b'], /"" is no namespace; write a,b/],
  [['--watch-namespaces', 'A'], /"A" is no namespace/],
  [['--gateway-url', 'api.example.com'], /--gateway-url: write an address/],
  [['--gateway-url', 'https://user:word@api.example.com'], /--gateway-url: write an address/],
  [['--gateway-url', 'ftp://api.example.com'], /--gateway-url: write an address/],
  [['--key-secret', 'connection-keys'], /--key-secret: write namespace\/name/],
  [['--key-secret', 'a/b/c'], /--key-secret: write namespace\/name/],
  [['--signing-key-interval', '10m'], /at least 1h/],
  [['--admin', '9090'], /--admin: write an address and a port/],
  [['--admin', 'localhost:99999'], /--admin: write an address and a port/],
  [['--log-level', 'loud'], /debug, info, warn or error/],
  [['now'], /now/],
])('%j is refused in one line', (argv, sentence) => {
  expect(() => readOperatorArguments(argv)).toThrow(UsageError);
  expect(() => readOperatorArguments(argv)).toThrow(sentence);
  expect(() => readOperatorArguments(argv)).not.toThrow('\n');
});
