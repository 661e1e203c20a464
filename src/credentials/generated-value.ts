import { crc32 } from 'node:zlib';
import type { Part } from '../api/names.ts';
import { alphanumeric, makeRandomText, type RandomSource } from './random-source.ts';

const prefixes: Readonly<Record<Part, string>> = { clientSecret: 'csec_', password: 'cpwd_' };
const bodyLength = 43;
const checksumLength = 6;

/**
 * A new client secret or password: prefix, 43 random letters and digits (256 bits), 6 characters of checksum.
 * Safe in a URL, a shell and a DSN; prefix and checksum let a secret scanner recognise it without asking anybody.
 */
export function makeValue(part: Part, random: RandomSource): string {
  const body = prefixes[part] + makeRandomText(random, alphanumeric, bodyLength);
  return body + checksum(body);
}

/** Whether the text has the form and the checksum of a value that {@link makeValue} made for this part. */
export function hasGeneratedForm(part: Part, text: string): boolean {
  const body = text.slice(0, -checksumLength);
  return (
    text.startsWith(prefixes[part]) &&
    text.length === prefixes[part].length + bodyLength + checksumLength &&
    /^[0-9A-Za-z]+$/.test(text.slice(prefixes[part].length)) &&
    text.endsWith(checksum(body))
  );
}

/** CRC-32 of the text before it, in base 62, most significant digit first. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < checksumLength; i++) {
    text = alphanumeric[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
