import type { Entity } from '../entity.ts';
import type { EntityState } from '../lookup/entity-state.ts';
import type { VisibleReferences } from '../lookup/find-visible.ts';
import type { GroupView } from '../rights/group-view.ts';
import { findCategoriesAfter, listChangedCategories } from './categories-after.ts';
import type { WriteClaims } from './write-claims.ts';

/** What the upstream says about a write, read before it is forwarded. */
export interface WriteFacts {
  /** The name by which the write reaches the entity; `undefined`: a new one without a name. */
  readonly name: string | undefined;
  /** `undefined`: the entity is new. */
  readonly before: EntityState | undefined;
  /** Categories of the parent that it has; absent without one. */
  readonly parentBefore: readonly string[] | undefined;
  /** Categories of the parent that it is given; absent when there is none of that code. */
  readonly parentGiven: readonly string[] | undefined;
  readonly visible: VisibleReferences;
}

/** What keeps the group from a write; empty: it may pass. The one place where writing is judged. */
export function findObstacles(
  entity: Entity,
  claims: WriteClaims,
  facts: WriteFacts,
  view: GroupView,
): readonly string[] {
  const noun = entity.kind === 'product-models' ? 'product model' : 'product';
  const subject = facts.name === undefined ? `the ${noun}` : `${noun} "${facts.name}"`;
  if (facts.before !== undefined && !view.seesProduct(facts.before.categories)) return [`${subject} (not seen)`];
  return [
    ...findCategoryObstacles(subject, claims, facts, view),
    ...findNameObstacles(entity, claims, facts, view),
    ...findParentObstacles(claims, facts, view),
    ...findValueObstacles(claims, view),
    ...findReferenceObstacles(claims, facts),
  ];
}

/** Seen before and after; one of its categories owned before and after, or in none before and after. */
function findCategoryObstacles(
  subject: string,
  claims: WriteClaims,
  facts: WriteFacts,
  view: GroupView,
): readonly string[] {
  if (claims.categories !== undefined && claims.addedCategories.length + claims.removedCategories.length > 0) {
    return ['"categories" beside "add_categories" or "remove_categories" (give one of them)'];
  }
  const hidden = listChangedCategories(claims, facts).filter((code) => !view.seesCategory(code));
  if (hidden.length > 0) return hidden.map((code) => `category "${code}" (not seen)`);
  const after = findCategoriesAfter(claims, facts);
  if (!view.seesProduct(after)) return [`${subject} (would not be seen afterwards)`];
  const before = facts.before?.categories ?? [];
  if (view.ownsAllCategories || (before.length === 0 && after.length === 0)) return [];
  if (facts.before !== undefined && !view.ownsCategoryOf(before)) {
    return [
      `${subject} (${before.length === 0 ? 'in no category, so it is free for everybody and stays in none' : 'not owned'})`,
    ];
  }
  return view.ownsCategoryOf(after) ? [] : [`${subject} (none of its categories would be owned afterwards)`];
}

/** The other names of an entity say what it is; its identifier is the value of an attribute as well. */
function findNameObstacles(entity: Entity, claims: WriteClaims, facts: WriteFacts, view: GroupView): readonly string[] {
  const { before } = facts;
  const isByUuid = entity.kind === 'products-uuid';
  const obstacles: string[] = [];
  if (!isByUuid && claims.uuid !== undefined && claims.uuid.toLowerCase() !== before?.uuid?.toLowerCase()) {
    obstacles.push('property "uuid" (names another product)');
  }
  if (isByUuid && claims.identifier !== undefined && claims.identifier !== before?.identifier) {
    obstacles.push('property "identifier" (not known)');
  }
  const isRenamed = !isByUuid && before !== undefined && (claims.identifier ?? before.identifier) !== before.identifier;
  if (isRenamed && entity.kind === 'products') {
    const holders = view.identifierAttributes.length > 0 ? view.identifierAttributes : ['identifier'];
    for (const code of holders) if (!view.editsAttribute(code)) obstacles.push(`attribute "${code}" (not editable)`);
  }
  return obstacles;
}

function findParentObstacles({ parent }: WriteClaims, facts: WriteFacts, view: GroupView): readonly string[] {
  if (typeof parent !== 'string' || parent === '') return [];
  if (parent === facts.before?.parent) return [];
  const isSeen = facts.parentGiven !== undefined && view.seesProduct(facts.parentGiven);
  return isSeen ? [] : [`product model "${parent}" (not seen)`];
}

function findValueObstacles({ values }: WriteClaims, view: GroupView): readonly string[] {
  const attributes = values.map(({ attribute }) => attribute).filter((code) => !view.editsAttribute(code));
  const locales = values.flatMap(({ locale }) => (locale === undefined || view.editsLocale(locale) ? [] : [locale]));
  return [
    ...[...new Set(attributes)].map((code) => `attribute "${code}" (not editable)`),
    ...[...new Set(locales)].map((code) => `locale "${code}" (not editable)`),
  ];
}

function findReferenceObstacles({ references }: WriteClaims, { visible }: WriteFacts): readonly string[] {
  const obstacles: string[] = [];
  for (const [kind, names] of references) {
    for (const name of names) {
      if (!visible.has(kind, name))
        obstacles.push(`${kind === 'model' ? 'product model' : 'product'} "${name}" (not seen)`);
    }
  }
  return obstacles;
}
