import { expect, test } from 'vitest';
import { readGatewayArguments } from '../../../../src/gateway/config/read-gateway-arguments.ts';

test('what is asked for is returned', () => {
  expect(readGatewayArguments(['--config', 'a.yaml', '--log-level=debug', '--kubeconfig', 'k'])).toEqual({
    show: undefined,
    config: 'a.yaml',
    kubeconfig: 'k',
    logLevel: 'debug',
  });
  expect(readGatewayArguments(['--config', 'a.yaml'])).toMatchObject({ kubeconfig: undefined, logLevel: 'info' });
});

test('help and version need nothing else', () => {
  expect(readGatewayArguments(['--help'])).toEqual({ show: 'help' });
  expect(readGatewayArguments(['--version'])).toEqual({ show: 'version' });
});

test.each([
  [[], '--config is missing'],
  [['--config', 'a', '--log-level', 'loud'], '--log-level: write debug'],
  [['--port', '1'], 'There are --config'],
])('%j is wrong use', (argv, sentence) => {
  expect(() => readGatewayArguments(argv)).toThrow(sentence);
});
