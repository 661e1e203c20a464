import bcrypt from 'bcryptjs';
import type { Tools } from './decide/decision.ts';

const cost = 10;

/** bcrypt for adopted values and htpasswd lines. Rare: at rest and on restart nothing is hashed. */
export const bcryptTools: Tools['bcrypt'] = {
  hash: (text) => bcrypt.hash(text, cost),
  compare: (text, hash) => bcrypt.compare(text, hash),
};
