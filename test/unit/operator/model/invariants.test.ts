import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginning,
  type Command,
  keyCommand,
  keyLoss,
  machineCommand,
  requestCommand,
  troubleCommand,
} from './commands.ts';
import { tellStory } from './tell-story.ts';

/** Enough to catch what was wrong before; `MODEL_RUNS=50000` looks further, which takes hours. */
const runs = Number(process.env.MODEL_RUNS ?? 120);
const seed = Number(process.env.MODEL_SEED ?? 42);
const timeout = 60_000_000;

const machine = { weight: 10, arbitrary: machineCommand };
const request = { weight: 4, arbitrary: requestCommand };
const trouble = { weight: 2, arbitrary: troubleCommand };
const keys = { weight: 1, arbitrary: keyCommand };
const loss = { weight: 1, arbitrary: keyLoss };

async function check(...kinds: { weight: number; arbitrary: fc.Arbitrary<Command> }[]): Promise<void> {
  const commands = fc.array(fc.oneof(...kinds), { maxLength: 30, size: 'max' });
  await fc.assert(
    fc.asyncProperty(beginning, commands, async (options, story) => {
      expect(await tellStory(options, story)).toEqual([]);
    }),
    { numRuns: runs, seed },
  );
}

describe('any order of single writes, crashes and stale caches of two operators keeps the invariants', () => {
  test('with rotations, revokes and changes of the spec', () => check(machine, request), timeout);
  test(
    'with edits, old Secrets, foreign Secrets and restored backups',
    () => check(machine, request, trouble),
    timeout,
  );
  test('with new keys', () => check(machine, request, trouble, keys), timeout);
  test('with lost keys', () => check(machine, request, trouble, keys, loss), timeout);
});
