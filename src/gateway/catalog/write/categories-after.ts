import type { WriteFacts } from './find-obstacles.ts';
import type { WriteClaims } from './write-claims.ts';

/**
 * The categories of an entity after a write. Those of its parents are always among them. What of its categories is its
 * own when it changes its parent is not known; what may go is taken for gone.
 */
export function findCategoriesAfter(claims: WriteClaims, facts: WriteFacts): readonly string[] {
  const inherited = findInherited(claims, facts);
  const removed = new Set(claims.removedCategories);
  const kept = [...(claims.categories ?? findKept(claims, facts)), ...claims.addedCategories];
  return [...new Set([...kept.filter((code) => !removed.has(code)), ...inherited])];
}

/**
 * The categories that a write itself puts an entity into or takes it out of. The group must see each: it could neither
 * put a product into other people's categories nor take it away from there.
 */
export function listChangedCategories(claims: WriteClaims, facts: WriteFacts): readonly string[] {
  const before = new Set(facts.before?.categories ?? []);
  const listed = [...claims.addedCategories, ...claims.removedCategories];
  if (claims.categories === undefined) return listed;
  const after = new Set(findCategoriesAfter(claims, facts));
  const added = claims.categories.filter((code) => !before.has(code));
  const removed = [...before].filter((code) => !after.has(code));
  return [...listed, ...added, ...removed];
}

/** A product that leaves its parent takes everything with it, the categories too. */
function findKept({ parent }: WriteClaims, { before, parentBefore }: WriteFacts): readonly string[] {
  const categories = before?.categories ?? [];
  if (typeof parent !== 'string' || parent === before?.parent) return categories;
  const inherited = new Set(parentBefore ?? []);
  return categories.filter((code) => !inherited.has(code));
}

function findInherited({ parent }: WriteClaims, { before, parentBefore, parentGiven }: WriteFacts): readonly string[] {
  if (parent === undefined || parent === '' || parent === before?.parent) return parentBefore ?? [];
  return parent === null ? [] : (parentGiven ?? []);
}
