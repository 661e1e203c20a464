import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import type { Sample, SampleEntity, SampleValue } from './build-sample.ts';
import { inheritedCategories } from './sample-pim.ts';
import type { Shown } from './show-entity.ts';

/** What a group may, straight from the sentences of the documentation and without any thought of how it is enforced. */
export class GroupModel {
  readonly #sample: Sample;
  readonly #catalog: NonNullable<ConnectionGroupSpec['catalog']> | undefined;

  constructor(sample: Sample, group: ConnectionGroupSpec) {
    this.#sample = sample;
    this.#catalog = group.catalog;
  }

  seesCategory(code: string): boolean {
    const { view = [], edit = [], own = [] } = this.#catalog?.categories ?? {};
    return this.#covers([...view, ...edit, ...own], code);
  }

  #covers(named: readonly string[], code: string): boolean {
    if (named.includes('*') || named.includes(code)) return true;
    const parent = this.#sample.categories.find((category) => category.code === code)?.parent;
    return parent != null && this.#covers(named, parent);
  }

  /** A product in no category belongs to everybody; a group without catalog sees nothing. */
  sees(entity: SampleEntity | undefined): boolean {
    if (this.#catalog === undefined || entity === undefined) return false;
    const categories = this.#categoriesOf(entity);
    return categories.length === 0 || categories.some((code) => this.seesCategory(code));
  }

  owns(entity: SampleEntity): boolean {
    const categories = this.#categoriesOf(entity);
    const owned = this.#catalog?.categories?.own ?? [];
    return (
      this.#catalog !== undefined && (categories.length === 0 || categories.some((code) => this.#covers(owned, code)))
    );
  }

  #categoriesOf(entity: SampleEntity): string[] {
    return [...entity.categories, ...inheritedCategories(this.#sample, entity)];
  }

  seesAttribute(code: string): boolean {
    const group = this.#sample.attributes.find((attribute) => attribute.code === code)?.group;
    const { view = [], edit = [] } = this.#catalog?.attributeGroups ?? {};
    return group !== undefined && [...view, ...edit].some((named) => named === '*' || named === group);
  }

  editsAttribute(code: string): boolean {
    const group = this.#sample.attributes.find((attribute) => attribute.code === code)?.group;
    return (
      group !== undefined &&
      (this.#catalog?.attributeGroups?.edit ?? []).some((named) => named === '*' || named === group)
    );
  }

  seesLocale(code: string | null): boolean {
    const { view = [], edit = [] } = this.#catalog?.locales ?? {};
    return code === null || [...view, ...edit].some((named) => named === '*' || named === code);
  }

  editsLocale(code: string | null): boolean {
    return code === null || (this.#catalog?.locales?.edit ?? []).some((named) => named === '*' || named === code);
  }

  get seesAllValues(): boolean {
    const { attributeGroups, locales } = this.#catalog ?? {};
    const all = (axis: { view?: readonly string[]; edit?: readonly string[] } | undefined): boolean =>
      [...(axis?.view ?? []), ...(axis?.edit ?? [])].includes('*');
    return all(attributeGroups) && all(locales);
  }

  /** What is left of an entity as the PIM shows it. */
  show(kind: string, shown: Shown): Record<string, unknown> {
    const { parent, root_parent, values, associations, quantified_associations, of_a_later_version, ...rest } = shown;
    const { completenesses, quality_scores, ...plain } = rest;
    if (kind === 'product-models') for (const key of ['enabled', 'groups']) delete plain[key];
    return {
      ...plain,
      ...(parent === null || this.sees(this.#sample.models.get(String(parent))) ? { parent } : {}),
      ...(root_parent !== undefined && this.sees(this.#sample.models.get(String(root_parent))) ? { root_parent } : {}),
      ...(completenesses !== undefined && this.seesAllValues ? { completenesses } : {}),
      ...(quality_scores !== undefined && this.seesAllValues ? { quality_scores } : {}),
      values: this.#showValues(values),
      associations: mapLists(associations, (list, name) => this.#seesNamed(kind, list, name)),
      quantified_associations: mapLists(quantified_associations, (list, { identifier, uuid }) =>
        this.#seesNamed(kind, list, identifier ?? uuid),
      ),
    };
  }

  #seesNamed(kind: string, list: string, name: unknown): boolean {
    const { models, products, published } = this.#sample;
    if (list === 'groups') return true;
    if (list === 'product_models') return this.sees(models.get(String(name)));
    if (kind === 'products-uuid') return this.#seesUuid(name);
    return this.sees((kind === 'published-products' ? published : products).get(String(name)));
  }

  #seesUuid(uuid: unknown): boolean {
    return this.sees([...this.#sample.products.values()].find((product) => product.uuid === uuid));
  }

  #showValues(values: SampleEntity['values']): SampleEntity['values'] {
    const shown = Object.entries(values)
      .filter(([code]) => this.seesAttribute(code))
      .map(
        ([code, list]) =>
          [code, list.filter((value) => this.#seesValue(value)).map((value) => this.#showValue(value))] as const,
      );
    return Object.fromEntries(shown.filter(([, list]) => list.length > 0));
  }

  #seesValue({ locale, data }: SampleValue): boolean {
    const link = data as { type?: string; id?: string } | null;
    if (link?.type === 'product' && !this.#seesUuid(link.id)) return false;
    if (link?.type === 'product_model' && !this.sees(this.#sample.models.get(String(link.id)))) return false;
    return this.seesLocale(locale);
  }

  #showValue(value: SampleValue): SampleValue {
    const linked = value.linked_data as { labels: Record<string, string> } | undefined;
    if (linked === undefined) return value;
    const labels = Object.fromEntries(Object.entries(linked.labels).filter(([locale]) => this.seesLocale(locale)));
    return { ...value, linked_data: { ...linked, labels } };
  }
}

function mapLists<T>(
  associations: Record<string, Record<string, T[]>>,
  keeps: (list: string, item: T) => boolean,
): Record<string, Record<string, T[]>> {
  return Object.fromEntries(
    Object.entries(associations).map(([type, lists]) => [
      type,
      Object.fromEntries(
        Object.entries(lists).map(([list, items]) => [list, items.filter((item) => keeps(list, item))]),
      ),
    ]),
  );
}
