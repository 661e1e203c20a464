import bcrypt from 'bcryptjs';
import type { Tools } from './decide/decision.ts';

const cost = 10;

/**
 * bcrypt for adopted values and htpasswd lines. Rare: at rest and on restart nothing is hashed. One at a time: each keeps
 * the process busy for up to a tenth of a second, and many side by side would keep the Lease from being renewed.
 */
export const bcryptTools: Tools['bcrypt'] = {
  hash: (text) => inTurn(() => bcrypt.hash(text, cost)),
  compare: (text, hash) => inTurn(() => bcrypt.compare(text, hash)),
};

let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
