import type { Connection } from '../../../api/generated/connection.ts';
import type { Part } from '../../../api/names.ts';
import { overlapOf } from '../../../credentials/outstanding-requests.ts';
import { partWords } from '../../../insight/part-words.ts';
import { secretOf } from './secret-of.ts';

/**
 * What a rotation of these parts does to whoever uses them, a sentence each.
 *
 * @param now milliseconds since the epoch.
 * @param format how a moment is written for the viewer.
 */
export function describeRotation(
  connection: Connection,
  rotated: readonly Part[],
  now: number,
  format: (at: number) => string,
): readonly string[] {
  const what = rotated.map((part) => partWords[part]).join(' and ');
  const verb =
    rotated.length > 1 ? { stop: 'stop', work: 'work', them: 'them' } : { stop: 'stops', work: 'works', them: 'it' };
  const overlap = overlapOf(connection);
  const end =
    overlap === 0
      ? `The present ${what} ${verb.stop} at once: there is no overlap (rotation.overlap). Logins with ${verb.them} are refused, and calls with tokens from such logins answer 401.`
      : `The present ${what} ${verb.work} on until ${format(now + overlap)} (overlap ${connection.spec.rotation?.overlap}), next to the new. After that, logins with ${verb.them} and tokens from such logins are refused with 401.`;
  return [
    ...(connection.spec.suspend === true
      ? ['The connection is suspended: nothing is accepted until it is resumed.']
      : []),
    end,
    describeDelivery(connection),
  ];
}

/** How a connector gets new values. */
function describeDelivery(connection: Connection): string {
  return `The new value is written to Secret ${secretOf(connection)}. A mounted Secret follows within about two minutes; environment variables and subPath mounts need a restart. Client id and username stay.`;
}

/** What a revoke does. */
export function describeRevoke(connection: Connection): readonly string[] {
  return [
    'Client secret and password stop at once, whatever the overlap says, older values in their overlap too. Every call and login answers 401 from this moment on.',
    describeDelivery(connection),
  ];
}

/** What a suspension does. */
export function describeSuspension(): readonly string[] {
  return [
    'Every login and every call of this connection is refused from this moment on, until it is resumed.',
    'Nothing is lost: the credentials stay, and tokens from before work again afterwards, as far as they have not expired.',
  ];
}

/** What resuming does. */
export function describeResumption(): readonly string[] {
  return [
    'The credentials in its Secret are accepted again at once, and so are tokens from before that have not expired.',
  ];
}

/** What a deletion does. */
export function describeDeletion(connection: Connection): readonly string[] {
  return [
    'Every login and every call of this connection is refused with 401 from this moment on.',
    `Secret ${secretOf(connection)} is deleted with it: pods that mount it do not start any more.`,
    'It leaves Data flows. A connection of the same name made later gets another client id and username: this cannot be undone.',
  ];
}
