import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { startDashboardProgram } from '../../tools/dashboard-program.ts';
import { ListWatchScript } from '../http/dashboard/list-watch-script.ts';
import { sendJson, startFakeCluster } from '../http/dashboard/start-fake-cluster.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
const count = 10_000;
/** At most, with those just above and below. */
const rowsInSight = 30;
const out = join(import.meta.dirname, '..', 'out');
const megabyte = 1024 * 1024;

/** A cluster with that many Connections: real ones would take the control plane longer than all other tests together. */
async function startLargeCluster(): Promise<string> {
  const cluster = await startFakeCluster();
  const connections = new ListWatchScript();
  connections.interfere = ({ url }, response) => {
    if (!url.startsWith('/api/v1/namespaces')) return false;
    sendJson(response, 200, { metadata: {}, items: [{ metadata: { name: 'many' } }] });
    return true;
  };
  for (let index = 0; index < count; index++) putConnection(connections, index);
  cluster.script = connections.script;
  return cluster.url;
}

function putConnection(connections: ListWatchScript, index: number): void {
  const name = `connector-${String(index).padStart(5, '0')}`;
  const code = name.replaceAll('-', '_');
  const moment = '2026-01-05T08:00:00Z';
  const verifier = { version: '1-k3x9q2', key: 'k', alg: 'hmac-sha256', hash: 'x'.repeat(43), issued: moment };
  connections.put('many', name, {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      namespace: 'many',
      name,
      uid: `uid-${index}`,
      resourceVersion: String(1000 + index),
      generation: 1,
      creationTimestamp: moment,
    },
    spec: {
      label: `Connector number ${index}`,
      flowType: ['Source', 'Destination', 'Other'][index % 3],
      tracked: index % 3 !== 2,
      roleRef: { name: `role-${index % 40}` },
      groupRef: { name: `group-${index % 40}` },
    },
    status: {
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', reason: 'Issued', message: 'Issued.', lastTransitionTime: moment }],
      code,
      clientId: `${code}_4k2j3h4k2j3h4k2j3h4kx91a`,
      username: `${code}_0713`,
      binding: { name: `${name}-credentials` },
      credentials: { uid: `uid-${index}`, issuedAt: moment, clientSecret: [verifier], password: [verifier] },
      rotation: { handled: [], history: [] },
    },
  });
}

/** A kubeconfig with an address alone. */
function writeAddress(server: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'large-cluster-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'kubeconfig');
  const named = { name: 'large', cluster: { server } };
  const context = { name: 'large', context: { cluster: 'large', user: 'nobody' } };
  const users = [{ name: 'nobody', user: { token: 'not-used' } }];
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [named],
      contexts: [context],
      users,
      'current-context': 'large',
    }),
  );
  return file;
}

