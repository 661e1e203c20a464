import { expect, test } from 'vitest';
import { akeneoEndpoints } from '../../../src/api/akeneo-endpoints.ts';
import { findFlowKind } from '../../../src/flows/find-flow-kind.ts';

const counted = (flowType: 'Source' | 'Destination' | 'Other'): string[] =>
  akeneoEndpoints
    .filter((endpoint) => findFlowKind(flowType, endpoint.method, endpoint) !== undefined)
    .map(({ method, path }) => `${method} ${path}`)
    .sort();

test('a source is counted by what it writes of products, and by nothing else', () => {
  expect(counted('Source')).toEqual([
    'DELETE /api/rest/v1/products-uuid/{uuid}',
    'DELETE /api/rest/v1/products/{code}',
    'PATCH /api/rest/v1/products',
    'PATCH /api/rest/v1/products-uuid',
    'PATCH /api/rest/v1/products-uuid/{uuid}',
    'PATCH /api/rest/v1/products/{code}',
    'POST /api/rest/v1/products',
    'POST /api/rest/v1/products-uuid',
  ]);
});

test('a destination is counted by the products that it reads, and by nothing else', () => {
  expect(counted('Destination')).toEqual([
    'GET /api/rest/v1/products',
    'GET /api/rest/v1/products-uuid',
    'GET /api/rest/v1/products-uuid/{uuid}',
    'GET /api/rest/v1/products/{code}',
    'POST /api/rest/v1/products-uuid/search',
  ]);
});

test('another connection is not counted, and a HEAD moves nothing', () => {
  expect(counted('Other')).toEqual([]);
  expect(findFlowKind('Destination', 'HEAD', { method: 'GET', path: '/api/rest/v1/products' })).toBeUndefined();
});
