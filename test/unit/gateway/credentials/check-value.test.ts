import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { Part } from '../../../../src/api/names.ts';
import { buildKeyRing } from '../../../../src/credentials/key-ring.ts';
import {
  buildValueChecker,
  type ValueChecker,
  type ValueVerdict,
} from '../../../../src/gateway/credentials/check-value.ts';
import { buildGuessLimiter } from '../../../../src/gateway/credentials/guess-limiter.ts';
import { buildSlowCompare, type SlowCompare } from '../../../../src/gateway/credentials/slow-compare.ts';
import { buildVerifier, issueConnection, rotate, withVerifiers } from './issue-connection.ts';

const ring = buildKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]));
const now = Date.parse('2026-02-01T00:00:00Z');

// A worker starts in a fraction of a second, but not on a machine that is busy with all other tests.
vi.setConfig({ testTimeout: 30_000 });

/** A checker whose comparisons are counted. */
class CheckerDesk {
  readonly checker: ValueChecker;
  /** Comparisons that the worker was asked for. */
  compared = 0;
  running = 0;
  mostRunning = 0;
  /** Milliseconds, monotonic. */
  clock = 0;

  constructor() {
    const real = buildSlowCompare();
    onTestFinished(() => real.close());
    const slow: SlowCompare = {
      ...real,
      compare: async (text, hash) => {
        this.compared++;
        this.running++;
        this.mostRunning = Math.max(this.mostRunning, this.running);
        try {
          return await real.compare(text, hash);
        } finally {
          this.running--;
        }
      },
    };
    this.checker = buildValueChecker(
      slow,
      buildGuessLimiter(() => this.clock),
    );
  }

  check(
    connection: Connection,
    value: string,
    options: { part?: Part; network?: string; at?: number } = {},
  ): Promise<ValueVerdict> {
    const { part = 'password', network = '192.0.2.1', at = now } = options;
    return this.checker.check(connection, part, [value], { keys: ring, now: at, network });
  }
}

const accepted = expect.objectContaining({ kind: 'accepted' });

describe('a generated value', () => {
  test('is accepted with its version, for its part and its connection alone', async () => {
    const desk = new CheckerDesk();
    const [erp, dam] = [issueConnection(ring, { name: 'erp' }), issueConnection(ring, { name: 'dam' })];
    const version = erp.connection.status?.credentials?.password?.[0]?.version;
    expect(await desk.check(erp.connection, erp.values.password)).toEqual({ kind: 'accepted', version });
    expect(await desk.check(erp.connection, erp.values.password, { part: 'clientSecret' })).toEqual({
      kind: 'rejected',
    });
    expect(await desk.check(dam.connection, erp.values.password)).toEqual({ kind: 'rejected' });
    expect(await desk.check(erp.connection, '')).toEqual({ kind: 'rejected' });
  });

  test('is always answered and never slowed, however many guesses there were, from its own network too', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring);
    for (let i = 0; i < 2_000; i++) expect((await desk.check(connection, `guess${i}`)).kind).toBe('rejected');
    expect(await desk.check(connection, values.password)).toEqual(accepted);
    expect(desk.compared).toBe(0);
  });

  test('so too when the connection has an old adopted value to recognise', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    const rotated = rotate(ring, connection, 'password', 'cpwd_new');
    const guesses = await Promise.all(Array.from({ length: 200 }, (_, i) => desk.check(rotated, `guess${i}`)));
    expect(new Set(guesses.map(({ kind }) => kind))).toEqual(new Set(['rejected']));
    expect(desk.compared).toBeLessThanOrEqual(11);
    expect(await desk.check(rotated, 'cpwd_new')).toEqual(accepted);
  });

  test('under a key that is gone is not accepted, and no guess', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    const keys = buildKeyRing(new Map([['k2', Buffer.alloc(32, 2)]]));
    for (let i = 0; i < 50; i++) {
      const verdict = await desk.checker.check(connection, 'password', [values.password], { keys, now, network: 'a' });
      expect(verdict).toEqual({ kind: 'rejected' });
    }
    expect(await desk.check(connection, values.password, { network: 'a' })).toEqual(accepted);
  });

  test('each of four accepted ones works, and is found whichever it is', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring);
    const verifiers = ['a', 'b', 'c', 'd'].map((value) => buildVerifier(ring, connection, 'password', value));
    const several = withVerifiers(connection, { password: verifiers });
    for (const [i, value] of ['a', 'b', 'c', 'd'].entries()) {
      expect(await desk.check(several, value)).toEqual({ kind: 'accepted', version: verifiers[i]?.version });
    }
  });
});

