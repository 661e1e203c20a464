import { expect, test } from 'vitest';
import { TokenDesk } from './token-desk.ts';

const adopted = { clientSecret: 'old-secret', password: 'a1b2c3d4e' };

test('who guesses adopted values waits for the answer to wait; the connector at the same address does not', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue({ name: 'old', adopted });
  const { refresh_token } = await desk.loginWell(values);
  const statuses = { secret: [] as number[], password: [] as number[] };
  for (let guess = 0; guess < 20; guess++) {
    statuses.secret.push((await desk.login({ ...values, clientSecret: `guess-${guess}` })).status);
    statuses.password.push((await desk.login(values, { ...values, password: `guess-${guess}` })).status);
  }
  // Eleven failures, whichever of the two was guessed, and no more.
  const all = [...statuses.secret, ...statuses.password];
  expect(all.filter((status) => status === 422)).toHaveLength(11);
  expect(all.filter((status) => status === 429)).toHaveLength(29);
  expect(desk.reported.heldBack).toHaveLength(29);

  const busy = await desk.login({ ...values, clientSecret: 'one more' });
  expect([busy.status, JSON.parse(busy.body)]).toEqual([
    429,
    { code: 429, message: 'Too many failed attempts. Try again later.' },
  ]);
  expect(Number(busy.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number.isInteger(Number(busy.headers['retry-after']))).toBe(true);

  const before = desk.reported.heldBack.length;
  expect((await desk.login(values)).status).toBe(200);
  expect((await desk.refresh(values, refresh_token)).status).toBe(200);
  expect(desk.reported.heldBack).toHaveLength(before);
});

test('guesses of generated values are answered at once, however many', async () => {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  for (let guess = 0; guess < 50; guess++) {
    expect((await desk.login({ ...values, clientSecret: `guess-${guess}` })).status).toBe(422);
  }
  expect(desk.reported.heldBack).toEqual([]);
  expect((await desk.login(values)).status).toBe(200);
});
