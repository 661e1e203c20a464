import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { reservePort } from '../../tools/reserve-port.ts';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
let desk: ConnectionDesk;

beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
});

/** What lies between browser and dashboard, and can be cut. */
class Cable {
  readonly origin: string;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(port: number) {
    this.#port = port;
    this.origin = `http://localhost:${port}`;
  }

  async join(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(Number(new URL(scene.stage.dashboard).port), '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          near.destroy();
          far.destroy();
          this.#sockets.delete(socket);
        });
      }
      near.pipe(far).pipe(near);
    });
    await once(server.listen(this.#port, '127.0.0.1'), 'listening');
    this.#server = server;
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

test('what changed meanwhile is there when the way is; a session that ended meanwhile leads to the sign-in', async () => {
  await desk.create('far', { label: 'Far away' });
  const cable = new Cable(await reservePort());
  onTestFinished(() => cable.cut());
  await cable.join();
  const page = await scene.open({
    user: 'admin',
    origin: cable.origin,
    path: `/?in=${desk.namespace}`,
    allowErrors: [/ERR_/, /status of 401/],
  });
  await page.getByRole('link', { name: 'Far away' }).waitFor();

  cable.cut();
  await page.getByText('Reconnecting').waitFor();
  // What was known stays, and is said to be old.
  expect(await page.getByRole('link', { name: 'Far away' }).isVisible()).toBe(true);
  expect(await page.getByRole('status').filter({ hasText: 'What you see may be old' }).count()).toBe(1);
  await desk.patch('far', { spec: { label: 'Near again' } });
  await cable.join();
  await page.getByRole('link', { name: 'Near again' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  cable.cut();
  await page.getByText('Reconnecting').waitFor();
  await page.context().clearCookies();
  await cable.join();
  await page.getByText('Your session ended. Sign in again.').waitFor();
  expect(await page.content()).not.toContain('Near again');
});

test('a change that cannot be sent says so, keeps what was typed, and is sent the next time', async () => {
  await desk.issue('typed');
  const cable = new Cable(await reservePort());
  onTestFinished(() => cable.cut());
  await cable.join();
  const path = `/connections/${desk.namespace}/typed/settings`;
  const page = await scene.open({ user: 'admin', origin: cable.origin, path, allowErrors: [/ERR_/] });
  await page.getByLabel('Label', { exact: true }).fill('Typed once');
  cable.cut();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: 'The dashboard does not answer.' }).waitFor();
  await cable.join();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
  expect((await desk.read('typed')).spec.label).toBe('Typed once');
});

test('a cluster that gives no answer is not taken for a missing right: nobody is asked to name namespaces', async () => {
  await desk.create('asked', { label: 'Asked for again' });
  const page = await scene.open({ user: 'admin', allowErrors: [/status of 502/] });
  await page.getByText('Live', { exact: true }).waitFor();
  const json = { code: 502, reason: 'Unavailable', message: 'The cluster gives no answer.' };
  await page.route('**/api/namespaces', (route) => route.fulfill({ status: 502, json }), { times: 1 });
  await page.goto(`/?in=${desk.namespace}`);
  await page.getByText('The cluster gives no answer.').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'Asked for again' }).waitFor();
});
