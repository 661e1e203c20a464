import type { Connection } from '../api/generated/connection.ts';
import { type Part, parts, rotationAnnotations, secretKeys } from '../api/names.ts';
import { isIssued } from '../credentials/accepted-verifiers.ts';
import { isHandled, overlapOf, partsOf } from '../credentials/outstanding-requests.ts';
import { findGitOwner } from '../insight/find-git-owner.ts';
import { joinWords } from '../insight/join-words.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { connectionPath } from '../kube/resource-paths.ts';
import { buildToken } from './build-token.ts';
import { openWitness, type Witness } from './gateway/open-witness.ts';
import type { OpenCluster } from './open-cluster.ts';
import type { CommandLine } from './read-command-line.ts';
import { readConnection } from './read-objects.ts';
import { readSecretTexts, type SecretTexts } from './read-secret-texts.ts';
import { readTimeout } from './read-timeout.ts';
import type { Tools } from './tools.ts';
import { waitUntil } from './wait-until.ts';

const words: Readonly<Record<Part, string>> = { clientSecret: 'client secret', password: 'password' };
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
  await cluster.client.patch(connectionPath(namespace, name), { metadata: { annotations: { [annotation]: token } } });
  const what = joinWords(partsOf(annotation).map((part) => words[part]));
  terminal.print(`Asked for a new ${what} of ${namespace}/${name} (${annotation}=${token}).`);
  if (!isWaiting) return 0;
  try {
    return await waitAndReport({ annotation, token }, before, cluster, Date.now(), timeout, tools);
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
  readonly annotation: string;
  readonly token: string;
}

async function waitAndReport(
  asked: Asked,
  before: Before,
  cluster: OpenCluster,
  began: number,
  timeout: number,
  { terminal }: Tools,
): Promise<number> {
  const deadline = began + timeout;
  const overlap = asked.annotation === rotationAnnotations.revoke ? 0 : overlapOf(before.connection);
  terminal.progress('Waiting for the operator and the gateway …');
  const [written, refused] = await Promise.all([
    waitForValues(asked, before, cluster, deadline),
    overlap === 0 ? before.witness?.waitForRefusal(deadline) : undefined,
  ]);
  if (written === undefined) {
    terminal.note(
      `Not done after ${formatDuration(timeout)}: the operator has not acted on it yet. It stays asked for; kubectl connection describe shows how it goes on.`,
    );
  } else {
    const where = before.texts === undefined ? 'the operator has acted on it' : 'the Secret has the new value';
    terminal.print(`After ${formatDuration(written.at - began)} ${where}.`);
  }
  if (overlap > 0) {
    const end = written === undefined ? undefined : findEnd(written.connection);
    terminal.print(
      `The old value goes on working ${end === undefined ? 'during its overlap' : `until ${end}`}; kubectl connection revoke ends it now.`,
    );
  } else if (before.witness !== undefined) {
    const { gateways } = before.witness;
    const who = gateways === 1 ? 'The gateway' : `All ${gateways} gateways`;
    if (refused === undefined) terminal.note(`${who} did not refuse the old value within ${formatDuration(timeout)}.`);
    else terminal.print(`${who} refused the old value after ${formatDuration(refused - began)}.`);
    if (refused === undefined) return 1;
  }
  return written === undefined ? 1 : 0;
}

/** Until the annotation is handled, nothing is pending and, where it may be read, the Secret has other values. */
function waitForValues(
  asked: Asked,
  before: Before,
  cluster: OpenCluster,
  deadline: number,
): Promise<{ readonly connection: Connection; readonly at: number } | undefined> {
  const { namespace, name } = before.connection.metadata;
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

/** `312 ms`, `4.2 s`, `2 min`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${Math.round(milliseconds / 60_000)} min`;
}
