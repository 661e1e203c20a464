import type { Connection } from '../api/generated/connection.ts';
import { type Part, parts, rotationAnnotations } from '../api/names.ts';
import { parseDuration } from '../api/parse-duration.ts';
import type { RotationToken } from './mark.ts';

/** Longer ones are refused at admission, and by the status that would have to name them. Both count code points. */
const longestToken = 128;

const noPart: ReadonlySet<Part> = new Set();
const noRequest: readonly RotationToken[] = [];
const requestNames = Object.values(rotationAnnotations);

const affected: ReadonlyMap<string, readonly Part[]> = new Map([
  [rotationAnnotations.rotateClientSecret, ['clientSecret']],
  [rotationAnnotations.rotatePassword, ['password']],
  [rotationAnnotations.rotate, parts],
  [rotationAnnotations.revoke, parts],
]);

/** The parts that an annotation asks new values for; none for any other annotation. */
export function partsOf(annotation: string): readonly Part[] {
  return affected.get(annotation) ?? [];
}

/** All rotation requests that stand on the Connection, handled or not, in a fixed order. */
export function readRequests(connection: Connection): readonly RotationToken[] {
  const { annotations } = connection.metadata;
  // Nearly always, and asked on every call through the gateway.
  if (annotations === undefined || !requestNames.some((name) => annotations[name] !== undefined)) return noRequest;
  return requestNames.flatMap((annotation) => {
    const token = annotations[annotation];
    return token === undefined || token === '' || isTooLong(token) ? [] : [{ annotation, token }];
  });
}

function isTooLong(token: string): boolean {
  return token.length > longestToken && [...token].length > longestToken;
}

/** Whether this very annotation with this very value is among those that were acted on or recorded. */
export function isHandled(handled: readonly RotationToken[], request: RotationToken): boolean {
  return handled.some(({ annotation, token }) => annotation === request.annotation && token === request.token);
}

/** The requests that nobody has acted on yet. */
export function findOutstanding(connection: Connection): readonly RotationToken[] {
  const handled = connection.status?.rotation?.handled ?? [];
  return readRequests(connection).filter((request) => !isHandled(handled, request));
}

/** `spec.rotation.overlap` in milliseconds: how long an old value works next to the new one; 0 when absent. */
export function overlapOf(connection: Connection): number {
  return parseDuration(connection.spec.rotation?.overlap ?? '0s') ?? 0;
}

/** The parts whose values an unhandled request stops at once: a revoke, or a rotation without overlap. */
export function partsStopped(connection: Connection): ReadonlySet<Part> {
  const outstanding = findOutstanding(connection);
  if (outstanding.length === 0) return noPart;
  const atOnce = overlapOf(connection) === 0;
  const stopping = outstanding.filter(({ annotation }) => atOnce || annotation === rotationAnnotations.revoke);
  return new Set(stopping.flatMap(({ annotation }) => partsOf(annotation)));
}
