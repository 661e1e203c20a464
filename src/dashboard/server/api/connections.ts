import type { Connection } from '../../../api/generated/connection.ts';
import { apiVersion } from '../../../api/names.ts';
import type { Preconditions } from '../../../kube/kube-client.ts';
import { connectionPath, connectionsPath } from '../../../kube/resource-paths.ts';
import { type Answer, answerWith, refuse } from '../answer.ts';
import type { JsonObject } from '../request/read-json-body.ts';
import type { ApiCall } from './api-route.ts';
import { stripObject } from './strip-object.ts';

/** GET of one Connection. */
export async function readConnection({ session, names }: ApiCall): Promise<Answer> {
  const [namespace = '', name = ''] = names;
  return answerWith(stripObject(await session.client.get<Connection>(connectionPath(namespace, name))));
}

/** POST: a new Connection in the namespace of the path, whatever its manifest says of it. */
export async function createConnection({ session, names, query, body }: ApiCall): Promise<Answer> {
  const [namespace = ''] = names;
  const dryRun = readDryRun(query);
  if (dryRun === undefined) return refuseDryRun();
  const { metadata, spec } = body;
  if (!isObject(metadata) || !isObject(spec)) {
    return refuse(400, 'BadRequest', 'A Connection has metadata and spec.');
  }
  const connection = { apiVersion, kind: 'Connection', metadata: { ...metadata, namespace }, spec };
  const created = await session.client.create<Connection>(connectionsPath(namespace), connection, { dryRun });
  return { status: 201, body: stripObject(created) };
}

/** PATCH with a merge patch of metadata and spec. */
export async function patchConnection({ session, names, query, body }: ApiCall): Promise<Answer> {
  const [namespace = '', name = ''] = names;
  const dryRun = readDryRun(query);
  if (dryRun === undefined) return refuseDryRun();
  const { metadata, spec, ...others } = body;
  const [other] = Object.keys(others);
  if (other !== undefined) return refuse(400, 'BadRequest', 'Only metadata and spec of a Connection can be changed.');
  const patch = { ...(metadata !== undefined && { metadata }), ...(spec !== undefined && { spec }) };
  const path = connectionPath(namespace, name);
  const changed = await session.client.patch<Connection>(path, patch, 'merge', {}, { dryRun });
  return answerWith(stripObject(changed));
}

/** DELETE, of this very object where the body says which. */
export async function deleteConnection({ session, names, body }: ApiCall): Promise<Answer> {
  const [namespace = '', name = ''] = names;
  await session.client.delete(connectionPath(namespace, name), readPreconditions(body));
  return { status: 204 };
}

function readPreconditions({ uid, resourceVersion }: JsonObject): Preconditions {
  return {
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
  };
}

/** `undefined` for what is neither yes nor no: nobody should store what was meant as a look ahead. */
function readDryRun(query: URLSearchParams): boolean | undefined {
  const [value = 'false', ...others] = query.getAll('dryRun');
  if (others.length > 0 || (value !== 'true' && value !== 'false')) return undefined;
  return value === 'true';
}

const refuseDryRun = (): Answer => refuse(400, 'BadRequest', 'The parameter dryRun is true or false.');

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
