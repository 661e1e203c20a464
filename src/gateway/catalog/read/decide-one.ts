import type { CatalogCall, CatalogPlan } from '../catalog-plan.ts';
import type { AskUpstream } from '../catalog-upstream.ts';
import type { Entity } from '../entity.ts';
import { buildQuery } from '../query/build-query.ts';
import { buildUpstreamParameter, checkListParameters, oneParameters } from '../query/check-list-parameters.ts';
import { readParameters } from '../query/read-parameters.ts';
import type { GroupView } from '../rights/group-view.ts';
import { buildOneFilter } from './filter-one.ts';

/** What a decision about one entity needs beside the call. */
export interface OneContext {
  readonly ask: AskUpstream;
  readonly entity: Entity;
  readonly view: GroupView;
}

const names: ReadonlySet<string> = new Set(oneParameters);

/** Decides about reading one entity: it is fetched, and shown when its categories are seen. */
export function decideOne(call: CatalogCall, { ask, entity, view }: OneContext): CatalogPlan {
  const parameters = readParameters(call.target.query, names);
  if ('kind' in parameters) return parameters;
  const refusal = checkListParameters(parameters, view);
  if (refusal !== undefined) return refusal;
  const kept = [...parameters].flatMap(([name, value]) => {
    const built = buildUpstreamParameter(name, value, view);
    return built === undefined ? [] : [[name, built] as const];
  });
  const id = call.routes.parameters[0] ?? '';
  return {
    kind: 'forward',
    method: call.method === 'HEAD' ? 'GET' : call.method,
    path: call.target.path,
    query: buildQuery(kept),
    filter: buildOneFilter({ ask, entity, view, id, asked: { text: `${id}\n${[...parameters].join('\n')}`, view } }),
  };
}
