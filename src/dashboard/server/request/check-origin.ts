import type { RequestHost } from './check-host.ts';

/** What a browser says of where a request comes from. Absent headers are `undefined`. */
export interface RequestOrigin {
  readonly site: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Whether a change comes from our own page: `Sec-Fetch-Site` says so, or, where a browser sends none, an `Origin` of the
 * very host that the request was sent to, over https unless that is this machine.
 */
export function isFromThePage({ site, origin }: RequestOrigin, host: RequestHost): boolean {
  if (site !== undefined) return site === 'same-origin';
  if (origin === undefined) return false;
  return origin === `https://${host.authority}` || (host.isLocal && origin === `http://${host.authority}`);
}

/** Whether another page of the web asks. A read is none of its business either, whatever cookies came along. */
export function isFromElsewhere({ site }: RequestOrigin): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
