import { isIPv6 } from 'node:net';

/** Nearly every host; any other is looked at in full. */
const usual = /^[A-Za-z0-9._-]{1,255}(?::[0-9]{1,4})?$/;
const form = /^(?:[A-Za-z0-9._-]{1,255}|\[(?<v6>[0-9A-Fa-f:.]{2,45})\])(?::(?<port>[0-9]{1,5}))?$/;

/** Whether a text is `name[:port]` or `[v6][:port]` and nothing else: no user, no path, no escapes, no empty port. */
export function checkHost(text: string): boolean {
  if (usual.test(text)) return true;
  const parts = form.exec(text)?.groups;
  if (parts === undefined) return false;
  if (parts.v6 !== undefined && !isIPv6(parts.v6)) return false;
  return parts.port === undefined || Number(parts.port) <= 65535;
}
