import type { RequestHost } from '../request/check-host.ts';

const name = 'connection-session';

/**
 * The name of the cookie. `__Host-` keeps other hosts of the domain from setting it and needs TLS. On localhost, where
 * there is none and every port shares its cookies, the port is part of the name.
 */
function nameCookie({ isLocal, port }: RequestHost): string {
  return isLocal ? `${name}-${port ?? '80'}` : `__Host-${name}`;
}

/** The session's id among the cookies of a request; `undefined` when it is absent or there are two. */
export function readSessionCookie(values: readonly string[], host: RequestHost): string | undefined {
  const wanted = `${nameCookie(host)}=`;
  const found = values
    .flatMap((value) => value.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(wanted));
  return found.length === 1 ? found[0]?.slice(wanted.length) : undefined;
}

/** Value of `Set-Cookie`. Without an age: it goes with the browser, or before, when the session ends. */
export function buildSessionCookie(id: string, host: RequestHost): string {
  const secure = host.isLocal ? '' : '; Secure';
  return `${nameCookie(host)}=${id}; Path=/; HttpOnly; SameSite=Strict${secure}`;
}

/** Value of `Set-Cookie` that takes the cookie away. */
export function buildEndedCookie(host: RequestHost): string {
  return `${buildSessionCookie('', host)}; Max-Age=0`;
}
