import { randomBytes } from 'node:crypto';

/** A value for a rotation annotation that nobody used before: readable when, and unique. */
export function buildToken(now: number): string {
  return `cli-${new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')}-${randomBytes(4).toString('hex')}`;
}
