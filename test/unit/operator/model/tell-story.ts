import type { Command } from './commands.ts';
import { Judge } from './judge.ts';
import { keepOldSecrets, performCommand } from './perform-command.ts';
import { settleWorld } from './settle-world.ts';
import { World, type WorldOptions } from './world.ts';

/** Lets all of this happen, brings the world to rest, and returns everything that should not have been. */
export async function tellStory(options: WorldOptions, commands: readonly Command[]): Promise<readonly string[]> {
  const world = new World(options);
  const judge = new Judge(world);
  const old = keepOldSecrets(world);
  for (const command of commands) {
    await performCommand(world, judge, old, command);
    if (judge.violations.length > 0) return judge.violations;
  }
  return [...(await settleWorld(world, judge)), ...world.failures.map((error) => `a pass failed: ${error}`)];
}
