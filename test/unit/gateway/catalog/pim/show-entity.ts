import type { Sample, SampleEntity } from './build-sample.ts';
import type { SearchQuestion } from './match-search.ts';
import { inheritedCategories, nameOf } from './sample-pim.ts';

/** An entity as the PIM shows it. */
export type Shown = Record<string, unknown> & {
  categories: string[];
  values: SampleEntity['values'];
  associations: Record<string, Record<string, string[]>>;
  quantified_associations: Record<string, Record<string, Record<string, unknown>[]>>;
};

/** Shows an entity with everything that there is, as far as the question asks for it. */
export function showEntity(sample: Sample, kind: string, entity: SampleEntity, question: SearchQuestion): Shown {
  const name = nameOf(entity).replace(/\W/g, '');
  const computed = sample.channels.flatMap(({ code, locales }) =>
    locales.map((locale) => ({ scope: code, locale, data: `V${name}_computed_${locale}_${code}X` })),
  );
  return {
    ...showNames(kind, entity),
    family: entity.family,
    parent: entity.parent,
    ...(entity.parent !== null && { root_parent: rootOf(sample, entity.parent) }),
    categories: [...new Set([...entity.categories, ...inheritedCategories(sample, entity)])],
    enabled: entity.enabled,
    groups: ['promotion'],
    values: showValues(sample, entity, question),
    created: '2026-01-01T00:00:00+00:00',
    updated: '2026-01-02T00:00:00+00:00',
    associations: kind === 'products-uuid' ? byUuid(sample, entity.associations) : entity.associations,
    quantified_associations:
      kind === 'products-uuid' ? byUuid(sample, entity.quantified_associations) : entity.quantified_associations,
    ...(question.with_completenesses === 'true' && { completenesses: computed }),
    ...(question.with_quality_scores === 'true' && { quality_scores: computed }),
    of_a_later_version: `V${name}_later_null_nullX`,
  };
}

function showNames(kind: string, { identifier, uuid, code }: SampleEntity): Record<string, unknown> {
  if (kind === 'product-models') return { code, family_variant: 'by_size' };
  if (kind === 'products-uuid') return { uuid };
  return kind === 'products' ? { identifier, uuid } : { identifier };
}

function rootOf(sample: Sample, code: string): string {
  const above = sample.models.get(code)?.parent;
  return above == null ? code : rootOf(sample, above);
}

function showValues(sample: Sample, { values }: SampleEntity, question: SearchQuestion): SampleEntity['values'] {
  const attributes = question.attributes?.split(',');
  const channel = sample.channels.find(({ code }) => code === question.scope);
  const locales = question.locales?.split(',') ?? channel?.locales;
  const shown = Object.entries(values).map(([code, list]) => {
    const kept = list.filter(
      ({ locale, scope }) =>
        (locale === null || locales === undefined || locales.includes(locale)) &&
        (scope === null || channel === undefined || scope === channel.code),
    );
    return [code, kept.map((value) => (question.with_attribute_options === 'true' ? value : withoutLabels(value)))];
  });
  return Object.fromEntries(
    shown.filter(
      ([code, list]) => list?.length !== 0 && (attributes === undefined || attributes.includes(String(code))),
    ),
  );
}

function withoutLabels({ linked_data: _, ...value }: SampleEntity['values'][string][number]): object {
  return value;
}

/** The same associations, products by their uuid. */
function byUuid<T>(
  sample: Sample,
  associations: Record<string, Record<string, T[]>>,
): Record<string, Record<string, T[]>> {
  const uuidOf = (identifier: unknown): unknown => sample.products.get(String(identifier))?.uuid;
  return Object.fromEntries(
    Object.entries(associations).map(([type, lists]) => [
      type,
      {
        ...lists,
        products: (lists.products ?? []).map((item) =>
          typeof item === 'string'
            ? uuidOf(item)
            : { uuid: uuidOf((item as { identifier: unknown }).identifier), quantity: 2 },
        ) as T[],
      },
    ]),
  );
}
