import { parts, rotationAnnotations } from '../../../src/api/names.ts';
import { newestVerifier, verifiersOf } from '../../../src/credentials/accepted-verifiers.ts';
import type { KeyRing } from '../../../src/credentials/key-ring.ts';
import { countOf } from '../../../src/credentials/version.ts';
import { findFaults, isAccepted, readValues } from './find-faults.ts';
import type { World } from './read-world.ts';
import type { Scenario } from './scenarios.ts';

/** What is wrong after a scenario, in sentences. `before`: as it was issued; absent when that is what happened. */
export async function compareWorlds(
  scenario: Scenario,
  before: World | undefined,
  after: World,
  ring: KeyRing,
): Promise<readonly string[]> {
  return [
    ...(await findFaults(after, ring)),
    ...(await compareValues(scenario, before, after, ring)),
    ...compareIdentity(before, after),
    ...checkRequests(after),
    ...checkEvents(scenario, after),
  ];
}

async function compareValues(
  { rotates, overlaps = false, mayLose = [] }: Scenario,
  before: World | undefined,
  after: World,
  ring: KeyRing,
): Promise<string[]> {
  const faults: string[] = [];
  for (const part of parts) {
    const version = newestVerifier(after.connection, part)?.version;
    const rotations = after.connection.status?.rotation?.history?.filter((entry) => entry.part === part) ?? [];
    // A value that was lost on the way is replaced, once, and that is written down like any other rotation.
    const isLost = mayLose.includes(part) && rotations.length === 1 && rotations[0]?.cause === 'Reissued';
    const isRotated = rotates.includes(part) || isLost;
    if (rotations.length !== (isRotated ? 1 : 0)) faults.push(`${part} was rotated ${rotations.length} times`);
    if (countOf(version) !== (isRotated ? 2 : 1)) faults.push(`${part} has version ${version}`);
    // One whose key was lost accepts nothing.
    const accepted = verifiersOf(after.connection, part).filter(({ key }) => ring.get(key)).length;
    if (accepted !== (isRotated && overlaps ? 2 : 1)) faults.push(`${part} has ${accepted} verifiers`);
    if (!before) continue;
    const old = readValues(before.secret)[part];
    if ((readValues(after.secret)[part] === old) === isRotated) faults.push(`the Secret's ${part} is the wrong one`);
    if ((await isAccepted(after.connection, ring, part, old)) !== (!isRotated || overlaps))
      faults.push(`the old ${part} is ${overlaps ? 'refused' : 'accepted'}`);
    if (!isRotated && version !== newestVerifier(before.connection, part)?.version)
      faults.push(`${part} has another version`);
  }
  return faults;
}

function compareIdentity(before: World | undefined, { connection: { status } }: World): string[] {
  if (!before) return [];
  const { clientId, username } = before.connection.status ?? {};
  return [
    ...(status?.clientId === clientId ? [] : ['the client id changed']),
    ...(status?.username === username ? [] : ['the username changed']),
  ];
}

/** Each request that stands on the object is recorded, and once. */
function checkRequests({ connection }: World): string[] {
  return Object.values(rotationAnnotations).flatMap((annotation) => {
    const token = connection.metadata.annotations?.[annotation];
    const handled = connection.status?.rotation?.handled?.filter((pair) => pair.annotation === annotation) ?? [];
    const times = handled.filter((pair) => pair.token === token).length;
    return times === (token === undefined ? 0 : 1) ? [] : [`${annotation} was handled ${times} times`];
  });
}

/** An event may be lost with its operator; none may be repeated, and none may say what nobody did. */
function checkEvents({ event, losses = 0, mayLose = [], rotates }: Scenario, { events }: World): string[] {
  const most: Readonly<Record<string, number>> = {
    Issued: 1,
    CredentialsAdopted: 1,
    CredentialsTakenOver: 1,
    CredentialsRotated: rotates.length + mayLose.length,
    CredentialsRevoked: rotates.length,
    CredentialsRehashed: losses,
    ...(event && { [event]: 1 }),
  };
  return Object.entries(events)
    .filter(([reason, count]) => count > (most[reason] ?? 0))
    .map(([reason, count]) => `${count} events ${reason}`);
}
