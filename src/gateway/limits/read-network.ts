import { isIPv6 } from 'node:net';

/**
 * The network that an address stands for where guesses and calls are counted: an IPv4 address itself, of an IPv6 address
 * the first 64 bits, which one customer usually has to himself. Anything else stays as it is.
 *
 * @param address as `readAddress` returns it.
 */
export function readNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::', 2);
  const first = readGroups(head);
  const last = address.includes('::') ? readGroups(tail) : [];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => 0);
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}

/** Numbers of the groups; an IPv4 tail is two of them. */
function readGroups(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
