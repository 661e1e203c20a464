import type { AskUpstream } from '../catalog-upstream.ts';
import type { ReferenceKind } from '../entity.ts';
import type { GroupView } from '../rights/group-view.ts';
import { buildEntityPath } from './entity-path.ts';
import { readOneState, readStates } from './entity-state.ts';
import { ReferenceSet } from './reference-set.ts';
import { runFewAtOnce } from './run-few-at-once.ts';

/** Which of the products and models that were asked about the group sees. */
export interface VisibleReferences {
  has(kind: ReferenceKind, name: string): boolean;
}

const everything: VisibleReferences = { has: () => true };

/**
 * Asks the upstream in batches which of them are seen; what it does not find is not. Rejects when it cannot be asked:
 * an association that is missing for a moment would be taken for one that was deleted.
 *
 * @param confirm what a search does not find is looked up by itself: searches may be a moment behind
 */
export async function findVisible(
  ask: AskUpstream,
  view: GroupView,
  references: ReferenceSet,
  confirm = false,
): Promise<VisibleReferences> {
  if (view.categories === 'all') return everything;
  const visible = new ReferenceSet();
  for (const [kind, names] of references) {
    const states = await readStates(ask, kind, names, view.identifierAttributes[0]);
    await runFewAtOnce(names, async (name) => {
      const state = states.get(name) ?? (confirm ? await readByPath(ask, kind, name) : undefined);
      if (state !== undefined && view.seesProduct(state.categories)) visible.add(kind, name);
    });
  }
  return visible;
}

async function readByPath(ask: AskUpstream, kind: ReferenceKind, name: string) {
  const path = buildEntityPath(kind, name);
  return path === undefined ? undefined : await readOneState(ask, path);
}