describe('an old value', () => {
  test('that was rotated away is told by its version', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring);
    const version = connection.status?.credentials?.password?.[0]?.version;
    const rotated = rotate(ring, connection, 'password', 'cpwd_new');
    expect(await desk.check(rotated, values.password)).toEqual({ kind: 'retired', version });
  });

  test('whose overlap is over is told too, though the operator has not cleared it away', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring);
    const rotated = rotate(ring, connection, 'password', 'cpwd_new', new Date(now).toISOString());
    const version = connection.status?.credentials?.password?.[0]?.version;
    expect(await desk.check(rotated, values.password, { at: now - 1 })).toEqual({ kind: 'accepted', version });
    expect(await desk.check(rotated, values.password, { at: now })).toEqual({ kind: 'retired', version });
  });

  test('that was adopted is told as well, hashed once', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    const rotated = rotate(ring, connection, 'password', 'cpwd_new');
    for (let i = 0; i < 30; i++) expect((await desk.check(rotated, 'adopted-one')).kind).toBe('retired');
    expect(desk.compared).toBe(1);
  });

  test('of a status that was another object’s is told by nobody', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring);
    const metadata = { ...connection.metadata, uid: 'another' };
    expect(await desk.check({ ...connection, metadata }, values.password)).toEqual({ kind: 'rejected' });
  });
});

describe('an adopted value', () => {
  const issueAdopted = () =>
    issueConnection(ring, { adopted: { password: 'adopted-one', clientSecret: 'adopted-two' } });

  test('is hashed once and remembered', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    for (let i = 0; i < 5; i++) expect(await desk.check(connection, 'adopted-one')).toEqual(accepted);
    expect(desk.compared).toBe(1);
    expect(await desk.check(connection, 'adopted-two', { part: 'clientSecret' })).toEqual(accepted);
    expect(desk.compared).toBe(2);
    expect((await desk.check(connection, 'adopted-two')).kind).toBe('rejected');
  });

  test('is forgotten when it is rotated', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    await desk.check(connection, 'adopted-one');
    const other = withVerifiers(connection, {
      password: [buildVerifier(ring, connection, 'password', 'another', 'bcrypt')],
    });
    expect((await desk.check(other, 'adopted-one')).kind).toBe('rejected');
    expect(await desk.check(other, 'another')).toEqual(accepted);
  });

  test('is remembered by its hash: another one under the same version is looked at anew', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    await desk.check(connection, 'adopted-one');
    const [verifier] = connection.status?.credentials?.password ?? [];
    const forged = { ...buildVerifier(ring, connection, 'password', 'x', 'bcrypt'), version: verifier?.version ?? '' };
    const changed = withVerifiers(connection, { password: [forged] });
    expect((await desk.check(changed, 'adopted-one')).kind).toBe('rejected');
  });

  test('of a suspended connection is not accepted, remembered or not', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    await desk.check(connection, 'adopted-one');
    const suspended = { ...connection, spec: { ...connection.spec, suspend: true } };
    expect(await desk.check(suspended, 'adopted-one')).toEqual({ kind: 'rejected' });
  });

  test('two spellings are one try', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    const check = (...spellings: readonly string[]) =>
      desk.checker.check(connection, 'password', spellings, { keys: ring, now, network: 'a' });
    for (let i = 0; i < 40; i++) expect(await check('adopted%2Done', 'adopted-one')).toEqual(accepted);
    expect(desk.compared).toBe(2);
    for (let i = 0; i < 11; i++) expect((await check(`x${i}`, `y${i}`)).kind).toBe('rejected');
    expect((await check('x', 'y')).kind).toBe('busy');
  });

  test('is hashed one at a time for each connection', async () => {
    const desk = new CheckerDesk();
    const [one, two] = [issueAdopted(), issueAdopted()];
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => [
        desk.check(one.connection, `a${i}`),
        desk.check(two.connection, `b${i}`),
      ]).flat(),
    );
    expect(desk.mostRunning).toBe(2);
  });

  test('a connector with many workers after a restart: one bcrypt, and nobody is turned away', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    const verdicts = await Promise.all(Array.from({ length: 33 }, () => desk.check(connection, 'adopted-one')));
    expect(verdicts).toEqual(Array(33).fill(accepted));
    expect(desk.compared).toBe(1);
  });

  test('more than 32 that wait are told to come back', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueAdopted();
    const networks = Array.from({ length: 40 }, (_, i) => `198.51.100.${i}`);
    const verdicts = await Promise.all(networks.map((network, i) => desk.check(connection, `guess${i}`, { network })));
    expect(verdicts.slice(0, 33)).toEqual(Array(33).fill({ kind: 'rejected' }));
    expect(verdicts.slice(33)).toEqual(Array(7).fill({ kind: 'busy', retryAfter: 1 }));
    // Being told to come back is no failure: 33 of the hundred are used.
    for (let i = 0; i < 67; i++) await desk.check(connection, `more${i}`, { network: `203.0.113.${i}` });
    expect((await desk.check(connection, 'x', { network: '203.0.113.200' })).kind).toBe('rejected');
    expect((await desk.check(connection, 'x', { network: '203.0.113.201' })).kind).toBe('busy');
  });
});

