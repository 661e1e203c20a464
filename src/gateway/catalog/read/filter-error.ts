import { buildErrorBody, type CatalogRefusal, type CatalogReply, refuse } from '../catalog-plan.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import type { GroupView } from '../rights/group-view.ts';

/** JSON as the gateway labels it. */
export const jsonType = 'application/json';

/** What is said when the upstream's reply is not what was asked for. */
export const unusableReply = 'The upstream gave no answer that can be shown.';

/** What a web server says about a request line or header that is longer than it takes. */
const tooLongStatuses = new Set([414, 431]);
const conditionTooLong = 'The upstream takes no request as long as a list with the condition of the group.';

/** What the client itself wrote: whatever else an error quotes was not its own. */
export interface Asked {
  /** Query, path and body, decoded, in any order. */
  readonly text: string;
  readonly view: GroupView;
}

/**
 * An error of the upstream as the client may see it. Whatever it names that the client did not write itself is left out:
 * the PIM names siblings that have a value already, and the categories of the condition. An answer that is neither a
 * success nor an error (a redirect) is none.
 */
export function filterError(status: number, body: Buffer, asked: Asked): CatalogReply | CatalogRefusal {
  if (status < 400 || status > 599) return refuse(502, unusableReply);
  if (tooLongStatuses.has(status)) return refuse(502, conditionTooLong);
  const reply = (message: string, errors: readonly ErrorRow[] = []): CatalogReply => ({
    status,
    contentType: jsonType,
    body:
      errors.length === 0
        ? buildErrorBody(status, message)
        : Buffer.from(JSON.stringify({ code: status, message, errors })),
  });
  const doc = status >= 500 ? undefined : parseJson(body);
  if (doc === undefined || !isDocument(doc)) return reply(unusableReply);
  const message = doc.string(doc.find(doc.root, 'message'));
  if (message === undefined) return reply(unusableReply);
  return reply(hideNames(message, asked), readErrors(doc, doc.find(doc.root, 'errors'), asked));
}

type ErrorRow = Readonly<Record<string, string | null>>;

const rowKeys = ['property', 'message', 'attribute', 'locale', 'scope'];

/** Errors about values that the group does not see are not told. */
export function readErrors(doc: JsonDocument, node: JsonNode | undefined, asked: Asked): readonly ErrorRow[] {
  if (node === undefined) return [];
  return doc.items(node).flatMap((item) => {
    const row: Record<string, string | null> = {};
    for (const { key, value } of doc.members(item)) {
      if (rowKeys.includes(key)) row[key] = doc.string(value) ?? null;
    }
    const { attribute, locale } = row;
    if (attribute != null && !asked.view.seesAttribute(attribute)) return [];
    if (locale != null && !asked.view.seesLocale(locale)) return [];
    return [{ ...row, message: hideNames(row.message ?? '', asked) }];
  });
}

/** Text in quotes (an apostrophe within a word opens none), or a word. */
const pieces = /"([^"]*)"|`([^`]*)`|“([^”]*)”|‘([^’]*)’|«([^»]*)»|(?<!\w)'([^']*)'(?!\w)|[^\s"`“‘«]+/g;
/** A word of a language, or a small number. Anything else may be a name. */
const plainWord = /^(?:[A-Za-z]*(?:['’][a-z]+)?|[0-9]{1,5})$/;

/** Longer messages are cut, in characters. */
const longestMessage = 2_000;

/** A message with every name left out that the client did not write: all in quotes, and what does not look like a word. */
export function hideNames(message: string, { text }: Asked): string {
  return message.slice(0, longestMessage).replace(pieces, (whole, ...parts: unknown[]) => {
    const inner = parts.slice(0, 6).find((part) => typeof part === 'string');
    if (typeof inner === 'string') return text.includes(inner) ? whole : '"…"';
    const word = whole.replace(/^[([{]+|[)\]}.,:;!?]+$/g, '');
    return plainWord.test(word) || text.includes(word) ? whole : whole.replace(word, '…');
  });
}
