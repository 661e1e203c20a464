import type { AskUpstream } from '../catalog-upstream.ts';
import type { Entity, ReferenceKind } from '../entity.ts';
import { buildEntityPath } from '../lookup/entity-path.ts';
import { type EntityState, readName, readOneState, readStates } from '../lookup/entity-state.ts';
import { findVisible } from '../lookup/find-visible.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import { runFewAtOnce } from '../lookup/run-few-at-once.ts';
import type { GroupView } from '../rights/group-view.ts';
import type { WriteFacts } from './find-obstacles.ts';
import type { WriteClaims } from './write-claims.ts';

/** Who asks about what. */
export interface FactContext {
  readonly ask: AskUpstream;
  readonly entity: Entity;
  readonly view: GroupView;
}

/** A write, and the entity as it is. */
export interface KnownWrite {
  readonly name: string | undefined;
  readonly claims: WriteClaims;
  /** `undefined`: it is new. */
  readonly before: EntityState | undefined;
}

/** By what kind of name a collection's entities are written. */
export function readNameKind({ kind, idKey }: Entity): ReferenceKind {
  return kind === 'product-models' ? 'model' : idKey === 'uuid' ? 'uuid' : 'identifier';
}

/** Reads the entities of these names as they are; what is not there is `undefined`, what cannot be told is `unclear`. */
export async function readBefore(
  names: readonly string[],
  { ask, entity, view }: FactContext,
): Promise<(name: string) => EntityState | undefined | 'unclear'> {
  const kind = readNameKind(entity);
  const few = names.length === 1;
  const found = few ? new Map() : await readStates(ask, kind, names, view.identifierAttributes[0]);
  const alone = new Map<string, EntityState | undefined | 'unclear'>();
  // A search may be a moment behind: what it does not find is looked up by itself before it is taken for new.
  await runFewAtOnce(new Set(names), async (name) => {
    if (found.has(readName(kind, name))) return;
    const path = buildEntityPath(kind, name);
    alone.set(name, path === undefined ? 'unclear' : await readOneState(ask, path));
  });
  return (name) => found.get(readName(kind, name)) ?? alone.get(name);
}

/** Reads in few questions what else the judgement of several writes needs, in their order. */
export async function gatherFacts(writes: readonly KnownWrite[], context: FactContext): Promise<readonly WriteFacts[]> {
  const parents = await readParents(writes, context);
  const references = new ReferenceSet();
  for (const { claims } of writes) references.addAll(claims.references);
  const visible = await findVisible(context.ask, context.view, references);
  return writes.map(({ name, claims, before }) => ({
    name,
    before,
    parentBefore: before?.parent === undefined ? undefined : parents.get(before.parent),
    parentGiven: typeof claims.parent === 'string' ? parents.get(claims.parent) : undefined,
    visible,
  }));
}

/** Categories of every parent that matters, by its code. */
async function readParents(
  writes: readonly KnownWrite[],
  { ask }: FactContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const codes = new Set<string>();
  for (const { claims, before } of writes) {
    if (typeof claims.parent === 'string' && claims.parent !== '') codes.add(claims.parent);
    const matters =
      claims.parent !== undefined || claims.categories !== undefined || claims.removedCategories.length > 0;
    if (matters && before?.parent !== undefined) codes.add(before.parent);
  }
  const categories = new Map<string, readonly string[]>();
  await runFewAtOnce(codes, async (code) => {
    const path = buildEntityPath('model', code);
    const state = path === undefined ? undefined : await readOneState(ask, path);
    if (state !== undefined) categories.set(code, state.categories);
  });
  return categories;
}
