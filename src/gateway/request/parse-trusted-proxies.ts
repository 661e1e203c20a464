import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Tells whether an address, as `readAddress` returns it, belongs to a proxy that is believed. */
export type TrustedProxies = (address: string) => boolean;

/** Nobody is believed. */
export const noTrustedProxies: TrustedProxies = () => false;

/**
 * Reads `trustedProxies`: addresses and CIDR ranges, IPv4 and IPv6. Returns the first entry that is neither, so that the
 * configuration can name it.
 */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies | { readonly invalid: string } {
  if (entries.length === 0) return noTrustedProxies;
  const list = new BlockList();
  for (const entry of entries) {
    const range = readRange(entry);
    if (range === undefined) return { invalid: entry };
    list.addSubnet(range.address, range.bits, range.family);
  }
  return (address) => (isIPv4(address) ? list.check(address, 'ipv4') : isIPv6(address) && list.check(address, 'ipv6'));
}

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

function readRange(entry: string): Range | undefined {
  const [, address = '', prefix] = /^([0-9A-Fa-f:.]+)(?:\/([0-9]{1,3}))?$/.exec(entry) ?? [];
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (family === undefined) return undefined;
  const most = family === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  return bits <= most ? { address, bits, family } : undefined;
}
