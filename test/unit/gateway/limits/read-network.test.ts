import { expect, test } from 'vitest';
import { readNetwork } from '../../../../src/gateway/limits/read-network.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['2001:db8:0001:02::', '2001:db8:1:2::/64'],
  ['unknown', 'unknown'],
])('%s is in %s', (address, network) => {
  expect(readNetwork(address)).toBe(network);
});
