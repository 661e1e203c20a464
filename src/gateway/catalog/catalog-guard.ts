import { type GroupRights, readRights } from '../../access/group-rights.ts';
import type { ConnectionGroupSpec } from '../../api/generated/connection-group.ts';
import { type CatalogCall, type CatalogPlan, type CatalogRefusal, refuse } from './catalog-plan.ts';
import type { AskUpstream } from './catalog-upstream.ts';
import { type Entity, type EntityKind, entities } from './entity.ts';
import { readParameters } from './query/read-parameters.ts';
import type { CursorKeys } from './query/seal-cursor.ts';
import { answerEmptyList, refuseMissing } from './read/answer-nothing.ts';
import { refuseUnavailable } from './read/build-unavailable.ts';
import { decideList, readListRequest } from './read/decide-list.ts';
import { decideOne } from './read/decide-one.ts';
import { type GroupView, nothingView, readGroupView } from './rights/group-view.ts';
import { buildCachedStructure } from './structure/cached-structure.ts';
import { decideCollection } from './write/decide-collection.ts';
import { decideDelete } from './write/decide-delete.ts';
import { decideSingle } from './write/decide-single.ts';
import { decideUpload, type UploadForward } from './write/decide-upload.ts';

/** What of a call's body is needed before it can be decided about: all of it, at most so many bytes, or a file's beginning. */
export type BodyNeed = 'none' | 'upload' | { readonly longest: number };

/** Keeps connections with a restricted group to their part of the catalog. */
export interface CatalogGuard {
  /** Nothing of a call needs to be looked at: it may stream through. A group that is gone is not open. */
  isOpen(group: ConnectionGroupSpec | undefined): boolean;
  /** A longer body than that is 413. `upload`: call `decideUpload` with the stream. */
  readBodyNeed(call: CatalogCall): BodyNeed;
  /**
   * What becomes of a call of a connection whose group is not open. Only for routes with product data (`productData`
   * is not `undefined`); all others are the role's business. Never rejects because the upstream is away: that is a 502.
   */
  decide(group: ConnectionGroupSpec | undefined, call: CatalogCall, body?: Buffer): Promise<CatalogPlan>;
  /** The same for a file with the part that says where it goes. Never keeps more than that part. */
  decideUpload(
    group: ConnectionGroupSpec | undefined,
    call: CatalogCall,
    contentType: string | undefined,
    body: AsyncIterable<Uint8Array>,
  ): Promise<UploadForward | CatalogRefusal>;
}

/** What a guard needs. */
export interface CatalogGuardSettings {
  readonly ask: AskUpstream;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly cursorKeys: CursorKeys;
}

/** Longest body of a call that is judged as a whole, in bytes: a collection, or one product or search. */
const longestCollection = 33_554_432;
const longestBody = 4_194_304;
/** Longest reply that is filtered, in bytes: a longer one is 502. */
export const maxJudgedReply = 67_108_864;

const notJudged = 'Access forbidden. A connection with a restricted group may not use this endpoint.';
const noBody: Buffer = Buffer.alloc(0);

/** One guard for all connections of a gateway. */
export function buildCatalogGuard({ ask, clock, cursorKeys }: CatalogGuardSettings): CatalogGuard {
  const structure = buildCachedStructure(ask, clock);
  const readView = async (rights: GroupRights | undefined): Promise<GroupView> =>
    rights === undefined ? nothingView : await readGroupView(rights, structure);

  const decideKnown = async (
    rights: GroupRights | undefined,
    call: CatalogCall,
    body: Buffer,
    place: JudgedPlace,
  ): Promise<CatalogPlan> => {
    if (place.kind === 'media') return decideMedia(call, rights !== undefined);
    const { entity } = place;
    const isWriting = call.method === 'PATCH' || call.method === 'DELETE' || place.kind === 'create';
    if (rights === undefined && !isWriting) {
      return place.kind === 'one' ? refuseMissing(call, entity) : answerEmptyList(call, body);
    }
    const view = await readView(rights);
    const context = { ask, entity, view, structure, cursorKeys };
    if (call.method === 'DELETE') return await decideDelete(call, context);
    if (isWriting) {
      return place.kind === 'list'
        ? await decideCollection(call, body, context)
        : await decideSingle(call, body, context);
    }
    if (place.kind === 'one') return decideOne(call, context);
    const list = readListRequest(call, body);
    return 'kind' in list ? list : await decideList(call, list, context);
  };

  return {
    isOpen: (group) => readRights(group).kind === 'open',
    readBodyNeed: (call) => {
      const place = findPlace(call);
      if (place === undefined || place.kind === 'media') return call.method === 'POST' && place ? 'upload' : 'none';
      if (call.method !== 'POST' && call.method !== 'PATCH') return 'none';
      return { longest: call.method === 'PATCH' && place.kind === 'list' ? longestCollection : longestBody };
    },
    decide: async (group, call, body = noBody) => {
      const read = readRights(group);
      const place = findPlace(call);
      if (place === undefined || read.kind === 'open') return refuse(403, notJudged);
      const rights = read.kind === 'restricted' ? read.rights : undefined;
      return await decideKnown(rights, call, body, place).catch(refuseUnavailable);
    },
    decideUpload: async (group, call, contentType, body) => {
      const read = readRights(group);
      if (findPlace(call)?.kind !== 'media' || read.kind === 'open') return refuse(403, notJudged);
      try {
        const view = await readView(read.kind === 'restricted' ? read.rights : undefined);
        return await decideUpload(call, contentType, body, { ask, view });
      } catch (error) {
        return refuseUnavailable(error);
      }
    },
  };
}

/** A route that can be judged. */
type JudgedPlace =
  | { readonly kind: 'list' | 'create' | 'one'; readonly entity: Entity }
  /** One file by its code, or a new one. */
  | { readonly kind: 'media' };

/** `undefined`: a route that carries product data in a way that cannot be judged. */
function findPlace({ routes }: CatalogCall): JudgedPlace | undefined {
  const [endpoint] = routes.endpoints;
  if (routes.productData !== 'judged' || endpoint === undefined) return undefined;
  const [, , , , collection = '', ...rest] = endpoint.path.split('/');
  if (collection === 'media-files') return { kind: 'media' };
  const entity = Object.hasOwn(entities, collection) ? entities[collection as EntityKind] : undefined;
  if (entity === undefined) return undefined;
  if (rest.length === 0) return { kind: endpoint.method === 'POST' ? 'create' : 'list', entity };
  return { kind: rest[0] === 'search' ? 'list' : 'one', entity };
}

const noParameters: ReadonlySet<string> = new Set();

/** Whoever knows the code of a file gets it, if the group grants anything. */
function decideMedia(call: CatalogCall, grantsAnything: boolean): CatalogPlan {
  const parameters = readParameters(call.target.query, noParameters);
  if ('kind' in parameters) return parameters;
  if (!grantsAnything) return refuse(404, `Media file "${call.routes.parameters[0] ?? ''}" does not exist.`);
  return { kind: 'forward', method: call.method, path: call.target.path, query: '' };
}
