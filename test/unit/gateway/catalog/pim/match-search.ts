import type { Sample, SampleEntity } from './build-sample.ts';
import { inheritedCategories, nameOf } from './sample-pim.ts';

/** Query parameters, and those of a `…/search` body. */
export type SearchQuestion = Readonly<Partial<Record<string, string>>>;

interface Filter {
  readonly operator: string;
  readonly value?: unknown;
  readonly locale?: string | null;
  readonly scope?: string | null;
}

/** The entities that a question is about, in the order of their names; or what is wrong with it. */
export function matchSearch(
  sample: Sample,
  entities: readonly SampleEntity[],
  question: SearchQuestion,
): SampleEntity[] | string {
  const search = JSON.parse(question.search ?? '{}') as Record<string, Filter[]>;
  const channel = sample.channels.find(({ code }) => code === question.scope);
  if (question.scope !== undefined && channel === undefined) return `Scope "${question.scope}" does not exist.`;
  if (channel !== undefined && search.categories === undefined) {
    search.categories = [{ operator: 'IN CHILDREN', value: [channel.category_tree] }];
  }
  const checks: ((entity: SampleEntity) => boolean)[] = [];
  for (const [property, filters] of Object.entries(search)) {
    for (const filter of filters) {
      const check = buildCheck(sample, property, filter, question);
      if (typeof check === 'string') return check;
      checks.push(check);
    }
  }
  const found = entities.filter((entity) => checks.every((check) => check(entity)));
  return found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

type Check = ((entity: SampleEntity) => boolean) | string;

function buildCheck(sample: Sample, property: string, filter: Filter, question: SearchQuestion): Check {
  switch (property) {
    case 'categories':
      return checkCategories(sample, filter);
    case 'identifier':
      return checkName(filter, nameOf);
    case 'uuid':
      return checkName(filter, ({ uuid }) => uuid ?? '');
    case 'parent':
      return checkParent(sample, filter);
    case 'family':
      return checkName(filter, ({ family }) => family);
    case 'enabled':
      return ({ enabled }) => (enabled === filter.value) === (filter.operator === '=');
    case 'completeness':
      return ({ values }) => Object.keys(values).length > 6;
    default:
      return checkAttribute(sample, property, filter, question);
  }
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

function checkName(filter: Filter, read: (entity: SampleEntity) => string): Check {
  const names = new Set(listOf(filter.value));
  return (entity) => names.has(read(entity)) === (filter.operator === 'IN');
}

function checkCategories(sample: Sample, { operator, value }: Filter): Check {
  const given = operator === 'UNCLASSIFIED' ? [] : listOf(value);
  const missing = given.find((code) => !sample.categories.some((category) => category.code === code));
  if (missing !== undefined) return `Category "${missing}" does not exist.`;
  if (given.length > 800) return 'Too many values.';
  const withChildren = (codes: readonly string[]): string[] => {
    const children = sample.categories.filter(({ parent }) => parent !== null && codes.includes(parent));
    return children.length === 0 ? [...codes] : [...codes, ...withChildren(children.map(({ code }) => code))];
  };
  const codes = new Set(operator.includes('CHILDREN') ? withChildren(given) : given);
  return (entity) => {
    const all = [...entity.categories, ...inheritedCategories(sample, entity)];
    const isIn = all.some((code) => codes.has(code));
    if (operator === 'UNCLASSIFIED') return all.length === 0;
    if (operator === 'IN OR UNCLASSIFIED') return isIn || all.length === 0;
    return isIn === !operator.startsWith('NOT');
  };
}

function checkParent(sample: Sample, { operator, value }: Filter): Check {
  if (operator === 'EMPTY') return ({ parent }) => parent === null;
  if (operator === 'NOT EMPTY') return ({ parent }) => parent !== null;
  const codes = new Set(listOf(value));
  const isBeneath = ({ parent }: SampleEntity): boolean => {
    if (parent === null) return false;
    const above = sample.models.get(parent);
    return codes.has(parent) || (operator === '=' && above !== undefined && isBeneath(above));
  };
  return isBeneath;
}

function checkAttribute(sample: Sample, code: string, filter: Filter, question: SearchQuestion): Check {
  const attribute = sample.attributes.find((known) => known.code === code);
  if (attribute === undefined) return `Filter on property "${code}" is not supported.`;
  const locale = filter.locale ?? question.search_locale ?? null;
  const scope = filter.scope ?? question.search_scope ?? null;
  // Laxer than the PIM: without a locale it looks at all of them, and so tells more.
  return ({ values }) => {
    const texts = (values[code] ?? [])
      .filter((value) => (locale === null || value.locale === locale) && (scope === null || value.scope === scope))
      .map(({ data }) => JSON.stringify(data));
    if (filter.operator === 'EMPTY') return texts.length === 0;
    if (filter.operator === 'NOT EMPTY') return texts.length > 0;
    return texts.some((text) => text.includes(String(filter.value)));
  };
}
