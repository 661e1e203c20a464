import type { Connection } from '../api/generated/connection.ts';
import { type Part, parts, rotationAnnotations, secretKeys } from '../api/names.ts';
import { isIssued } from '../credentials/accepted-verifiers.ts';
import { isHandled, overlapOf, partsOf } from '../credentials/outstanding-requests.ts';
import { findGitOwner } from '../insight/find-git-owner.ts';
import { joinWords } from '../insight/join-words.ts';
import { partWords } from '../insight/part-words.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { connectionPath } from '../kube/resource-paths.ts';
import { buildToken } from './build-token.ts';
import { formatOutput } from './format-output.ts';
import { openWitness, type Witness } from './gateway/open-witness.ts';
import type { OpenCluster } from './open-cluster.ts';
import type { CommandLine } from './read-command-line.ts';
import { readConnection } from './read-objects.ts';
import { readSecretTexts, type SecretTexts } from './read-secret-texts.ts';
import { readTimeout } from './read-timeout.ts';
import { type RotationOutcome, reportOutcome, unseen } from './report-outcome.ts';
import type { Tools } from './tools.ts';
import { waitUntil } from './wait-until.ts';

const keys: Readonly<Record<Part, string>> = { clientSecret: secretKeys.clientSecret, password: secretKeys.password };

/** What is known before a rotation and compared after it. */
interface Before {
  readonly connection: Connection;
  /** Absent for whoever may not read the Secret. */
  readonly texts: SecretTexts | undefined;
  readonly witness: Witness | undefined;
}

/**
 * Asks for new values with one annotation and waits until the Secret has them and every gateway that can be reached
 * refuses the old ones. Says how long both took, and what could not be seen. Returns the exit code.
 */
export async function rotateAndWait(
  annotation: string,
  cluster: OpenCluster,
  namespace: string,
  line: CommandLine,
  tools: Tools,
): Promise<number> {
  const { terminal } = tools;
  const [name = ''] = line.operands;
  const timeout = readTimeout(line);
  const connection = await readConnection(cluster, namespace, name);
  if (!isIssued(connection))
    throw new Error(`Connection ${namespace}/${name} has no credentials yet: nothing to rotate`);
  const owner = findGitOwner(connection.metadata);
  if (owner?.tool === 'Helm') terminal.note(owner.sentence);
  const isWaiting = line.is('wait') !== false;
  const before = isWaiting
    ? await observeBefore(cluster, connection, line, tools)
    : { connection, texts: undefined, witness: undefined };
  const token = buildToken(tools.now());
  const asked: Asked = { namespace, name, annotation, token };
  const output = line.text('output');
  try {
    await cluster.client.patch(connectionPath(namespace, name), { metadata: { annotations: { [annotation]: token } } });
    const began = Date.now();
    const what = joinWords(partsOf(annotation).map((part) => partWords[part]));
    const sentence = `Asked for a new ${what} of ${namespace}/${name} (${annotation}=${token}).`;
    if (output === undefined) terminal.print(sentence);
    if (!isWaiting) {
      if (output !== undefined) terminal.print(formatOutput(output, { ...asked, ...unseen }));
      return 0;
    }
    terminal.progress('Waiting for the operator and the gateway …');
    const outcome = await waitForOutcome(asked, before, cluster, { began, timeout });
    if (output !== undefined) terminal.print(formatOutput(output, { ...asked, ...outcome }));
    else reportOutcome(terminal, outcome, { timeout, isSecretSeen: before.texts !== undefined });
    return outcome.done ? 0 : 1;
  } finally {
    await before.witness?.close();
  }
}

async function observeBefore(
  cluster: OpenCluster,
  connection: Connection,
  line: CommandLine,
  { terminal }: Tools,
): Promise<Before> {
  terminal.progress('Looking at the Secret and the gateway …');
  const texts = await readOldTexts(cluster, connection);
  if (texts === undefined) {
    terminal.note('You may not read the Secret: only what the Connection says is waited for.');
    return { connection, texts, witness: undefined };
  }
  const witness = await openWitness(cluster, line, texts);
  if (!('missing' in witness)) return { connection, texts, witness };
  terminal.note(`Whether a gateway refuses the old values will not be seen: ${witness.missing}.`);
  return { connection, texts, witness: undefined };
}

async function readOldTexts(cluster: OpenCluster, connection: Connection): Promise<SecretTexts | undefined> {
  try {
    return (await readSecretTexts(cluster, connection)).texts;
  } catch (error) {
    if (isKubeError(error, 'Forbidden', 'NotFound')) return undefined;
    throw error;
  }
}

interface Asked {
  readonly namespace: string;
  readonly name: string;
  readonly annotation: string;
  readonly token: string;
}

interface Wait {
  /** Both in milliseconds; `began` since the epoch. */
  readonly began: number;
  readonly timeout: number;
}

async function waitForOutcome(
  asked: Asked,
  before: Before,
  cluster: OpenCluster,
  { began, timeout }: Wait,
): Promise<RotationOutcome> {
  const deadline = began + timeout;
  const hasOverlap = asked.annotation !== rotationAnnotations.revoke && overlapOf(before.connection) > 0;
  const [written, refused] = await Promise.all([
    waitForValues(asked, before, cluster, deadline),
    hasOverlap ? undefined : before.witness?.waitForRefusal(deadline),
  ]);
  const gateways = hasOverlap ? 0 : (before.witness?.gateways ?? 0);
  return {
    done: written !== undefined && (gateways === 0 || refused !== undefined),
    writtenAfterMs: written === undefined ? null : written.at - began,
    overlap: hasOverlap ? { until: (written && findEnd(written.connection)) ?? null } : null,
    gateways,
    refusedAfterMs: refused === undefined ? null : refused - began,
  };
}

/** Until the annotation is handled, nothing is pending and, where it may be read, the Secret has other values. */
function waitForValues(
  asked: Asked,
  before: Before,
  cluster: OpenCluster,
  deadline: number,
): Promise<{ readonly connection: Connection; readonly at: number } | undefined> {
  const { namespace, name } = asked;
  const changed = partsOf(asked.annotation);
  return waitUntil(deadline, async () => {
    const connection = await readConnection(cluster, namespace, name);
    if (!isHandled(connection.status?.rotation?.handled ?? [], asked) || hasPending(connection)) return undefined;
    if (before.texts !== undefined) {
      const now = await readOldTexts(cluster, connection);
      if (now === undefined || changed.some((part) => now[keys[part]] === before.texts?.[keys[part]])) return undefined;
    }
    return { connection, at: Date.now() };
  });
}

function hasPending({ status }: Connection): boolean {
  return parts.some((part) => status?.credentials?.[part]?.some(({ pending }) => pending === true));
}

/** The latest end of an old value. */
function findEnd({ status }: Connection): string | undefined {
  const ends = parts.flatMap((part) => status?.credentials?.[part] ?? []).flatMap(({ expires }) => expires ?? []);
  return ends.sort().at(-1);
}
