import { readPlainName } from './read-plain-name.ts';

/** What the name of a header line says, whatever its value. */
export interface HeaderName {
  /** Lower case. */
  readonly name: string;
  /** As `readPlainName` reads it. */
  readonly plain: string;
  /** A second line of that name would leave open which one counts. */
  readonly isSingle: boolean;
}

const form = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const single =
  /^(?:host|authorization|content-type|content-length|x-original-.*|x-forwarded-(?:uri|method)|:authority)$/;

/** Clients use the same few names all the time; of others no more are kept, and no longer ones. */
const mostKnown = 1_000;
const longestKnown = 64;
const known = new Map<string, HeaderName>();

/** Reads a name as it was sent; `undefined` when it is malformed. */
export function readHeaderName(sent: string): HeaderName | undefined {
  const found = known.get(sent);
  if (found !== undefined) return found;
  if (!form.test(sent)) return undefined;
  const name = sent.toLowerCase();
  const read = { name, plain: readPlainName(name), isSingle: single.test(name) };
  if (known.size >= mostKnown) known.clear();
  if (sent.length <= longestKnown) known.set(sent, read);
  return read;
}
