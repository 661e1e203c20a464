import type { IncomingMessage } from 'node:http';

/** Every value of a header, in order; Node's own `headers` drops repeated ones. `name` is in small letters. */
export function readHeader({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '');
  }
  return values;
}

/** The value of a header that stands once; `undefined` when it is absent or repeated. */
export function readSingleHeader(request: IncomingMessage, name: string): string | undefined {
  const values = readHeader(request, name);
  return values.length === 1 ? values[0] : undefined;
}
