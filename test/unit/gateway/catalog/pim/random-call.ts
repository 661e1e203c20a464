import fc from 'fast-check';
import type { Method } from '../../../../../src/access/read-method.ts';
import { akeneoEndpoints } from '../../../../../src/api/akeneo-endpoints.ts';
import type { Sample, SampleEntity } from './build-sample.ts';
import { nameOf } from './sample-pim.ts';

/** A call as a connection may send it, sensible or not. */
export interface RandomCall {
  readonly method: Method;
  /** Behind `/api/rest/v1/`, with its query. */
  readonly path: string;
  readonly body: string;
}

/** Calls of routes with product data, most of them lists that make sense. */
export function randomCall(sample: Sample): fc.Arbitrary<RandomCall> {
  const entities = [...sample.products.values(), ...sample.models.values(), ...sample.published.values()];
  const anyEntity = fc.constantFrom<SampleEntity>(...entities);
  const anyName = anyEntity.map((entity) => nameOf(entity));

  const filterNames = [
    ...sample.attributes.map(({ code }) => code),
    ...[
      'identifier',
      'uuid',
      'parent',
      'categories',
      'completeness',
      'quality_score',
      'family',
      'label_or_identifier',
      'Name',
    ],
  ];
  const anyFilter = fc
    .record({
      property: fc.constantFrom(...filterNames),
      operator: fc.constantFrom(
        '=',
        'IN',
        'NOT IN',
        'CONTAINS',
        'EMPTY',
        'NOT EMPTY',
        'IN CHILDREN',
        'NOT IN CHILDREN',
      ),
      value: fc.oneof(
        anyName,
        anyName.map((name) => [name]),
        fc.constantFrom(['c0'], ['c1_1', 'paper'], 'V', 50),
      ),
      locale: fc.constantFrom(undefined, null, 'en_US', 'fr_FR', 'de_DE'),
      scope: fc.constantFrom(undefined, 'ecommerce'),
    })
    .map(({ property, ...filter }) => ({ [property]: [filter] }));
  const anySearch = fc
    .array(anyFilter, { maxLength: 1 })
    .map((filters) => JSON.stringify(Object.assign({}, ...filters)));

  const names = [
    ...[
      'search',
      'search_locale',
      'search_scope',
      'scope',
      'locales',
      'attributes',
      'pagination_type',
      'page',
      'search_after',
    ],
    ...['limit', 'with_count', 'with_attribute_options', 'with_quality_scores', 'with_completenesses'],
    ...[
      'search.after',
      'search after',
      'search_after[]',
      ' search',
      'Search',
      'with.completenesses',
      'locales[0]',
      'with_table',
    ],
  ];
  const anyParameter = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(
      anySearch,
      anyName.map((name) => Buffer.from(name).toString('base64')),
      fc.constantFrom(
        '',
        'true',
        '1',
        '2',
        '100',
        'search_after',
        'name,note',
        'note',
        'fr_FR',
        'en_US,de_DE',
        'ecommerce',
      ),
    ),
  );
  const anyQuery = fc
    .array(anyParameter, { maxLength: 5 })
    .map((pairs) => (pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`));

  /** Asks in a way that makes sense, so that answers are not all refusals. */
  const sensibleQuery = fc
    .tuple(
      anySearch,
      fc.subarray(['with_count=true', 'with_completenesses=true', 'with_attribute_options=true', 'scope=print']),
    )
    .map(([search, others]) => `?${['limit=100', `search=${encodeURIComponent(search)}`, ...others].join('&')}`);

  const judged = akeneoEndpoints.filter(({ productData }) => productData !== undefined);
  const lists = judged.filter(({ method, path }) => method === 'GET' && path.split('/').length === 5);

  return fc
    .record({
      endpoint: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...lists) },
        { weight: 3, arbitrary: fc.constantFrom(...judged) },
      ),
      entity: anyEntity,
      isUuid: fc.boolean(),
      query: fc.oneof(anyQuery, sensibleQuery),
      body: fc.oneof(
        anySearch.map((search) => JSON.stringify({ search })),
        anyName.map((name) => JSON.stringify({ identifier: name, code: name, family: 'wrong' })),
      ),
    })
    .map(({ endpoint, entity, isUuid, query, body }) => {
      const name = isUuid && entity.uuid !== undefined ? entity.uuid : nameOf(entity);
      const path = endpoint.path
        .slice('/api/rest/v1/'.length)
        .replace(/\{\w+\}/g, name.split('/').map(encodeURIComponent).join('/'));
      return { method: endpoint.method as Method, path: path + query, body };
    });
}
