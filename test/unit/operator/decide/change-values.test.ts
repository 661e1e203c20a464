import { describe, expect, test } from 'vitest';
import { parts, rotationAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { verifiersOf } from '../../../../src/credentials/accepted-verifiers.ts';
import { parseMark } from '../../../../src/credentials/mark.ts';
import { hour } from '../model/world.ts';
import { ask, counts, eventsOf, issue, look, overlap, readyOf, textOf } from './issued-world.ts';

describe('a rotation', () => {
  test.each([
    ['rotateClientSecret', [true, false]],
    ['rotatePassword', [false, true]],
    ['rotate', [true, true]],
    ['revoke', [true, true]],
  ] as const)('by %s replaces client secret and password: %j', async (name, replaced) => {
    const world = await issue();
    const before = parts.map((part) => textOf(world, part));
    await ask(world, name);
    expect(parts.map((part, i) => textOf(world, part) !== before[i])).toEqual(replaced);
  });

  test('leaves client id and username as they are', async () => {
    const world = await issue();
    const names = () => [
      world.connection.status?.clientId,
      world.connection.status?.username,
      readSecretText(world.secret as Secret, 'client-id'),
    ];
    const before = names();
    await ask(world, 'revoke');
    expect(names()).toEqual(before);
  });

  test('writes the status, the Secret, and the status', async () => {
    const world = await issue();
    const order: string[] = [];
    world.server.onChange.push(({ by, kind }) => by !== 'person' && order.push(kind));
    await ask(world, 'rotate');
    expect(order).toEqual(['connection', 'secret', 'connection']);
  });

  test('is told first: pending, handled, the old one gone', async () => {
    const world = await issue();
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { [rotationAnnotations.rotate]: 'a' };
    });
    world.first.deliver();
    await world.first.finishWrites(1);
    const { credentials, rotation } = world.connection.status ?? {};
    expect(credentials?.password).toMatchObject([{ version: expect.stringMatching(/^2-/), pending: true }]);
    expect(credentials?.retired?.password).toMatchObject([{ version: expect.stringMatching(/^1-/) }]);
    expect(rotation?.handled).toEqual([{ annotation: rotationAnnotations.rotate, token: 'a' }]);
    expect(rotation?.history?.map(({ part, cause }) => `${part} ${cause}`).slice(-2)).toEqual([
      'clientSecret Requested',
      'password Requested',
    ]);
  });

  test.each([
    ['rotate without overlap', {}, 'rotate', 1],
    ['rotate with overlap', overlap, 'rotate', 2],
    ['revoke, whatever the spec says', overlap, 'revoke', 1],
  ] as const)('by %s leaves as many accepted values as it should', async (_, options, name, accepted) => {
    const world = await issue(options);
    await ask(world, name);
    expect(counts(world)).toEqual([accepted, accepted]);
  });

  test('with overlap ends the old value when its time has come, without anybody asking', async () => {
    const world = await issue(overlap);
    await ask(world, 'rotate');
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: hour });
    world.server.now += hour;
    expect(counts(world)).toEqual([1, 1]);
    await look(world);
    expect(verifiersOf(world.connection, 'password')).toHaveLength(1);
    expect(world.connection.status?.credentials?.retired?.password).toHaveLength(1);
  });

  test('is echoed on the Secret', async () => {
    const world = await issue();
    await ask(world, 'rotate');
    const mark = parseMark(world.secret?.metadata.annotations?.[secretAnnotations.issued]);
    expect(mark?.handled).toEqual([{ annotation: rotationAnnotations.rotate, token: 'a' }]);
    expect(mark?.versions.password).toBe(verifiersOf(world.connection, 'password').at(-1)?.version);
  });

  test('never touches the annotations of the Connection', async () => {
    const world = await issue();
    await ask(world, 'rotate');
    expect(world.connection.metadata.annotations).toEqual({ [rotationAnnotations.rotate]: 'a' });
  });

  test('is once for a value that stays, comes back, or stands beside others', async () => {
    const world = await issue();
    for (const [name, token] of [
      ['rotate', 'a'],
      ['rotatePassword', 'x'],
      ['rotate', 'b'],
      ['rotate', 'a'],
      ['rotatePassword', 'x'],
    ] as const) {
      await ask(world, name, token);
    }
    expect(verifiersOf(world.connection, 'clientSecret').at(-1)?.version).toMatch(/^3-/);
    expect(verifiersOf(world.connection, 'password').at(-1)?.version).toMatch(/^4-/);
  });

  test('goes on although role, code, limit or template are wrong', async () => {
    const world = await issue();
    world.hasRole = false;
    world.first.restart();
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { data: { DSN: '{{broken' } };
    });
    const before = textOf(world, 'password');
    await ask(world, 'rotate');
    expect(textOf(world, 'password')).not.toBe(before);
    expect(readyOf(world)?.reason).toBe('InvalidTemplate');
  });

  test('with a broken template writes the generated keys and keeps the others', async () => {
    const world = await issue({ spec: { secret: { data: { A: '{{password}}', B: '{{code}}' } } } });
    const old = textOf(world, 'password');
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { data: { A: '{{password}}', B: '{{broken', constructor: 'new' } };
    });
    await ask(world, 'rotate');
    const text = (key: string) => readSecretText(world.secret as Secret, key);
    expect([text('A'), text('B')]).toEqual([old, 'erp']);
    expect(Object.keys(world.secret?.data ?? {})).not.toContain('constructor');
  });

  test('goes on while suspended', async () => {
    const world = await issue({ spec: { suspend: true } });
    await ask(world, 'rotate');
    expect(verifiersOf(world.connection, 'password').at(-1)?.version).toMatch(/^2-/);
    expect(counts(world)).toEqual([0, 0]);
    expect(readyOf(world)?.reason).toBe('Suspended');
  });

  test('that is told by an event names no value', async () => {
    const world = await issue(overlap);
    await ask(world, 'rotatePassword');
    expect(eventsOf(world)).toEqual(['Normal CredentialsRotated']);
    expect(world.events.at(-1)?.note).toMatch(
      /^The password was replaced by version 2-[0-9a-z]{6} \(requested\); the old one works for 3600 s more\.$/,
    );
    await ask(world, 'revoke');
    expect(eventsOf(world).slice(1)).toEqual(['Normal CredentialsRevoked', 'Normal CredentialsRevoked']);
  });
});

describe('a Secret that cannot be written', () => {
  test('leaves the accepted values as they are, and says why', async () => {
    const world = await issue(overlap);
    const before = world.connection.status?.credentials;
    world.server.refusesSecrets = true;
    await ask(world, 'rotate');
    expect(world.connection.status?.credentials).toEqual(before);
    expect(readyOf(world)).toMatchObject({ reason: 'SecretRefused', status: 'False' });
    expect(readyOf(world)?.message).toContain('exceeded quota');
    expect(world.connection.status?.conditions?.[1]?.type).toBe('Reconciling');
  });

  test('does not keep a revoke from being in force', async () => {
    const world = await issue(overlap);
    world.server.refusesSecrets = true;
    await ask(world, 'revoke');
    expect(counts(world)).toEqual([0, 0]);
  });

  test('is written when it can be', async () => {
    const world = await issue();
    world.server.refusesSecrets = true;
    await ask(world, 'rotate');
    world.server.refusesSecrets = false;
    await world.first.finish();
    expect(readyOf(world)?.reason).toBe('Issued');
    expect(verifiersOf(world.connection, 'password').at(-1)?.version).toMatch(/^2-/);
  });
});
