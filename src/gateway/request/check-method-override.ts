import type { Method } from '../../access/read-method.ts';
import { Refusal } from '../../access/refusal.ts';
import type { HeaderLine } from './read-headers.ts';

/** Plain names of the headers by which a client asks a framework to take a POST for something else. */
export const methodOverrideNames: ReadonlySet<string> = new Set([
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
]);

/**
 * Refuses (400) a POST whose query would change the method, as Symfony, Rails and others do it by `_method`. Names are
 * compared as PHP makes them: decoded, cut at a zero byte, spaces at the start away; dot, space and `[` are `_`.
 */
export function checkQueryOverride(method: Method, query: string): Refusal | undefined {
  if (method !== 'POST' || !/method/i.test(decodeLoosely(query))) return undefined;
  const named = query
    .slice(1)
    .split(/[&;]/)
    .some((pair) => readPhpName(pair) === '_method');
  return named ? new Refusal(400, 'The query of a POST may not hold "_method".') : undefined;
}

/** Whether a header asks for another method; `/authz` cannot drop it, so it has to refuse. */
export function hasOverrideHeader(lines: readonly HeaderLine[]): boolean {
  return lines.some((line) => methodOverrideNames.has(line.plain));
}

function readPhpName(pair: string): string {
  const name = decodeLoosely(pair.split('=', 1)[0] ?? '').replace(/^ +/, '');
  const [ended = ''] = name.split('\0', 1);
  const bracket = ended.indexOf('[', 1);
  const base = bracket > 0 && ended.includes(']', bracket) ? ended.slice(0, bracket) : ended;
  return base.replace(/[ .[]/g, '_').toLowerCase();
}

/** Each escape decoded by itself, `+` as a space: what a query parser makes of any bytes at all. */
function decodeLoosely(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
