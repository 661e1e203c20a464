import { expect, test } from 'vitest';
import { readDashboardArguments } from '../../../src/dashboard/server/read-dashboard-arguments.ts';
import { UsageError } from '../../../src/process/read-flags.ts';

test('without flags it listens on port 8081 and answers for localhost alone', () => {
  expect(readDashboardArguments([])).toEqual({
    show: undefined,
    kubeconfig: undefined,
    logLevel: 'info',
    settings: { listen: { host: '0.0.0.0', port: 8081 }, hosts: [], imageHosts: [], gateways: [] },
  });
});

test('hosts, image hosts and gateways come one by one or with commas between', () => {
  const { settings } = readDashboardArguments([
    ...['--host', 'Connections.Example.com', '--host=b.example.com,c.example.com'],
    ...['--image-hosts', 'img.example.com,cdn.example.com'],
    ...['--gateway', 'http://one:9090', '--gateway', 'https://two/admin'],
  ]);
  expect(settings.hosts).toEqual(['connections.example.com', 'b.example.com', 'c.example.com']);
  expect(settings.imageHosts).toEqual(['img.example.com', 'cdn.example.com']);
  expect(settings.gateways.map(String)).toEqual(['http://one:9090/', 'https://two/admin']);
});

test.each([
  [['--host', 'https://example.com'], '--host'],
  [['--host', 'example.com:8443'], '--host'],
  [['--host', ''], '--host'],
  [['--image-hosts', "img.example.com 'unsafe-inline'"], '--image-hosts'],
  [['--image-hosts', '*'], '--image-hosts'],
  [['--image-hosts', 'a;b'], '--image-hosts'],
  [['--gateway', 'gateway:9090'], '--gateway'],
  [['--gateway', 'http://user:password@gateway:9090'], '--gateway'],
  [['--gateway', 'http://gateway:9090/?a=b'], '--gateway'],
  [['--listen', '8081'], '--listen'],
  [['--log-level', 'loud'], '--log-level'],
  [['--hosts', 'a'], '--hosts'],
])('%j is wrong use, and the sentence names the flag', (argv, flag) => {
  expect(() => readDashboardArguments(argv)).toThrow(UsageError);
  expect(() => readDashboardArguments(argv)).toThrow(flag);
});