describe('guessing an adopted value', () => {
  test('eleven failures from one network, then it waits for that connection; the remembered value still works', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    const other = issueConnection(ring, { adopted: { password: 'adopted-two' } });
    await desk.check(connection, 'adopted-one');
    for (let i = 0; i < 11; i++) expect((await desk.check(connection, `guess${i}`)).kind).toBe('rejected');
    expect(await desk.check(connection, 'guess')).toEqual({ kind: 'busy', retryAfter: 60 });
    expect(await desk.check(connection, 'adopted-one')).toEqual(accepted);
    expect(await desk.check(other.connection, 'adopted-two')).toEqual(accepted);
    expect((await desk.check(connection, 'guess', { network: '198.51.100.9' })).kind).toBe('rejected');
    desk.clock += 60_000;
    expect((await desk.check(connection, 'guess')).kind).toBe('rejected');
  });

  test('who is held back takes nobody’s place in the line', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    for (let i = 0; i < 11; i++) await desk.check(connection, `guess${i}`);
    const running = desk.check(connection, 'wrong', { network: 'other' });
    const flood = Promise.all(Array.from({ length: 100 }, (_, i) => desk.check(connection, `flood${i}`)));
    const connector = desk.check(connection, 'adopted-one', { network: 'home' });
    expect((await flood).every((verdict) => verdict.kind === 'busy' && verdict.retryAfter > 1)).toBe(true);
    expect(await connector).toEqual(accepted);
    expect((await running).kind).toBe('rejected');
  });

  test('many at once are as many as one after the other', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    const verdicts = await Promise.all(Array.from({ length: 30 }, (_, i) => desk.check(connection, `guess${i}`)));
    expect(verdicts.filter(({ kind }) => kind === 'rejected')).toHaveLength(11);
    expect(desk.compared).toBe(11);
  });

  test('a hundred and one an hour over all networks, then only networks that succeeded before', async () => {
    const desk = new CheckerDesk();
    const { connection } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    // Known by a success that was remembered, not only by the first one.
    await desk.check(connection, 'adopted-one', { network: 'first' });
    await desk.check(connection, 'adopted-one', { network: 'second' });
    for (let i = 0; i < 101; i++) await desk.check(connection, `guess${i}`, { network: `n${i}` });
    expect(await desk.check(connection, 'guess', { network: 'new' })).toEqual({ kind: 'busy', retryAfter: 3600 });
    for (const network of ['first', 'second']) {
      expect((await desk.check(connection, 'guess', { network })).kind).toBe('rejected');
    }
  });

  test('a part whose value is generated is not held back by it', async () => {
    const desk = new CheckerDesk();
    const { connection, values } = issueConnection(ring, { adopted: { password: 'adopted-one' } });
    for (let i = 0; i < 20; i++) await desk.check(connection, `guess${i}`);
    expect(await desk.check(connection, values.clientSecret, { part: 'clientSecret' })).toEqual(accepted);
    expect((await desk.check(connection, 'wrong', { part: 'clientSecret' })).kind).toBe('rejected');
  });
});
