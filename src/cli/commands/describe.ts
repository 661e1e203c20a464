import type { ErrorReport, FlowReport, WarningReport } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionGroup } from '../../api/generated/connection-group.ts';
import type { ConnectionRole } from '../../api/generated/connection-role.ts';
import { parts } from '../../api/names.ts';
import { describeGroup } from '../../insight/describe-group.ts';
import { describeRole } from '../../insight/describe-role.ts';
import { findGitOwner } from '../../insight/find-git-owner.ts';
import { findWarnings } from '../../insight/find-warnings.ts';
import { readHealth } from '../../insight/read-health.ts';
import type { Command } from '../command.ts';
import { clusterFlags, gatewayFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { type Description, formatDescription } from '../format-description.ts';
import { formatOutput } from '../format-output.ts';
import { type Report, type Reports, useReports } from '../gateway/use-reports.ts';
import type { OpenCluster } from '../open-cluster.ts';
import { readEvents } from '../read-events.ts';
import { type Named, readConnection, readGroup, readRole } from '../read-objects.ts';
import { readStaleMounts } from '../read-stale-mounts.ts';
import { useCluster } from '../use-cluster.ts';

/** Hours of flows that are summed up: 7 days. */
const flowHours = 168;

/** `describe NAME`: everything about one connection. */
export const describe: Command = {
  name: 'describe',
  summary: 'Show one connection: settings, credentials, rotation, rights in words, warnings, flows, errors, events',
  operands: 'NAME',
  takes: { least: 1, most: 1 },
  description: [
    'Client id and username are no secrets and are shown; secret and password never are.',
    'The last business errors of 7 days are those of a Source, newest first: 10 of them here, 100 with -o json.',
  ],
  examples: [['describe erp -n connectors', 'the connection erp']],
  flags: { ...outputFlags, ...namespaceFlags, ...gatewayFlags, ...clusterFlags },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, namespace }) => {
      const [name = ''] = line.operands;
      const connection = await readConnection(cluster, namespace, name);
      const gathered = await useReports(cluster, line, (reports) => gather(cluster, connection, reports));
      const description = buildDescription(connection, gathered, tools.now());
      const output = line.text('output');
      tools.terminal.print(
        output === undefined
          ? formatDescription(tools.terminal, description, tools.now())
          : formatOutput(output, description),
      );
      return 0;
    }),
};

interface Gathered {
  readonly role: Named<ConnectionRole>;
  readonly group: Named<ConnectionGroup>;
  readonly events: Description['events'];
  readonly staleMounts: Description['staleMounts'];
  readonly warnings: Report<WarningReport>;
  readonly flows: Report<FlowReport>;
  /** Absent: none are collected. */
  readonly errors: Report<ErrorReport> | undefined;
}

async function gather(cluster: OpenCluster, connection: Connection, reports: Reports): Promise<Gathered> {
  const { metadata, spec } = connection;
  const scope = { namespace: metadata.namespace, name: metadata.name };
  const [role, group, events, staleMounts, warnings, flows, errors] = await Promise.all([
    readRole(cluster, connection),
    readGroup(cluster, connection),
    readEvents(cluster, connection),
    readStaleMounts(cluster, connection),
    reports.readWarnings(scope),
    reports.readFlows(scope, flowHours),
    // A gateway collects errors of data that comes in, and of nothing else.
    spec.flowType === 'Source' ? reports.readErrors(scope) : undefined,
  ]);
  return { role, group, events, staleMounts, warnings, flows, errors };
}

function buildDescription(connection: Connection, gathered: Gathered, now: number): Description {
  const { metadata, spec, status } = connection;
  const { role, group, events, staleMounts, warnings, flows, errors } = gathered;
  const reported = 'value' in warnings ? warnings.value.warnings : [];
  const flow = 'value' in flows ? flows.value.connections.find(({ uid }) => uid === metadata.uid) : undefined;
  const missing = [warnings, flows, errors].flatMap((report) =>
    report !== undefined && 'missing' in report ? [report.missing] : [],
  );
  const owner = findGitOwner(metadata);
  const overlapping = parts.flatMap((part) =>
    (status?.credentials?.[part] ?? []).flatMap(({ version, expires }) =>
      expires ? [{ part, version, expires }] : [],
    ),
  );
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    created: metadata.creationTimestamp,
    label: spec.label,
    code: status?.code ?? spec.code ?? null,
    flowType: spec.flowType,
    tracked: spec.tracked ?? false,
    image: describeImage(spec.image),
    ...(owner !== undefined && { owner: owner.sentence }),
    health: readHealth(connection),
    credentials: {
      clientId: status?.clientId ?? null,
      username: status?.username ?? null,
      secret: status?.binding?.name ?? null,
      lastUsedDate: status?.lastUsedDate ?? null,
      overlapping,
    },
    rotation: {
      interval: spec.rotation?.interval ?? null,
      overlap: spec.rotation?.overlap ?? '0s',
      nextClientSecret: status?.rotation?.clientSecret?.nextRotation ?? null,
      nextPassword: status?.rotation?.password?.nextRotation ?? null,
      history: (status?.rotation?.history ?? []).toReversed(),
    },
    role: { name: role.name, allows: 'object' in role ? describeRole(role.object.spec) : [role.missing] },
    group: { name: group.name, allows: 'object' in group ? describeGroup(group.object.spec) : [group.missing] },
    warnings: findWarnings(connection, reported, now),
    staleMounts,
    flows: flow ?? null,
    errors: errors !== undefined && 'value' in errors ? errors.value.errors : [],
    events,
    missing: [...new Set(missing)],
  };
}

function describeImage(image: string | undefined): string | null {
  if (image === undefined) return null;
  const [, type] = /^data:([^;]+);/.exec(image) ?? [];
  return type === undefined ? image : `${type}, ${image.length} bytes`;
}
