import { buildErrorBody, type CatalogReply } from '../catalog-plan.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import type { GroupView } from '../rights/group-view.ts';

/** JSON as the gateway labels it. */
export const jsonType = 'application/json';

/** What is said when the upstream's reply is not what was asked for. */
export const unusableReply = 'The upstream gave no answer that can be shown.';

/** What the client itself wrote: whatever else an error quotes was not its own. */
export interface Asked {
  /** Query, path and body, decoded, in any order. */
  readonly text: string;
  readonly view: GroupView;
}

/**
 * An error of the upstream as the client may see it. Whatever it quotes that the client did not write itself is left
 * out: the PIM names siblings that have a value already, and the categories of the condition.
 */
export function filterError(status: number, body: Buffer, asked: Asked): CatalogReply {
  const shown = status >= 400 && status < 600 ? status : 502;
  const reply = (message: string, errors: readonly ErrorRow[] = []): CatalogReply => ({
    status: shown,
    contentType: jsonType,
    body:
      errors.length === 0
        ? buildErrorBody(shown, message)
        : Buffer.from(JSON.stringify({ code: shown, message, errors })),
  });
  const doc = shown >= 500 ? undefined : parseJson(body);
  if (doc === undefined || !isDocument(doc)) return reply(unusableReply);
  const message = doc.string(doc.find(doc.root, 'message'));
  if (message === undefined) return reply(unusableReply);
  return reply(hideQuotes(message, asked), readErrors(doc, doc.find(doc.root, 'errors'), asked));
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
    return [{ ...row, message: hideQuotes(row.message ?? '', asked) }];
  });
}

/** Text in quotes; an apostrophe within a word opens none. */
const quoted = /"([^"]*)"|`([^`]*)`|“([^”]*)”|‘([^’]*)’|«([^»]*)»|(?<!\w)'([^']*)'(?!\w)/g;

/** A message with everything in quotes left out that the client did not write. */
export function hideQuotes(message: string, { text }: Asked): string {
  return message.replace(quoted, (whole, ...parts: unknown[]) => {
    const inner = parts.slice(0, 6).find((part) => typeof part === 'string');
    return typeof inner === 'string' && text.includes(inner) ? whole : '"…"';
  });
}
