import type { Condition } from '../../../../src/api/generated/connection.ts';
import { type Part, parts, rotationAnnotations } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { findAccepted } from '../../../../src/credentials/accepted-verifiers.ts';
import { dataKeys } from '../model/judge.ts';
import { World, type WorldOptions } from '../model/world.ts';

/** A world whose Connection was issued. */
export async function issue(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  await world.first.finish();
  return world;
}

/** Lets the watch deliver and the operator look. */
export async function look(world: World): Promise<World> {
  world.first.deliver();
  await world.first.finish();
  return world;
}

/** Sets an annotation, and lets the operator look. */
export function ask(world: World, name: keyof typeof rotationAnnotations, token: string = 'a'): Promise<World> {
  world.server.editConnection(world.key, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [rotationAnnotations[name]]: token };
  });
  return look(world);
}

/** Writes another value into the Secret. */
export function edit(world: World, part: Part, text: string = 'hunter2'): void {
  world.editSecret((secret) => {
    secret.data = { ...secret.data, [dataKeys[part]]: Buffer.from(text).toString('base64') };
  });
}

/** The plain value in the Secret. */
export function textOf({ secret }: World, part: Part): string | undefined {
  return readSecretText(secret as Secret, dataKeys[part]);
}

/** How many values count, of client secret and password. */
export function counts({ connection, server }: World): readonly number[] {
  return parts.map((part) => findAccepted(connection, server.now)[part].length);
}

export function readyOf({ connection }: World): Condition | undefined {
  return connection.status?.conditions?.[0];
}

/** Types and reasons of all events but that of the first issue. */
export function eventsOf({ events }: World): readonly string[] {
  return events.slice(1).map(({ type, reason }) => `${type} ${reason}`);
}

export const overlap: WorldOptions = { spec: { rotation: { overlap: '1h' } } };
