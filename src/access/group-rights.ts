import type { ConnectionGroupSpec } from '../api/generated/connection-group.ts';

/** Codes that a right names. */
export type CodeSet = 'all' | ReadonlySet<string>;

/** Rights on one axis; `own` includes `edit` includes `view`. Attribute groups and locales have no `own`. */
export interface AxisRights {
  readonly view: CodeSet;
  readonly edit: CodeSet;
  readonly own: CodeSet;
}

/** What a group grants, the rights that include others spelled out. */
export interface GroupRights {
  readonly categories: AxisRights;
  readonly attributeGroups: AxisRights;
  readonly locales: AxisRights;
}

/** `open`: bodies pass untouched. `nothing`: lists are empty and one product is 404. */
export type ReadRights =
  | { readonly kind: 'open' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'restricted'; readonly rights: GroupRights };

interface AxisSpec {
  readonly view?: readonly string[];
  readonly edit?: readonly string[];
  readonly own?: readonly string[];
}

const known = new WeakMap<ConnectionGroupSpec, ReadRights>();

/** Reads a group once. `undefined`, a group that is gone, grants nothing. */
export function readRights(spec: ConnectionGroupSpec | undefined): ReadRights {
  if (spec === undefined) return { kind: 'nothing' };
  const before = known.get(spec);
  if (before !== undefined) return before;
  const read = buildRights(spec);
  known.set(spec, read);
  return read;
}

function buildRights({ catalog }: ConnectionGroupSpec): ReadRights {
  if (catalog === undefined) return { kind: 'nothing' };
  const categories = readAxis(catalog.categories);
  const attributeGroups = readAxis(catalog.attributeGroups);
  const locales = readAxis(catalog.locales);
  const isOpen = categories.own === 'all' && attributeGroups.edit === 'all' && locales.edit === 'all';
  return isOpen ? { kind: 'open' } : { kind: 'restricted', rights: { categories, attributeGroups, locales } };
}

function readAxis(axis: AxisSpec | undefined): AxisRights {
  const own = readCodes(axis?.own ?? []);
  const edit = join(readCodes(axis?.edit ?? []), own);
  return { own, edit, view: join(readCodes(axis?.view ?? []), edit) };
}

/** `*` means all only when it stands alone, as admission asks. */
function readCodes(codes: readonly string[]): CodeSet {
  return codes.length === 1 && codes[0] === '*' ? 'all' : new Set(codes.filter((code) => code !== '*'));
}

function join(a: CodeSet, b: CodeSet): CodeSet {
  return a === 'all' || b === 'all' ? 'all' : new Set([...a, ...b]);
}

/** Whether a set has a code. */
export function hasCode(set: CodeSet, code: string): boolean {
  return set === 'all' || set.has(code);
}
