/** Where a server listens; port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` (`0.0.0.0:9090`, `[::1]:9090`); `undefined` for anything else. */
export function readListenAddress(text: string): ListenAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = v6 ?? name;
  return host === undefined || port > 65_535 ? undefined : { host, port };
}
