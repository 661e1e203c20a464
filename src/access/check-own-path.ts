import type { Target } from './read-target.ts';

const ownPrefixes: readonly (readonly string[])[] = [['authz'], ['oauth'], ['.well-known'], ['api', 'oauth', 'v1']];

/**
 * Whether a path belongs to the gateway itself: `/authz` and everything beneath it, `/oauth/`, `/.well-known/` and
 * `/api/oauth/v1/`. Such a path is answered here or with 404; whatever a role says, it is never proxied.
 */
export function checkOwnPath({ segments }: Target): boolean {
  return ownPrefixes.some((prefix) => {
    const isBeneath = segments.length > prefix.length || prefix[0] === 'authz';
    return isBeneath && prefix.every((name, at) => segments[at] === name);
  });
}
