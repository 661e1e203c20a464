import { describe, expect, test } from 'vitest';
import { parts, secretAnnotations } from '../../../../src/api/names.ts';
import { verifiersOf } from '../../../../src/credentials/accepted-verifiers.ts';
import { parseMark } from '../../../../src/credentials/mark.ts';
import { minute, type World } from '../model/world.ts';
import { ask, counts, edit, eventsOf, issue, look, overlap, textOf } from './issued-world.ts';

/** The operator has learnt of other keys. */
async function changeKeys(world: World, change: () => void): Promise<void> {
  world.server.now += minute;
  change();
  world.first.ring = world.ring;
  await look(world);
}

const given = { 'client-id': '1_abc', 'client-secret': 'given-secret', username: 'julia', password: 'given-password' };
const versionsOf = ({ connection }: World) =>
  parts.map((part) => verifiersOf(connection, part).map(({ version }) => version));
const keysOf = ({ connection }: World) => parts.flatMap((part) => verifiersOf(connection, part).map(({ key }) => key));
const markKey = ({ secret }: World) => parseMark(secret?.metadata.annotations?.[secretAnnotations.issued])?.key;

describe.each([
  ['generated', {}],
  ['adopted', { given }],
])('%s values', (kind, options) => {
  test('are hashed again under a new key: value and version stay, so no token dies', async () => {
    const world = await issue(options);
    const [values, versions] = [parts.map((part) => textOf(world, part)), versionsOf(world)];
    await changeKeys(world, () => world.rotateKeys());
    expect(parts.map((part) => textOf(world, part))).toEqual(values);
    expect(versionsOf(world)).toEqual(versions);
    expect(new Set([...keysOf(world), markKey(world)])).toEqual(new Set([world.ring.newest]));
    expect(eventsOf(world)).toEqual([]);
  });

  test('are hashed again when the key was lost, announced by an event', async () => {
    const world = await issue(options);
    const [values, versions] = [parts.map((part) => textOf(world, part)), versionsOf(world)];
    await changeKeys(world, () => world.loseKeys());
    expect(parts.map((part) => textOf(world, part))).toEqual(values);
    expect(versionsOf(world)).toEqual(versions);
    expect(new Set([...keysOf(world), markKey(world)])).toEqual(new Set([world.ring.newest]));
    expect(eventsOf(world)).toEqual(['Warning CredentialsRehashed']);
    expect(verifiersOf(world.connection, 'password')[0]?.alg).toBe(kind === 'adopted' ? 'bcrypt' : 'hmac-sha256');
    await look(world);
    expect(eventsOf(world)).toHaveLength(1);
  });
});

test('a key that was added costs two writes, the status before the mark', async () => {
  const world = await issue();
  const order: string[] = [];
  world.server.onChange.push(({ kind }) => order.push(kind));
  await changeKeys(world, () => world.rotateKeys());
  expect(order).toEqual(['connection', 'secret']);
});

test('values in their overlap end with the lost key, and go on with a new one', async () => {
  const world = await issue(overlap);
  await ask(world, 'rotate');
  expect(counts(world)).toEqual([2, 2]);
  await changeKeys(world, () => world.rotateKeys());
  expect(counts(world)).toEqual([2, 2]);
  await changeKeys(world, () => world.loseKeys());
  expect(counts(world)).toEqual([1, 1]);
});

test('a generated value that has lost its form is treated as edited, also when the key is lost', async () => {
  const world = await issue();
  edit(world, 'password');
  await changeKeys(world, () => world.loseKeys());
  expect(textOf(world, 'password')).toMatch(/^cpwd_/);
  expect(eventsOf(world)).toEqual(['Warning CredentialsTampered']);
});

test('a rotation that is asked for beside a lost key is done in the same pass', async () => {
  const world = await issue(overlap);
  const before = textOf(world, 'password');
  world.loseKeys();
  world.first.ring = world.ring;
  await ask(world, 'rotate');
  expect(textOf(world, 'password')).not.toBe(before);
  expect(counts(world)).toEqual([2, 2]);
});

test('an operator that has not learnt of a new key asks for it before it believes anything', async () => {
  const world = await issue();
  world.server.now += minute;
  world.rotateKeys();
  world.first.ring = world.ring;
  await look(world);
  const second = world.operators[1];
  // The second one still works with the keys of its start.
  edit(world, 'password', textOf(world, 'password')?.replace(/.$/, '0') ?? '');
  second?.deliver();
  await second?.finish();
  expect(eventsOf(world)).toEqual(['Warning CredentialsTampered']);
  expect(second?.ring.newest).toBe(world.ring.newest);
});
