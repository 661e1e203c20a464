import type { ConnectionFlow, ReportedError } from '../api/flow-report.ts';
import type { RotationRecord } from '../api/generated/connection.ts';
import type { Part } from '../api/names.ts';
import type { Warning } from '../insight/find-warnings.ts';
import type { Health } from '../insight/read-health.ts';
import { cleanText } from './clean-text.ts';
import { stateStyles } from './commands/list.ts';
import { formatAge } from './format-age.ts';
import { formatFields, formatTable } from './format-table.ts';
import type { ShownEvent } from './read-events.ts';
import type { Terminal } from './terminal.ts';

/** What is told of one Connection. `null`: there is none, or it is not known. */
export interface Description {
  readonly namespace: string;
  readonly name: string;
  readonly created: string;
  readonly label: string;
  readonly code: string | null;
  readonly flowType: string;
  readonly tracked: boolean;
  readonly image: string | null;
  /** Absent: no GitOps tool keeps it. */
  readonly owner?: string;
  readonly health: Health;
  readonly credentials: {
    readonly clientId: string | null;
    readonly username: string | null;
    readonly secret: string | null;
    readonly lastUsedDate: string | null;
    /** Old values that still work. */
    readonly overlapping: readonly { readonly part: Part; readonly version: string; readonly expires: string }[];
  };
  readonly rotation: {
    readonly interval: string | null;
    readonly overlap: string;
    readonly nextClientSecret: string | null;
    readonly nextPassword: string | null;
    /** Newest first. */
    readonly history: readonly RotationRecord[];
  };
  readonly role: { readonly name: string; readonly allows: readonly string[] };
  readonly group: { readonly name: string; readonly allows: readonly string[] };
  readonly warnings: readonly Warning[];
  /** Pods that will not see a rotation, or that pods could not be looked at. */
  readonly staleMounts: readonly string[];
  readonly flows: ConnectionFlow | null;
  /** Business errors of the last 7 days, newest first, at most 100. */
  readonly errors: readonly ReportedError[];
  /** Newest first. */
  readonly events: readonly ShownEvent[];
  /** Why the gateway's part is missing. */
  readonly missing: readonly string[];
}

/** For people. */
export function formatDescription(terminal: Terminal, description: Description, now: number): string {
  const { missing } = description;
  // The operator says some of them in the message of Ready.
  const warnings = description.warnings.filter(({ sentence }) => !description.health.message.includes(sentence));
  const title = (text: string): string => terminal.paint('bold', text);
  const block = (name: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`\n${title(name)}`, ...lines.map((line) => `  ${line}`)];
  const health = `${terminal.paint(stateStyles[description.health.state], description.health.state)} (${description.health.reason}): ${cleanText(description.health.message)}`;
  return [
    formatFields(buildFields(description, health, now)),
    ...block(
      'Warnings',
      warnings.map(({ sentence }) => terminal.paint('yellow', `! ${cleanText(sentence)}`)),
    ),
    ...block('Will not see a rotation', description.staleMounts.map(cleanText)),
    ...block('Credentials', formatFields(buildCredentials(description)).split('\n')),
    ...block('Rotation', buildRotation(description, now)),
    ...block(`Role ${description.role.name}`, description.role.allows.map(cleanText)),
    ...block(`Group ${description.group.name}`, description.group.allows.map(cleanText)),
    ...block('Flows of 7 days', buildFlows(description)),
    ...block('Last business errors', buildErrors(description, now)),
    ...block('Events', buildEvents(description, now)),
    ...block(
      'Not shown',
      missing.map((sentence) => `flows, errors and warnings of the gateway, because ${cleanText(sentence)}`),
    ),
  ].join('\n');
}

type Fields = readonly (readonly [string, string])[];

function buildFields(description: Description, health: string, now: number): Fields {
  const { namespace, name, label, code, flowType, tracked, image, owner, created } = description;
  return [
    ['Connection', `${namespace}/${name}`],
    ['Label', cleanText(label)],
    ['Code', code ?? 'not issued yet'],
    ['Flow type', `${flowType}${tracked ? ', tracked in data flows' : ', not tracked'}`],
    ...(image === null ? [] : [['Image', cleanText(image)] as const]),
    ['Age', formatAge(created, now)],
    ['Health', health],
    ...(owner === undefined ? [] : [['Kept by', cleanText(owner)] as const]),
  ];
}

function buildCredentials({ credentials }: Description): Fields {
  const { clientId, username, secret, lastUsedDate, overlapping } = credentials;
  return [
    ['Client id', clientId ?? 'not issued yet'],
    ['Username', username ?? 'not issued yet'],
    ['Secret', secret ?? 'not written yet'],
    ['Last used', lastUsedDate ?? 'never'],
    ...overlapping.map(
      ({ part, version, expires }) => [`Old ${partName(part)}`, `version ${version} works until ${expires}`] as const,
    ),
  ];
}

function partName(part: Part): string {
  return part === 'clientSecret' ? 'client secret' : part;
}

function buildRotation({ rotation }: Description, now: number): readonly string[] {
  const { interval, overlap, nextClientSecret, nextPassword, history } = rotation;
  const plan =
    interval === null ? `No schedule; overlap ${overlap}.` : `Every ${interval} with an overlap of ${overlap}.`;
  const next = [nextClientSecret, nextPassword].filter((time) => time !== null).sort()[0];
  if (history.length === 0) return [plan, ...(next === undefined ? [] : [`Next: ${next}.`]), 'Never rotated.'];
  const rows = history.map(({ time, part, version, cause }) => [
    time,
    `${formatAge(time, now)} ago`,
    partName(part),
    version,
    cause,
  ]);
  const table = formatTable(['TIME', 'AGE', 'VALUE', 'VERSION', 'CAUSE'], rows);
  return [plan, ...(next === undefined ? [] : [`Next: ${next}.`]), ...table.split('\n')];
}

function buildFlows({ flows, flowType, tracked }: Description): readonly string[] {
  if (flows === null) return tracked ? [] : ['Not tracked.'];
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
  const errors = `${count(flows.business, 'business error')}, ${count(flows.technical, 'technical error')}`;
  return flowType === 'Destination'
    ? [`${count(flows.sent, 'product')} sent`]
    : [`${count(flows.created, 'product')} created, ${flows.updated} updated`, errors];
}

/** How many are shown to people. */
const shownErrors = 10;

function buildErrors({ errors }: Description, now: number): readonly string[] {
  if (errors.length === 0) return [];
  const rows = errors
    .slice(0, shownErrors)
    .map((error) => [
      `${formatAge(error.at, now)} ago`,
      ...[error.product ?? '-', findPlace(error), error.route, error.message].map(cleanText),
    ]);
  const rest = errors.length > shownErrors ? [`${errors.length - shownErrors} more: -o json has them.`] : [];
  return [...formatTable(['AGE', 'PRODUCT', 'WHERE', 'CALL', 'MESSAGE'], rows).split('\n'), ...rest];
}

/** `name, de_DE, print`: what the upstream named, from the attribute down to the channel. */
function findPlace({ attribute, property, locale, channel }: ReportedError): string {
  return [attribute ?? property, locale, channel].filter((part) => part !== undefined).join(', ') || '-';
}

function buildEvents({ events }: Description, now: number): readonly string[] {
  if (events.length === 0) return [];
  const rows = events
    .slice(0, 10)
    .map(({ time, type, reason, note }) => [`${formatAge(time, now)} ago`, type, reason, cleanText(note)]);
  return formatTable(['AGE', 'TYPE', 'REASON', 'NOTE'], rows).split('\n');
}
