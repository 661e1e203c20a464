import type { AkeneoEndpoint } from '../api/akeneo-endpoints.ts';
import type { Connection } from '../api/generated/connection.ts';

/**
 * What is to be read from the reply to a call. `page`: products of a list or search. `one`: a product. `write`: one
 * product that was created or changed. `lines`: a collection, a line each. `delete`: errors alone.
 */
export type FlowKind = 'page' | 'one' | 'write' | 'lines' | 'delete';

const root = '/api/rest/v1/';
/** By method and path of the endpoint. Product models and everything else that a PIM holds is not counted. */
const sourceKinds: ReadonlyMap<string, FlowKind> = new Map([
  [`POST ${root}products`, 'write'],
  [`PATCH ${root}products`, 'lines'],
  [`PATCH ${root}products/{code}`, 'write'],
  [`DELETE ${root}products/{code}`, 'delete'],
  [`POST ${root}products-uuid`, 'write'],
  [`PATCH ${root}products-uuid`, 'lines'],
  [`PATCH ${root}products-uuid/{uuid}`, 'write'],
  [`DELETE ${root}products-uuid/{uuid}`, 'delete'],
]);
const destinationKinds: ReadonlyMap<string, FlowKind> = new Map([
  [`GET ${root}products`, 'page'],
  [`GET ${root}products/{code}`, 'one'],
  [`GET ${root}products-uuid`, 'page'],
  [`POST ${root}products-uuid/search`, 'page'],
  [`GET ${root}products-uuid/{uuid}`, 'one'],
]);

/**
 * What a call of this method to this endpoint may move; `undefined`: nothing that is counted. A HEAD, which is matched as
 * a GET, moves nothing.
 */
export function findFlowKind(
  flowType: Connection['spec']['flowType'],
  method: string,
  endpoint: Pick<AkeneoEndpoint, 'method' | 'path'>,
): FlowKind | undefined {
  if (method !== endpoint.method) return undefined;
  const key = `${endpoint.method} ${endpoint.path}`;
  if (flowType === 'Source') return sourceKinds.get(key);
  return flowType === 'Destination' ? destinationKinds.get(key) : undefined;
}
