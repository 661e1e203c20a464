import type { ReportedWarning } from '../../../api/flow-report.ts';
import type { Connection, FlowType } from '../../../api/generated/connection.ts';
import { defaultGroup, defaultRole } from '../../../api/names.ts';
import { codeOf } from '../../../credentials/code.ts';
import { findWarnings, type Warning } from '../../../insight/find-warnings.ts';
import { type Health, readHealth } from '../../../insight/read-health.ts';

/** A Connection as the list shows and searches it. */
export interface ConnectionRow {
  readonly key: string;
  readonly connection: Connection;
  readonly code: string;
  readonly flowType: FlowType;
  readonly health: Health;
  readonly warnings: readonly Warning[];
  /** Whatever a search finds, in lower case. */
  readonly haystack: string;
  /** By what it is sorted. */
  readonly order: string;
}

interface KnownRow {
  readonly row: ConnectionRow;
  readonly reported: readonly ReportedWarning[];
  readonly day: number;
}

const known = new WeakMap<Connection, KnownRow>();
const none: readonly ReportedWarning[] = [];
const dayLength = 86_400_000;

/** Made once for an object as it is; anew when the gateways noticed something else, and on another day. */
export function buildRow(
  connection: Connection,
  reported: readonly ReportedWarning[] = none,
  now: number,
): ConnectionRow {
  const day = Math.floor(now / dayLength);
  const before = known.get(connection);
  if (before?.reported === reported && before.day === day) return before.row;
  const row = makeRow(connection, reported, now);
  known.set(connection, { row, reported, day });
  return row;
}

function makeRow(connection: Connection, reported: readonly ReportedWarning[], now: number): ConnectionRow {
  const { metadata, spec, status } = connection;
  const code = codeOf(connection);
  const texts = [
    spec.label,
    code,
    metadata.name,
    metadata.namespace,
    status?.clientId ?? '',
    status?.username ?? '',
    `role:${spec.roleRef?.name ?? defaultRole}`,
    `group:${spec.groupRef?.name ?? defaultGroup}`,
  ];
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    connection,
    code,
    flowType: spec.flowType,
    health: readHealth(connection),
    warnings: findWarnings(connection, reported, now),
    haystack: texts.join('\n').toLowerCase(),
    order: `${spec.label.toLowerCase()}\n${metadata.namespace}\n${metadata.name}`,
  };
}
