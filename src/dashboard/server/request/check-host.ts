/** Names under which a browser finds the machine that it runs on. */
const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The address that a request was sent to. */
export interface RequestHost {
  /** In small letters, without the port. */
  readonly name: string;
  /** `host[:port]` as in the header, in small letters. */
  readonly authority: string;
  /** Absent: the scheme's own. */
  readonly port: string | undefined;
  /** The browser runs on this machine, or reaches it through a port-forward: no TLS is needed. */
  readonly isLocal: boolean;
}

/**
 * Reads the values of all `Host` headers. `undefined` unless it is one and names localhost or one of `hosts`, whatever the
 * port: a page of another name that resolves to this server gets nothing (DNS rebinding).
 */
export function checkHost(values: readonly string[], hosts: ReadonlySet<string>): RequestHost | undefined {
  const [value, ...others] = values;
  if (value === undefined || others.length > 0) return undefined;
  const authority = value.toLowerCase();
  const [, name, port] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (name === undefined) return undefined;
  const isLocal = localNames.has(name);
  return isLocal || hosts.has(name) ? { name, authority, port, isLocal } : undefined;
}
