import { describe, expect, test } from 'vitest';
import { parts } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { minute, type World } from '../model/world.ts';
import { ask, counts, edit, eventsOf, issue, look, overlap, readyOf, textOf } from './issued-world.ts';

describe('a Secret that somebody touched', () => {
  test.each([
    [
      'deleted',
      'CredentialsReissued',
      'Reissued',
      (world: World) => world.server.deleteSecret('person', world.secretKey),
    ],
    ['edited', 'CredentialsTampered', 'Tampered', (world: World) => edit(world, 'password')],
    [
      'emptied',
      'CredentialsTampered',
      'Tampered',
      (world: World) => world.editSecret((secret) => Object.assign(secret, { data: {} })),
    ],
  ])('and %s gets a new secret and a new password, and the old ones die', async (_, reason, cause, touch) => {
    const world = await issue(overlap);
    await ask(world, 'rotate');
    const before = parts.map((part) => textOf(world, part));
    touch(world);
    await look(world);
    for (const [i, part] of parts.entries()) expect(textOf(world, part)).not.toBe(before[i]);
    expect(counts(world)).toEqual([1, 1]);
    expect(world.events.at(-1)).toMatchObject({ type: 'Warning', reason });
    expect(world.connection.status?.rotation?.history?.slice(-2).map((entry) => entry.cause)).toEqual([cause, cause]);
    expect(readSecretText(world.secret as Secret, 'client-id')).toBe(world.connection.status?.clientId);
  });

  test('while a rotation with overlap is asked for: no overlap saves the old values', async () => {
    const world = await issue(overlap);
    edit(world, 'password');
    await ask(world, 'rotateClientSecret');
    expect(counts(world)).toEqual([1, 1]);
    expect(eventsOf(world)).toEqual(['Warning CredentialsTampered', 'Normal CredentialsRotated']);
  });

  test('the third time within an hour waits for a minute, then two', async () => {
    const world = await issue();
    for (const expected of ['Issued', 'Issued', 'SecretContested']) {
      edit(world, 'password', `hunter-${world.events.length}`);
      await look(world);
      expect(readyOf(world)?.reason).toBe(expected);
    }
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: minute });
    expect(readyOf(world)?.message).toContain('Field manager "person" keeps writing');
    expect(counts(world)).toEqual([1, 1]);
    const writes = world.server.operatorWrites;
    await world.first.finish();
    expect(world.server.operatorWrites).toBe(writes);

    world.server.now += minute;
    await look(world);
    expect(readyOf(world)?.reason).toBe('Issued');
    edit(world, 'password', 'hunter-again');
    await look(world);
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: 2 * minute });
  });

  test('and contested is replaced at once when somebody asks for it', async () => {
    const world = await issue();
    for (let i = 0; i < 3; i++) {
      edit(world, 'password', `hunter-${i}`);
      await look(world);
    }
    await ask(world, 'revoke');
    expect(readyOf(world)?.reason).toBe('Issued');
    expect(textOf(world, 'password')).toMatch(/^cpwd_/);
  });
});
