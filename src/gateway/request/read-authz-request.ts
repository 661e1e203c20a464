import { readMethod } from '../../access/read-method.ts';
import { readTarget, type Target } from '../../access/read-target.ts';
import { Refusal } from '../../access/refusal.ts';
import { checkMediaTypes, type MediaRoute } from './check-media-types.ts';
import { checkQueryOverride, hasOverrideHeader } from './check-method-override.ts';
import { findHeader, type HeaderLine } from './read-headers.ts';
import { type RawRequest, type ReadRequest, readRequest } from './read-request.ts';

/** `authz.from` of the configuration: which proxy asks. `auto` takes whichever asks, if it is only one. */
export type AuthzSource = 'auto' | 'original' | 'forwarded' | 'path';

/** The path under which a proxy asks. */
export const authzPath = '/authz';

type Family = Exclude<AuthzSource, 'auto'>;

/** The two headers by which a proxy says what it was asked: nginx, then Traefik and Caddy. */
const familyHeaders = {
  original: { method: 'x-original-method', target: 'x-original-uri' },
  forwarded: { method: 'x-forwarded-method', target: 'x-forwarded-uri' },
} as const;
const headerFamilies = ['original', 'forwarded'] as const;

const refuse = (message: string): Refusal => new Refusal(403, message);

/** Whether a raw request target is a question of a proxy. Such a request is read by `readAuthzRequest` alone. */
export function isAuthzTarget(target: string): boolean {
  return /^\/+authz(?:[/?]|$)/.test(target);
}

/**
 * The request that a proxy asks about on `/authz`, read by the same rules as one that comes here itself. Only 403 is
 * ever refused with: nginx takes other answers for a failure.
 *
 * What the gateway would drop or change on the way is refused here, because it is the proxy that forwards: headers that
 * change the method, several slashes at the start of the path.
 */
export function readAuthzRequest(raw: RawRequest, from: AuthzSource): ReadRequest | Refusal {
  const asked = readRequest(raw);
  if (asked instanceof Refusal) return refuse(asked.message);
  const { lines } = asked.headers;
  if (lines.some((line) => isAlias(line, from))) return refuse('A header that says what to judge is misspelled.');
  if (hasOverrideHeader(lines)) return refuse('The request asks for another method by a header.');
  const family = findFamily(asked, from);
  if (family instanceof Refusal) return family;
  return family === 'path' ? readBehindPath(asked) : readNamed(asked, family);
}

/** `checkMediaTypes` with 403 in place of 415 and 406. */
export function checkAuthzMediaTypes(judged: ReadRequest, route: MediaRoute): Refusal | undefined {
  const refusal = checkMediaTypes(judged.method, judged.target, judged.headers, route);
  return refusal === undefined ? undefined : refuse(refusal.message);
}

/** Another spelling of a header that is believed here; a proxy that strips the right one lets it pass. */
function isAlias({ name, plain }: HeaderLine, from: AuthzSource): boolean {
  if (plain === name) return false;
  const believed = headerFamilies.filter((family) => from === 'auto' || from === family);
  return believed.some((family) => familyHeaders[family].method === plain || familyHeaders[family].target === plain);
}

function findFamily(asked: ReadRequest, from: AuthzSource): Family | Refusal {
  if (from !== 'auto') return from;
  const { lines } = asked.headers;
  const found: Family[] = headerFamilies.filter((family) => {
    const { method, target } = familyHeaders[family];
    return lines.some((line) => line.name === method || line.name === target);
  });
  if (asked.target.path !== authzPath) found.push('path');
  const [family, ...more] = found;
  if (family === undefined) return refuse('Nothing says what to judge: no X-Original-*, no X-Forwarded-*, no path.');
  return more.length > 0 ? refuse('More than one proxy says what to judge.') : family;
}

/** The path was read as a part of the whole one already. */
function readBehindPath({ method, target, headers }: ReadRequest): ReadRequest | Refusal {
  if (!target.path.startsWith(`${authzPath}/`)) return refuse(`There is no path to judge behind ${authzPath}.`);
  const segments = target.segments.slice(1);
  const behind: Target = {
    path: target.path.slice(authzPath.length),
    query: target.query,
    segments,
    trailing: target.trailing && segments.length > 1,
  };
  return { method, target: behind, headers };
}

function readNamed(asked: ReadRequest, family: keyof typeof familyHeaders): ReadRequest | Refusal {
  const { headers } = asked;
  const names = familyHeaders[family];
  const namedMethod = findHeader(headers.lines, names.method);
  const namedTarget = findHeader(headers.lines, names.target);
  if (namedMethod === undefined || namedTarget === undefined)
    return refuse(`${names.method} or ${names.target} is missing.`);
  if (namedTarget.startsWith('//')) return refuse('The path begins with more than one slash.');
  const target = readTarget(namedTarget);
  if (target instanceof Refusal) return refuse(target.message);
  const method = readMethod(namedMethod);
  if (method instanceof Refusal) return refuse(method.message);
  const override = checkQueryOverride(method, target.query);
  return override === undefined ? { method, target, headers } : refuse(override.message);
}
