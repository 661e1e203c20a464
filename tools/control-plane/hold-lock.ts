import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while this process holds the lock file. Waits for another holder that is alive (`whenWaiting` is called
 * once with its process id) and takes over from one that died.
 *
 * It spares two processes the same work; it is no guarantee. Two that take over from the same dead holder in the same
 * moment may both run, so `work` has to put its results in place by rename.
 */
export async function holdLock<T>(
  path: string,
  work: () => Promise<T>,
  whenWaiting: (holder: number) => void,
): Promise<T> {
  const mine = `${path}.${process.pid}.${randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    let told = false;
    // A link appears with its content or not at all, so a reader never sees a lock without a holder.
    while (!(await linkIfFree(mine, path))) {
      const holder = await readHolder(path);
      if (holder === undefined || !isAlive(holder)) {
        await takeAway(path);
        continue;
      }
      if (!told) whenWaiting(holder);
      told = true;
      await sleep(100);
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `undefined` when the lock went away meanwhile or holds no process id. */
async function readHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (moved) await rm(aside, { force: true });
}
