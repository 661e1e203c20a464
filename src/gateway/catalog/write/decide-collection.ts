import { type CatalogCall, type CatalogPlan, type CatalogRefusal, refuse } from '../catalog-plan.ts';
import { readParameters } from '../query/read-parameters.ts';
import { buildForbidden } from './build-forbidden.ts';
import { checkUuid, parseClaims } from './decide-single.ts';
import { findObstacles } from './find-obstacles.ts';
import { type FactContext, gatherFacts, readBefore } from './gather-facts.ts';
import { buildCollectionFilter, collectionType, type JudgedLine, writeRefusedLine } from './merge-replies.ts';
import type { WriteClaims } from './write-claims.ts';

/** Most lines that the PIM takes. */
const maxLines = 100;
/** Longest line that the PIM takes, in bytes. */
const maxLineBytes = 1_000_000;
const noParameters: ReadonlySet<string> = new Set();

interface OpenLine {
  readonly bytes: Buffer;
  readonly claims: WriteClaims;
  readonly name: string;
}

/**
 * Decides about a collection, each line by itself. Lines that pass are forwarded as they are; lines that do not are
 * answered in their place. When none passes, the upstream is not asked. Rejects with `CatalogUnavailable`.
 */
export async function decideCollection(call: CatalogCall, body: Buffer, context: FactContext): Promise<CatalogPlan> {
  const parameters = readParameters(call.target.query, noParameters);
  if ('kind' in parameters) return parameters;
  const texts = splitLines(body);
  if (texts.length > maxLines) return refuse(413, `Too many resources to process, ${maxLines} is the maximum allowed.`);
  const lines = await judgeLines(texts, context);
  const passed = lines.flatMap((line) => ('bytes' in line ? [line.bytes] : []));
  if (passed.length === 0) {
    const replies = lines.flatMap((line) => ('reply' in line ? [line.reply] : []));
    return { kind: 'answer', status: 200, contentType: collectionType, body: Buffer.from(replies.join('\n')) };
  }
  return {
    kind: 'forward',
    method: call.method,
    path: call.target.path,
    query: '',
    body: passed.length === lines.length ? body : joinLines(passed),
    filter: buildCollectionFilter(lines, context.entity, { text: body.toString(), view: context.view }),
  };
}

/** As PHP reads lines: a line feed at the very end begins no further one. */
function splitLines(body: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf(0x0a, at);
    const stop = end < 0 ? body.length : end;
    lines.push(body.subarray(at, stop));
    at = stop + 1;
  }
  return lines;
}

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, at) => (at === 0 ? [line] : [Buffer.from('\n'), line])));
}

async function judgeLines(texts: readonly Buffer[], context: FactContext): Promise<readonly JudgedLine[]> {
  const { entity, view } = context;
  const seen = new Map<string, number>();
  const read = texts.map((bytes, at) => readLine(bytes, at + 1, seen, context));
  const open = read.filter((line): line is OpenLine => !('kind' in line));
  const before = await readBefore(
    open.map(({ name }) => name),
    context,
  );
  const known = open.flatMap((line) => {
    const state = before(line.name);
    return state === 'unclear' ? [] : [{ ...line, before: state }];
  });
  const facts = await gatherFacts(known, context);
  const byLine = new Map(known.map(({ bytes }, at) => [bytes, facts[at]]));
  return read.map((line, at): JudgedLine => {
    if ('kind' in line) return { reply: writeRefusedLine(at + 1, entity, undefined, line) };
    const fact = byLine.get(line.bytes);
    const obstacles =
      fact === undefined ? ['this name (cannot be looked up)'] : findObstacles(entity, line.claims, fact, view);
    if (obstacles.length === 0) return { bytes: line.bytes, name: line.name };
    return { reply: writeRefusedLine(at + 1, entity, line.name, buildForbidden(obstacles)) };
  });
}

/** One line, or why it goes no further. A second line about one entity would be judged on what the first one changes. */
function readLine(
  bytes: Buffer,
  number: number,
  seen: Map<string, number>,
  { entity }: FactContext,
): OpenLine | CatalogRefusal {
  if (bytes.length > maxLineBytes) return refuse(413, 'Line is too long.');
  const claims = parseClaims(bytes, entity);
  if ('kind' in claims) return claims;
  const name = claims[entity.idKey];
  const label = `${entity.idKey.charAt(0).toUpperCase()}${entity.idKey.slice(1)}`;
  if (name === undefined || name.trim() === '') return refuse(422, `${label} is missing.`);
  if (entity.idKey === 'uuid') {
    const checked = checkUuid(name);
    if (typeof checked === 'object') return checked;
  }
  const first = seen.get(fold(name));
  if (first !== undefined) return buildForbidden([`a second line about "${name}" (send it after line ${first})`]);
  seen.set(fold(name), number);
  return { bytes, claims, name };
}

/** What the PIM's database takes for one name: accents, case and spaces at the end do not matter to it. */
function fold(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd();
}
