import { type Part, parts, secretAnnotations } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { findAccepted, verifiersOf } from '../../../../src/credentials/accepted-verifiers.ts';
import { findOutstanding } from '../../../../src/credentials/outstanding-requests.ts';
import { decide } from '../../../../src/operator/decide/decide.ts';
import { readSecret } from '../../../../src/operator/decide/read-secret.ts';
import { observeConnection } from '../../../../src/operator/observe/observe-connection.ts';
import { dataKeys, type Judge } from './judge.ts';
import { buildModelClient } from './model-client.ts';
import { hour, type World } from './world.ts';

/** Passes after which whoever still writes will never stop. */
const mostPasses = 40;

/**
 * One operator alone, no more faults, every obstacle taken away: it has to come to rest, and rest has to be what the
 * documentation says. Returns what is wrong.
 */
export async function settleWorld(world: World, judge: Judge): Promise<readonly string[]> {
  world.server.refusesSecrets = false;
  world.hasRole = true;
  world.server.collectGarbage();
  world.first.skew = 0;
  for (const operator of world.operators) operator.restart();
  const overslept: string[] = [];
  let sleeps = false;
  for (let pass = 0; ; pass++) {
    if (pass === mostPasses) return [...judge.violations, 'never at rest'];
    world.first.deliver();
    const before = world.server.operatorWrites;
    await world.first.finish();
    const wrote = world.server.operatorWrites !== before;
    if (wrote && sleeps) overslept.push('it went to sleep with work left');
    sleeps = !wakesItself(world);
    if (!wrote && !clearTheWay(world)) break;
    if (!wrote) sleeps = false;
  }
  judge.look();
  return [...judge.violations, ...overslept, ...(await checkRest(world, judge)), ...checkEnd(world, judge)];
}

/** Whether the queue looks again by itself: the echo of an own write wakes nobody. */
function wakesItself({ first }: World): boolean {
  const { ended } = first;
  if (ended?.kind !== 'done') return true;
  return ended.recheckIn !== undefined && ended.recheckIn <= 0;
}

/** Lets time pass where the operator waits, and takes away what only a person can; false when nothing is in the way. */
function clearTheWay(world: World): boolean {
  const reason = readyOf(world)?.reason;
  const { ended } = world.first;
  if (ended?.kind === 'conflicts') return true;
  if (reason === 'SecretContested') {
    world.server.now += (ended?.recheckIn ?? hour) + 1;
    return true;
  }
  const isInTheWay = reason === 'SecretConflict' || reason === 'IdentityConflict';
  if (!isInTheWay || !world.secret) return false;
  world.server.deleteSecret('person', world.secretKey);
  return true;
}

/** At rest: nothing is written and nothing is hashed slowly, whether caches or the API server are asked, also after a restart. */
async function checkRest(world: World, judge: Judge): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const how of ['cached', 'restarted', 'live'] as const) {
    if (how === 'restarted') world.first.restart();
    world.first.deliver();
    const [writes, hashes] = [world.server.operatorWrites, world.slowHashes];
    if (how === 'live') wrong.push(...(await decideLive(world)));
    else await world.first.finish();
    if (world.server.operatorWrites !== writes) wrong.push(`a pass at rest writes (${how})`);
    if (world.slowHashes !== hashes && !mustCompareSlowly(world)) wrong.push(`a pass at rest hashes slowly (${how})`);
    const { ended } = world.first;
    if (ended?.kind === 'done' && ended.recheckIn !== undefined && ended.recheckIn < 1)
      wrong.push('a busy loop at rest');
  }
  judge.look();
  return wrong;
}

/** Adopted values of an immutable Secret whose mark is wrong, and cannot be put right: only bcrypt knows them. */
function mustCompareSlowly({ secret, connection, ring }: World): boolean {
  const isAdopted = parts.some((part) => verifiersOf(connection, part).at(-1)?.alg === 'bcrypt');
  return isAdopted && secret?.immutable === true && !readSecret(secret, connection.metadata.name, ring).isMarkRight;
}

async function decideLive(world: World): Promise<readonly string[]> {
  const { sources, tools } = world.first.reconciler();
  const client = buildModelClient(
    'nobody',
    world.server,
    async (call) => call,
    () => {},
  );
  const live = { ...sources, client, keys: () => world.ring };
  const observed = await observeConnection(live, world.path, { live: true, refusal: undefined });
  const decision = observed && (await decide(observed, tools()));
  return decision?.writes.length === 0 ? [] : ['a live decision at rest has writes'];
}

