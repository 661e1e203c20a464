import type { Part } from '../api/names.ts';

/** The two values of a Connection in words, for sentences. */
export const partWords: Readonly<Record<Part, string>> = { clientSecret: 'client secret', password: 'password' };
