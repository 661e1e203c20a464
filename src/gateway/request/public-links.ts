import { buildOriginSpellings, findPublicLink, type LinkAddresses } from './find-public-link.ts';

/** Which links of a document become public, and how. A cut is how many characters at a link's start are replaced. */
export class PublicLinks {
  /** What stands there instead, as in a JSON string. */
  readonly inserted: Buffer;
  /** So many characters of a link decide. */
  readonly decidedAt: number;
  readonly #spellings: readonly string[];
  readonly #publicBase: string;
  /** How nearly all links begin: the origin as it is configured, and a slash. */
  readonly #usual: Buffer;

  constructor({ upstreamOrigin, publicBase }: LinkAddresses) {
    this.inserted = Buffer.from(JSON.stringify(publicBase).slice(1, -1), 'utf8');
    this.#spellings = buildOriginSpellings(upstreamOrigin);
    this.#publicBase = publicBase;
    this.#usual = Buffer.from(`${upstreamOrigin}/`, 'latin1');
    this.decidedAt = Math.max(2, ...this.#spellings.map((spelling) => spelling.length + 1));
  }

  /** The cut of the link from `from` to before `end`, which has no escapes; `undefined`: it stays. */
  findCut(chunk: Buffer, from: number, end: number): number | undefined {
    if (this.#beginsUsual(chunk, from)) return this.#usual.length - 1;
    return this.findCutOf(chunk.toString('latin1', from, Math.min(end, from + this.decidedAt)));
  }

  /** The cut of a link that begins so, by `decidedAt` characters or all that it has. */
  findCutOf(text: string): number | undefined {
    return findPublicLink(text, this.#spellings, this.#publicBase)?.cut;
  }

  /** Whether a link that begins so may change. Most of other origins differ at an early character. */
  mayChange(start: string): boolean {
    const text = start.toLowerCase();
    return (
      text === '' ||
      text === '/' ||
      this.#spellings.some((spelling) => spelling.startsWith(text.slice(0, spelling.length)))
    );
  }

  #beginsUsual(chunk: Buffer, from: number): boolean {
    const { length } = this.#usual;
    for (let at = 0; at < length; at++) if (chunk[from + at] !== this.#usual[at]) return false;
    return true;
  }
}
