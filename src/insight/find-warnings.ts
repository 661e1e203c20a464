import type { ReportedWarning } from '../api/flow-report.ts';
import type { Connection } from '../api/generated/connection.ts';
import type { Part } from '../api/names.ts';
import { findHints } from './find-hints.ts';
import { joinWords } from './join-words.ts';
import { partWords } from './part-words.ts';

/** Kinds of warnings, in the order in which they are shown. */
export const warningKinds = [
  'roleMissing',
  'groupMissing',
  'wrongPair',
  'retiredValue',
  'adopted',
  'unused',
  'defaultRole',
  'defaultGroup',
] as const;

/** What a warning is about. */
export type WarningKind = (typeof warningKinds)[number];

/** Something that a person should look at, although it need not stop anything. */
export interface Warning {
  readonly kind: WarningKind;
  /** Says what is and what to do. Never holds a secret value. */
  readonly sentence: string;
}

const day = 86_400_000;
/** Milliseconds for which a wrong pair or a retired value is shown after its last use. */
const shownFor = 7 * day;
/** Days without a call after which a connection counts as unused. */
const unusedDays = 30;

/**
 * What a person should know of a Connection. One warning of each kind at most, in the order of `warningKinds`.
 *
 * @param reported of the gateway's admin port; those of other Connections are left out. Empty when it cannot be reached.
 * @param now milliseconds since the epoch.
 */
export function findWarnings(
  connection: Connection,
  reported: readonly ReportedWarning[],
  now: number,
): readonly Warning[] {
  const recent = reported.filter(({ uid, at }) => uid === connection.metadata.uid && now - Date.parse(at) <= shownFor);
  const found: Readonly<Partial<Record<WarningKind, string | undefined>>> = {
    roleMissing: describeMissing(connection, ['RoleNotFound', 'RoleNotAllowed']),
    groupMissing: describeMissing(connection, ['GroupNotFound', 'GroupNotAllowed']),
    wrongPair: describePairs(connection, recent),
    retiredValue: describeRetired(
      connection,
      recent.filter(({ kind }) => kind === 'retiredValue'),
    ),
    unused: describeUnused(connection, now),
    ...Object.fromEntries(findHints(connection).map(({ kind, sentence }) => [kind, sentence])),
  };
  return warningKinds.flatMap((kind) => {
    const sentence = found[kind];
    return sentence === undefined ? [] : [{ kind, sentence }];
  });
}

function describeMissing({ status }: Connection, reasons: readonly string[]): string | undefined {
  const ready = status?.conditions?.find(({ type, reason }) => type === 'Ready' && reasons.includes(reason));
  return ready?.message;
}

/** In the PIM's own words, on the page of the client; on the page of the user the client id is named. */
function describePairs({ status }: Connection, reported: readonly ReportedWarning[]): string | undefined {
  const byUse = reported.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const users = byUse.filter(({ kind }) => kind === 'otherUsername');
  const clients = byUse.filter(({ kind }) => kind === 'otherClientId');
  const sentences = [
    ...describeUsers(users, status?.username ?? 'its own'),
    ...describeClients(clients, status?.clientId ?? 'its own'),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function describeUsers(users: readonly ReportedWarning[], own: string): readonly string[] {
  const [first] = users;
  if (first === undefined) return [];
  const advice = `We recommend using the ${own} username instead.`;
  if (users.length === 1) {
    return [
      `We noticed that you are using the ${first.detail} username for this connection (${describeUse(first)}). ${advice}`,
    ];
  }
  const list = joinWords(users.map((user) => `${user.detail} (${describeUse(user)})`));
  return [
    `We noticed that you are using other usernames for this connection. ${advice} Here is the list of usernames that were used over the past 7 days: ${list}.`,
  ];
}

function describeClients(clients: readonly ReportedWarning[], own: string): readonly string[] {
  if (clients.length === 0) return [];
  const list = joinWords(clients.map((client) => `${client.detail} (${describeUse(client)})`));
  return [`Its username is used with another connection's client id: ${list}. We recommend using ${own} instead.`];
}

/** UTC, to the minute. */
function describeUse({ at }: ReportedWarning): string {
  return `last use on ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC`;
}

function describeRetired({ status }: Connection, uses: readonly ReportedWarning[]): string | undefined {
  if (uses.length === 0) return undefined;
  const values = joinWords(
    uses.map((use) => {
      const [part = '', version = ''] = use.detail.split(' ');
      return `${partWords[part as Part] ?? part} of version ${version} (${describeUse(use)})`;
    }),
  );
  const secret = status?.binding?.name;
  return `A connector still presents a retired ${values}. It is refused: let it read Secret ${secret ?? 'of this connection'} again.`;
}

/** A suspended connection cannot be used; that is what it is for. */
function describeUnused({ metadata, spec, status }: Connection, now: number): string | undefined {
  if (spec.suspend === true || metadata.deletionTimestamp !== undefined) return undefined;
  const used = status?.lastUsedDate;
  const since = used ?? status?.credentials?.issuedAt ?? metadata.creationTimestamp;
  const days = Math.floor((now - Date.parse(since)) / day);
  if (!(days > unusedDays)) return undefined;
  const what = used === undefined ? `Never used in the ${days} days that it exists` : `Not used for ${days} days`;
  return `${what}: suspend or delete it if nobody needs it.`;
}
