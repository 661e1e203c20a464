import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import type { Sample, SampleEntity } from './build-sample.ts';
import { GroupModel } from './group-model.ts';
import { inheritedCategories } from './sample-pim.ts';

/** A body of a write, of the shape that the PIM documents. */
export interface WriteBody {
  readonly enabled?: boolean;
  readonly categories?: readonly string[];
  readonly parent?: string | null;
  readonly values?: Readonly<Record<string, readonly { readonly locale: string | null }[]>>;
  readonly associations?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Anything else. */
  readonly [property: string]: unknown;
}

/** Where a write goes. */
export interface WritePlace {
  readonly kind: 'products' | 'products-uuid' | 'product-models';
  /** The entity as it is; `undefined`: it is new. */
  readonly before: SampleEntity | undefined;
}

const known = ['enabled', 'categories', 'parent', 'values', 'associations', 'identifier', 'uuid', 'code', 'family'];

/**
 * Whether a group may write this, said as the documentation says it and without any thought of how it is judged: seen before
 * and after, one category owned (or in none before and after), edit of everything that is named, associations to what is
 * seen; and no category that is not seen is given or taken away.
 */
export function mayWrite(
  sample: Sample,
  group: ConnectionGroupSpec,
  { kind, before }: WritePlace,
  body: WriteBody,
): boolean {
  const model = new GroupModel(sample, group);
  const isModel = kind === 'product-models';
  if (!Object.keys(body).every((key) => known.includes(key) && !(isModel && key === 'enabled'))) return false;
  if (before !== undefined && !model.sees(before)) return false;
  const after = applyTo(sample, before, body);
  if (!model.sees(after)) return false;
  if (!ownsBoth(sample, group, before, after)) return false;
  const given = body.categories ?? [];
  const [had, has] = [categoriesOf(sample, before), categoriesOf(sample, after)];
  const changed = [
    ...given.filter((code) => !had.includes(code)),
    ...(body.categories === undefined ? [] : had.filter((code) => !has.includes(code))),
  ];
  if (!changed.every((code) => model.seesCategory(code))) return false;
  const parent = body.parent ?? null;
  if (parent !== null && parent !== before?.parent && !model.sees(sample.models.get(parent))) return false;
  return editsValues(model, body) && seesAssociated(sample, model, kind, body);
}

function categoriesOf(sample: Sample, entity: SampleEntity | undefined): readonly string[] {
  return entity === undefined ? [] : [...entity.categories, ...inheritedCategories(sample, entity)];
}

/** The entity as it would be, as far as its categories are concerned. */
function applyTo(sample: Sample, before: SampleEntity | undefined, body: WriteBody): SampleEntity {
  const after = structuredClone(before) ?? ({ categories: [], parent: null } as unknown as SampleEntity);
  if (body.categories !== undefined) after.categories = [...body.categories];
  if (body.parent === undefined) return after;
  // A product that leaves its parent takes the categories along.
  if (body.parent === null && body.categories === undefined)
    after.categories = [...new Set([...after.categories, ...inheritedCategories(sample, after)])];
  after.parent = body.parent;
  return after;
}

function ownsBoth(
  sample: Sample,
  group: ConnectionGroupSpec,
  before: SampleEntity | undefined,
  after: SampleEntity,
): boolean {
  const owned = group.catalog?.categories?.own ?? [];
  if (owned.includes('*')) return true;
  const covers = (code: string): boolean => {
    const parent = sample.categories.find((category) => category.code === code)?.parent;
    return owned.includes(code) || (parent != null && covers(parent));
  };
  const [had, has] = [categoriesOf(sample, before), categoriesOf(sample, after)];
  if (had.length === 0 && has.length === 0) return true;
  return (before === undefined || had.some(covers)) && has.some(covers);
}

function editsValues(model: GroupModel, { values = {} }: WriteBody): boolean {
  return Object.entries(values).every(
    ([code, list]) => model.editsAttribute(code) && list.every(({ locale }) => model.editsLocale(locale)),
  );
}

function seesAssociated(
  sample: Sample,
  model: GroupModel,
  kind: WritePlace['kind'],
  { associations = {} }: WriteBody,
): boolean {
  return Object.values(associations).every((lists) =>
    Object.entries(lists).every(([list, names]) =>
      names.every((name) => {
        if (list === 'product_models') return model.sees(sample.models.get(name));
        if (kind !== 'products-uuid') return model.sees(sample.products.get(name));
        return model.sees([...sample.products.values()].find(({ uuid }) => uuid === name));
      }),
    ),
  );
}
