import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { buildConnection } from './build-connection.ts';
import type { LargePagesReply, LargePagesRequest } from './hold-large-pages.ts';
import { startTestGateway } from './start-test-gateway.ts';

const group = {
  catalog: {
    categories: { view: ['shown'] },
    attributeGroups: { view: ['general'] },
    locales: { view: ['en_US'] },
  },
};
const tokens = ['one', 'two', 'three', 'four', 'five', 'six'];
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const times = 12;
const megabyte = 1_048_576;

async function receive(child: ChildProcess): Promise<LargePagesReply> {
  const [reply] = (await once(child, 'message')) as [LargePagesReply];
  return reply;
}

/** Looks at the bytes outside of the heap while something is under way: the most, beyond what there was before. */
async function measurePeak(work: () => Promise<void>): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 2);
  await work();
  clearInterval(timer);
  return most / megabyte;
}

test('a page of a hundred large products, asked for by many at once, is held a few times over and no more', {
  timeout: 120_000,
}, async () => {
  const child = fork(join(import.meta.dirname, 'hold-large-pages.ts'), { execArgv: [] });
  onTestFinished(() => void child.kill());
  const { port } = await receive(child);
  const config = 'limits: {concurrent: 0, perSecond: 0}';
  const gateway = await startTestGateway({ upstream: `http://127.0.0.1:${port}`, config });
  gateway.directory.groups.set('some', group);
  for (const name of tokens) {
    gateway.add(buildConnection(name, { roleRef: { name: 'full' }, groupRef: { name: 'some' } }));
  }
  const ask = async (times: number): Promise<void> => {
    const answer = receive(child);
    const request: LargePagesRequest = { url: `${gateway.origin}/api/rest/v1/products?limit=100`, tokens, times };
    child.send(request);
    const { sizes = [] } = await answer;
    expect(sizes).toHaveLength(times);
    // Half of the values, whole.
    for (const size of sizes) expect(size).toBe(sizes[0]);
    expect(sizes[0]).toBeGreaterThan(9 * megabyte);
  };
  await ask(1);
  const peak = await measurePeak(() => ask(times));
  // Twelve pages alone are 230 MB, each held twice or more while it is judged.
  expect(peak).toBeLessThan(170);
});
