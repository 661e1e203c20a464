import type { CatalogRefusal, CatalogReply, ReplyFilter } from '../catalog-plan.ts';
import type { Entity } from '../entity.ts';
import { JsonWriter } from '../json/json-writer.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { type Asked, filterError, hideNames, readErrors, unusableReply } from '../read/filter-error.ts';

/** Media type of collections, both ways. */
export const collectionType = 'application/vnd.akeneo.collection+json';

/** A line of a collection: forwarded as it is, or answered here. */
export type JudgedLine =
  | { readonly bytes: Buffer; readonly name: string }
  /** JSON. */
  | { readonly reply: string };

/** The reply to a line that is not forwarded. */
export function writeRefusedLine(
  line: number,
  { idKey }: Entity,
  name: string | undefined,
  { status, message }: CatalogRefusal,
): string {
  return JSON.stringify({ line, ...(name !== undefined && { [idKey]: name }), status_code: status, message });
}

const plain = new Set(['identifier', 'uuid', 'code', 'status_code']);

/** Puts the upstream's replies about the lines that it got between those that were given here, numbered as sent. */
export function buildCollectionFilter(lines: readonly JudgedLine[], entity: Entity, asked: Asked): ReplyFilter {
  return (status, body) => {
    if (status !== 200) return Promise.resolve(filterError(status, body, asked));
    const replies = readReplies(body, lines, asked);
    const merged = lines.map((line, at) => {
      if ('reply' in line) return line.reply;
      const reply = replies.get(at + 1);
      const unclear = { kind: 'refuse', status: 502, message: unusableReply } as const;
      return reply ?? writeRefusedLine(at + 1, entity, line.name, unclear);
    });
    const reply: CatalogReply = { status, contentType: collectionType, body: Buffer.from(merged.join('\n')) };
    return Promise.resolve(reply);
  };
}

/** By the number of the line as the client sent it. */
function readReplies(body: Buffer, lines: readonly JudgedLine[], asked: Asked): ReadonlyMap<number, string> {
  const sent = lines.flatMap((line, at) => ('bytes' in line ? [at + 1] : []));
  const replies = new Map<number, string>();
  for (const text of body.toString().split('\n')) {
    const doc = parseJson(Buffer.from(text));
    if (!isDocument(doc)) continue;
    const number = doc.find(doc.root, 'line');
    const line = number === undefined ? undefined : sent[Number(doc.slice(number).toString()) - 1];
    if (line === undefined) continue;
    const writer = new JsonWriter();
    writer.object(doc, doc.root, (key, value) => {
      if (key === 'line') return () => writer.value(line);
      if (key === 'message') return () => writer.value(hideNames(doc.string(value) ?? '', asked));
      if (key === 'errors') return () => writer.value(readErrors(doc, value, asked));
      return plain.has(key) ? 'keep' : 'drop';
    });
    replies.set(line, writer.finish().toString());
  }
  return replies;
}
