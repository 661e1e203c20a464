import { LRUCache } from 'lru-cache';
import type { SignedClaims } from './access-token.ts';

/**
 * Tokens whose signature needs no look any more: those that verified once, and those that this gateway made. Claims and
 * key, nothing that was decided from them.
 */
export interface KnownTokens {
  get(token: string): SignedClaims | undefined;
  set(token: string, signed: SignedClaims): unknown;
}

/** Of more, the one that was used longest ago is forgotten; it costs a look at its signature. */
const mostTokens = 20_000;

export function buildKnownTokens(): KnownTokens {
  // By signature, which is shorter to look up than the whole; two tokens that share one are not both good.
  const bySignature = new LRUCache<string, { readonly token: string; readonly signed: SignedClaims }>({
    max: mostTokens,
  });
  const signatureOf = (token: string): string => token.slice(token.lastIndexOf('.') + 1);
  return {
    get(token) {
      const found = bySignature.get(signatureOf(token));
      return found?.token === token ? found.signed : undefined;
    },
    set: (token, signed) => bySignature.set(signatureOf(token), { token, signed }),
  };
}
