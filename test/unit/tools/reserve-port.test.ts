import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reservePort, reservePreferredPort } from '../../../tools/reserve-port.ts';

const module = join(import.meta.dirname, '../../../tools/reserve-port.ts');

/** Another process that reserves, says what it got, and lives until it is killed. */
async function reserveElsewhere(call: string): Promise<{ ports: number[]; end(): Promise<void> }> {
  const text = `const { reservePort, reservePreferredPort } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(await ${call}));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return {
    ports: [JSON.parse(String(line))].flat(),
    async end() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a port that another process reserved is not given, nor where it is asked for, until that process is dead', async () => {
  const other = await reserveElsewhere('reservePort()');
  const [port = 0] = other.ports;
  expect(await reservePreferredPort(port)).not.toBe(port);
  await other.end();
  expect(await reservePreferredPort(port)).toBe(port);
});

test('a port that was reserved here is neither given here again nor elsewhere', async () => {
  const port = await reservePort();
  expect(await reservePreferredPort(port)).not.toBe(port);
  const other = await reserveElsewhere(`reservePreferredPort(${port})`);
  expect(other.ports).not.toContain(port);
  await other.end();
});

test('a port that somebody listens on who asked for nothing is not given', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await reservePreferredPort(port)).not.toBe(port);
  server.close();
});

test('two hundred at once are two hundred, and none of them is one that a client may be given', async () => {
  const many = 'Promise.all(Array.from({ length: 100 }, () => reservePort()))';
  const [one, two] = await Promise.all([reserveElsewhere(many), reserveElsewhere(many)]);
  const ports = [...one.ports, ...two.ports];
  expect(new Set(ports).size).toBe(200);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  await Promise.all([one.end(), two.end()]);
});
