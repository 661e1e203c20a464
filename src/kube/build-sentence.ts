/** Longest sentence, in UTF-16 units: fits an event's note and a condition's message. */
export const longestSentence = 1024;

/** Shorter strings of a body are found in any sentence by chance. */
const shortestSecret = 6;

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const anything = String.raw`(?:${quoted}|\{[^\n]*?\}(?=:)|\[[^\n]*?\](?=:)|[^\s:,]+)`;
const values = new RegExp(`((?:Invalid|Unsupported|Duplicate) value): ${anything}`, 'g');
/** Parsers show what stood around the place where they stopped. */
const excerpt = /,? (?:error found in #\d+ byte of|bigger context) .*/s;

/**
 * A sentence of the API server without what it quotes: rejected values, excerpts of the body, and any value of the
 * Secret (`data`, `stringData`) that was sent, plain or in base64. One line, cut to `longestSentence`.
 */
export function buildSentence(message: string, body?: object): string {
  let sentence = message.replace(values, '$1').replace(excerpt, '');
  for (const secret of readSecretValues(body)) sentence = sentence.replaceAll(secret, '…');
  sentence = sentence.replace(/\s+/g, ' ').trim();
  return sentence.length <= longestSentence ? sentence : `${sentence.slice(0, longestSentence - 1)}…`;
}

/** Longest first, so that one value inside another leaves nothing behind. */
function readSecretValues(body: object | undefined): string[] {
  const found = new Set<string>();
  for (const [key, decode] of [
    ['data', true],
    ['stringData', false],
  ] as const) {
    for (const value of readStrings(body, key)) {
      found.add(value);
      if (decode) for (const line of Buffer.from(value, 'base64').toString('utf8').split('\n')) found.add(line);
      else found.add(Buffer.from(value, 'utf8').toString('base64'));
    }
  }
  return [...found].filter((value) => value.length >= shortestSecret).sort((a, b) => b.length - a.length);
}

function readStrings(body: object | undefined, key: string): string[] {
  const map: unknown = body === undefined ? undefined : (body as Readonly<Record<string, unknown>>)[key];
  if (typeof map !== 'object' || map === null) return [];
  return Object.values(map).filter((value) => typeof value === 'string');
}
