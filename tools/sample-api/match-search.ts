import type { Entity, EntityTable } from './sample-data.ts';

interface Filter {
  readonly operator?: string;
  readonly value?: unknown;
}

/** What a list is asked for, and what it may be about. */
export interface SearchQuestion {
  /** The parameter `search`; absent: everything. */
  readonly search: string | null;
  readonly categories: EntityTable;
}

/** The entities that a search is about, in their order; or what is wrong with it, in words. */
export function matchSearch(
  entities: readonly Entity[],
  { search, categories }: SearchQuestion,
): readonly Entity[] | string {
  const asked = parse(search ?? '{}');
  if (asked === undefined) return 'Search query parameter should be valid JSON.';
  let found = entities;
  for (const [property, filters] of Object.entries(asked)) {
    for (const { operator = '', value } of filters) {
      const check = buildCheck(property, operator, value, categories);
      if (typeof check === 'string') return check;
      found = found.filter(check);
    }
  }
  return found;
}

function parse(search: string): Readonly<Record<string, readonly Filter[]>> | undefined {
  try {
    return JSON.parse(search) as Record<string, Filter[]>;
  } catch {
    return undefined;
  }
}

type Check = (entity: Entity) => boolean;

function buildCheck(property: string, operator: string, value: unknown, categories: EntityTable): Check | string {
  const unsupported = `Filter on property "${property}" is not supported or does not support operator "${operator}"`;
  switch (property) {
    case 'categories':
      return checkCategories(operator, listOf(value), categories) ?? unsupported;
    case 'identifier':
    case 'family':
    case 'parent':
    case 'enabled':
    case 'code':
      return checkProperty(property, operator, listOf(value)) ?? unsupported;
    default:
      return unsupported;
  }
}

function checkProperty(property: string, operator: string, values: readonly unknown[]): Check | undefined {
  switch (operator) {
    case '=':
    case 'IN':
      return (entity) => values.includes(entity[property]);
    case '!=':
    case 'NOT IN':
      return (entity) => !values.includes(entity[property]);
    case 'EMPTY':
      return (entity) => entity[property] == null;
    case 'NOT EMPTY':
      return (entity) => entity[property] != null;
    default:
      return undefined;
  }
}

function checkCategories(operator: string, values: readonly unknown[], all: EntityTable): Check | string | undefined {
  const missing = values.find((code) => !all.has(String(code)));
  if (missing !== undefined) return `Category "${missing}" does not exist.`;
  const codes = new Set(operator.includes('CHILDREN') ? addChildren(values, all) : values);
  const isIn: Check = ({ categories }) => listOf(categories).some((code) => codes.has(code));
  const isInNone: Check = ({ categories }) => listOf(categories).length === 0;
  switch (operator) {
    case 'IN':
    case 'IN CHILDREN':
      return isIn;
    case 'NOT IN':
    case 'NOT IN CHILDREN':
      return (entity) => !isIn(entity);
    case 'UNCLASSIFIED':
      return isInNone;
    case 'IN OR UNCLASSIFIED':
      return (entity) => isIn(entity) || isInNone(entity);
    default:
      return undefined;
  }
}

/** The categories and everything beneath them. */
function addChildren(codes: readonly unknown[], all: EntityTable): readonly unknown[] {
  const children = [...all.values()].filter(({ parent }) => codes.includes(parent)).map(({ code }) => code);
  return children.length === 0 ? codes : [...codes, ...addChildren(children, all)];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
