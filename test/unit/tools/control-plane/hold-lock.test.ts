import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdLock } from '../../../../tools/control-plane/hold-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hold-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('one works at a time', async () => {
  const lock = join(folder, 'lock');
  let inside = 0;
  const work = async (): Promise<number> => {
    inside++;
    await sleep(30);
    return inside--;
  };
  const waitedFor: number[] = [];
  const runs = [1, 2, 3].map(() => holdLock(lock, work, (holder) => waitedFor.push(holder)));
  expect(await Promise.all(runs)).toEqual([1, 1, 1]);
  expect(waitedFor).toEqual([process.pid, process.pid]);
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that died is taken over', async () => {
  const lock = join(folder, 'lock');
  const dead = spawnSync('/bin/true').pid;
  writeFileSync(lock, String(dead));
  const told: number[] = [];
  expect(
    await holdLock(
      lock,
      async () => 'done',
      (holder) => told.push(holder),
    ),
  ).toBe('done');
  expect(told).toEqual([]);
});

test('work that fails gives the lock back', async () => {
  const lock = join(folder, 'lock');
  const failing = holdLock(
    lock,
    () => Promise.reject(new Error('broken')),
    () => undefined,
  );
  await expect(failing).rejects.toThrow('broken');
  expect(
    await holdLock(
      lock,
      async () => 'next',
      () => undefined,
    ),
  ).toBe('next');
});
