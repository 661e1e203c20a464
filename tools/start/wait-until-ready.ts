import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when `/readyz` at this address says 200, or after a minute: it says itself why it takes so long. */
export async function waitUntilReady(admin: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`${admin}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(200);
  }
}
