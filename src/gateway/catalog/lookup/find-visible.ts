import type { AskUpstream } from '../catalog-upstream.ts';
import type { ReferenceKind } from '../entity.ts';
import type { GroupView } from '../rights/group-view.ts';
import { buildEntityPath } from './entity-path.ts';
import { findOneState, readStates } from './entity-state.ts';
import { ReferenceSet } from './reference-set.ts';
import { runFewAtOnce } from './run-few-at-once.ts';

/** Which of the products and models that were asked about the group sees. */
export interface VisibleReferences {
  has(kind: ReferenceKind, name: string): boolean;
}

const everything: VisibleReferences = { has: () => true };

/** So many names that no search has found are looked up by themselves for one call; further ones are not seen. */
const mostAlone = 200;

/**
 * Asks the upstream in batches which of them are seen. What a search does not find is looked up by itself, because
 * searches may be a moment behind: an association that is missing for a moment would be taken for one that was deleted.
 * Rejects when it cannot be asked, for the same reason.
 */
export async function findVisible(
  ask: AskUpstream,
  view: GroupView,
  references: ReferenceSet,
): Promise<VisibleReferences> {
  if (view.categories === 'all') return everything;
  const visible = new ReferenceSet();
  let alone = 0;
  for (const [kind, names] of references) {
    const states = await readStates(ask, kind, names, view.identifierAttributes[0]);
    await runFewAtOnce(names, async (name) => {
      const state = states.get(name) ?? (alone++ < mostAlone ? await readByPath(ask, kind, name) : undefined);
      if (state !== undefined && view.seesProduct(state.categories)) visible.add(kind, name);
    });
  }
  return visible;
}

async function readByPath(ask: AskUpstream, kind: ReferenceKind, name: string) {
  const path = buildEntityPath(kind, name);
  return path === undefined ? undefined : await findOneState(ask, path);
}