/** Seconds of processor time that the page's main thread took so far, whatever else the machine does meanwhile. */
async function readBusy(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function measure(session: CDPSession, act: () => Promise<unknown>): Promise<number> {
  const before = await readBusy(session);
  await act();
  return (await readBusy(session)) - before;
}

/** How many times longer than its processor time some work takes here and now: 1 where the machine does nothing else. */
async function measureCrowd(page: Page, session: CDPSession): Promise<number> {
  const before = await readBusy(session);
  const work = 'let sum = 0; for (let index = 0; index < 2e7; index++) sum += index % 7; return sum;';
  const took = await page.evaluate<number>(
    `(() => { const from = performance.now(); (() => { ${work} })(); return (performance.now() - from) / 1000; })()`,
  );
  return Math.max(1, took / ((await readBusy(session)) - before));
}

interface Seen {
  readonly longTasks: number;
  /** Rows that came into the document since the last look. */
  readonly rows: number;
  /** Most of them that one rendering brought. */
  readonly mostRows: number;
}

/** What the observer saw since the last look. */
async function look(page: Page): Promise<Seen> {
  const seen = await page.evaluate<Seen>('window.seen');
  await page.evaluate('window.seen = { longTasks: 0, rows: 0, mostRows: 0 }');
  return seen;
}

/** Counts long tasks and rows, and notes when the last page of a list came. */
const observer = `
  window.seen = { longTasks: 0, rows: 0, mostRows: 0 };
  const countRows = (node) =>
    node instanceof Element ? node.matches('[role="row"]') + node.querySelectorAll('[role="row"]').length : 0;
  new MutationObserver((changes) => {
    const rows = changes.flatMap(({ addedNodes }) => [...addedNodes]).reduce((sum, node) => sum + countRows(node), 0);
    window.seen.rows += rows;
    window.seen.mostRows = Math.max(window.seen.mostRows, rows);
  }).observe(document, { childList: true, subtree: true });
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, act) {
    listen.call(this, name, (event) => { window.lastData = performance.now(); act(event); });
  };
  new PerformanceObserver((list) => { window.seen.longTasks += list.getEntries().length; }).observe({ type: 'longtask' });
`;

/** The one script of the page. */
const readScript = "fetch(document.querySelector('script[src]').src).then((answer) => answer.text())";

function readMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test(`${count} connections: shown, searched and scrolled with little work, in bounded memory`, {
  timeout: 180_000,
}, async () => {
  const dashboard = await startDashboardProgram({ kubeconfig: writeAddress(await startLargeCluster()) });
  onTestFinished(async () => {
    await dashboard.stop();
  });
  await dashboard.ready();
  const memoryBefore = readMemory(dashboard.pid);

  const page = await scene.open({ origin: dashboard.origin });
  await page.addInitScript(observer);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.reload();
  // What people get is not what those who write pages work with.
  expect(await page.evaluate<string>(readScript)).not.toContain('jsxDEV');
  await page.getByLabel('Token').fill('alices-token');

  const crowdBefore = await measureCrowd(page, session);
  await look(page);
  const load = await measure(session, async () => {
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator(`[role="table"][aria-rowcount="${count + 4}"]`).waitFor();
  });
  const wait = await page.evaluate<number>('(performance.now() - window.lastData) / 1000');
  const crowd = Math.max(crowdBefore, await measureCrowd(page, session));
  const whileLoading = await look(page);

  const search = page.getByLabel('Search connections');
  const text = 'number 9876';
  const typing = await measure(session, async () => {
    await search.pressSequentially(text);
    await page.locator('[role="table"][aria-rowcount="3"]').waitFor();
    await search.fill('');
    await page.locator(`[role="table"][aria-rowcount="${count + 4}"]`).waitFor();
  });
  const whileTyping = await look(page);
  const scrolling = await measure(session, async () => {
    for (let step = 0; step < 20; step++) await page.mouse.wheel(0, 20_000);
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    await page.getByRole('link', { name: 'Connector number 9998' }).waitFor();
  });
  const whileScrolling = await look(page);
  const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
  const heap = await session.send('Runtime.getHeapUsage');
  const figures = {
    connections: count,
    'from the last data to the whole list, seconds': wait,
    'how crowded the machine was meanwhile': crowd,
    'load, seconds of processor time': load,
    'typing, seconds of processor time a key': typing / (text.length + 1),
    'scrolling, seconds of processor time': scrolling,
    whileLoading,
    whileTyping,
    whileScrolling,
    'elements in the document': elements,
    'heap of the page, MB': heap.usedSize / megabyte,
    'memory that the server took, MB': (readMemory(dashboard.pid) - memoryBefore) / megabyte,
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'ten-thousand-connections.json'), `${JSON.stringify(figures, undefined, 2)}\n`);

  expect(wait).toBeLessThan(2 * crowd);
  // Work is counted in rows and in elements: the same on every machine.
  for (const { mostRows } of [whileLoading, whileTyping, whileScrolling])
    expect(mostRows).toBeLessThanOrEqual(2 * rowsInSight);
  expect(whileLoading.rows).toBeLessThan(1000);
  expect(whileTyping.rows).toBeLessThan(rowsInSight * (text.length + 1));
  expect(elements).toBeLessThan(1500);
  // A few times what it takes: ten thousand rows in the document, or React as it is for development, take more.
  expect(load).toBeLessThan(3);
  expect(typing / (text.length + 1)).toBeLessThan(0.2);
  expect(scrolling).toBeLessThan(6);
  expect(figures['heap of the page, MB']).toBeLessThan(200);
  expect(figures['memory that the server took, MB']).toBeLessThan(200);
});