function checkEnd(world: World, judge: Judge): readonly string[] {
  const { connection, secret } = world;
  const reason = readyOf(world)?.reason ?? 'none';
  const wrong: string[] = [];
  if (!['Issued', 'Suspended', 'InvalidTemplate'].includes(reason)) wrong.push(`ends as ${reason}`);
  if (!connection.status?.clientId) return reason === 'InvalidTemplate' ? [] : [...wrong, 'ends without credentials'];
  if (!secret) return [...wrong, 'ends without a Secret'];
  const content = readSecret(secret, connection.metadata.name, world.ring);
  const isRight = content.isMarkRight && content.mark?.key === world.ring.newest;
  // The mark of an immutable Secret waits with all else that cannot be repaired.
  if (!isRight && secret.immutable !== true) wrong.push('ends with a wrong mark');
  if (content.mark && JSON.stringify(content.mark.handled) !== JSON.stringify(handledOf(world)))
    wrong.push('ends with a mark of other tokens');
  for (const part of parts) wrong.push(...checkPart(world, judge, part));
  if (findOutstanding(connection).length > 0) wrong.push('ends with a token that nobody handled');
  if (!secret.metadata.ownerReferences?.some(({ uid }) => uid === connection.metadata.uid))
    wrong.push('ends without its owner');
  const touched = world.events.filter(({ reason: r }) => r === 'CredentialsTampered' || r === 'CredentialsReissued');
  if (touched.length > judge.touches) wrong.push(`${touched.length} events of ${judge.touches} edits`);
  return [...wrong, ...checkData(world, judge)];
}

function checkPart(world: World, judge: Judge, part: Part): readonly string[] {
  const { connection, secret } = world;
  const newest = verifiersOf(connection, part).at(-1);
  const value = secret && readSecretText(secret, dataKeys[part]);
  const wrong: string[] = [];
  if (!newest || value === undefined || !judge.fits(connection, part, newest, value)) wrong.push(`${part} is refused`);
  if (newest?.pending || newest?.expires !== undefined) wrong.push(`${part} ends pending`);
  if (newest?.key !== world.ring.newest) wrong.push(`${part} is under an old key`);
  const mark = secret?.metadata.annotations?.[secretAnnotations.issued];
  if (newest && !mark?.includes(newest.version) && secret?.immutable !== true)
    wrong.push(`the mark does not name the ${part}'s version`);
  const counts = findAccepted(connection, world.server.now)[part].includes(newest as never);
  if (counts === (connection.spec.suspend === true)) wrong.push(`${part} ${counts ? 'counts' : 'does not count'}`);
  return wrong;
}

/** Everything else in the Secret is as the spec says, unless somebody forbade to edit it or a template is broken. */
function checkData({ connection, secret }: World, judge: Judge): readonly string[] {
  if (!secret || secret.immutable === true) return [];
  const wrong: string[] = [];
  const text = (key: string): string | undefined => readSecretText(secret, key);
  const { clientId, username } = connection.status ?? {};
  if (text('client-id') !== clientId || text('username') !== username) wrong.push('ends with another identity');
  const wasAdopted = secret.metadata.annotations?.[secretAnnotations.adopt] !== undefined;
  if (text('extra') !== undefined && !wasAdopted) wrong.push('ends with a key of somebody');
  const template = connection.spec.secret?.data?.DSN;
  const dsn = template
    ?.replace('{{clientId}}', clientId ?? '')
    .replace('{{clientSecret}}', text('client-secret') ?? '')
    .replace('{{password}}', text('password') ?? '');
  const isKept = template === undefined && wasAdopted;
  if (template !== '{{broken' && !isKept && text('DSN') !== dsn) wrong.push('ends with a stale template');
  if ((text('auth') !== undefined) !== (connection.spec.secret?.htpasswd === true))
    wrong.push('ends with a stale auth');
  const isAsked = connection.spec.secret?.labels?.team === 'x';
  const isOfPerson = judge.markLost && !isAsked && ownsLabel(secret, 'person', 'team');
  if ((secret.metadata.labels?.team === 'x') !== isAsked && !isOfPerson) wrong.push('ends with a stale label');
  return wrong;
}

function ownsLabel({ metadata }: Secret, who: string, label: string): boolean {
  const entry = metadata.managedFields?.find(({ manager }) => manager === who);
  return entry?.fieldsV1?.['f:metadata']?.['f:labels']?.[`f:${label}`] !== undefined;
}

function handledOf({ connection }: World): unknown {
  return connection.status?.rotation?.handled ?? [];
}

function readyOf({ connection }: World) {
  return connection.status?.conditions?.find(({ type }) => type === 'Ready');
}
