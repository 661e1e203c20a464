import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLine } from '../../../src/flows/read-line.ts';

test.each([
  ['{"line":1,"identifier":"a","status_code":201}', { created: 1 }],
  ['{"line":2,"identifier":"a","status_code":204}', { updated: 1 }],
  ['{ "status_code" : 204, "line": 2 }', { updated: 1 }],
  ['{"line":3,"status_code":400,"message":"Invalid json message received"}', { technical: 1 }],
  ['{"line":4,"identifier":"a","status_code":403,"message":"no"}', {}],
  ['{"line":5,"identifier":"a","status_code":422,"message":"Property \\"x\\" does not exist."}', { technical: 1 }],
  ['not JSON', {}],
  ['', {}],
])('%s', (line, counts) => {
  expect(readLine(line)).toEqual({ counts, errors: [] });
});

test('a line that is refused says what for', () => {
  const line = JSON.stringify({
    line: 1,
    identifier: 'tent',
    status_code: 422,
    message: 'Validation failed.',
    errors: [{ property: 'values', message: 'Too long.', attribute: 'name' }],
  });
  expect(readLine(line)).toEqual({
    counts: { business: 1 },
    errors: [{ message: 'Too long.', product: 'tent', property: 'values', attribute: 'name' }],
  });
});

test('what a refused line says is read as UTF-8', () => {
  const line = JSON.stringify({ line: 1, status_code: 422, message: 'größer als 😀' });
  const [error] = readLine(Buffer.from(line).toString('latin1')).errors;
  expect(error?.message).toBe('größer als 😀');
});

test('a long line that was cut counts by its status', () => {
  const line = JSON.stringify({ line: 1, identifier: 'a', status_code: 422, message: 'x'.repeat(100) });
  expect(readLine(line.slice(0, 80)).counts).toEqual({ business: 1 });
});

test('nothing that a person writes into a name is taken for the status', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(201, 204), (name, status) => {
      const nasty = `","status_code":422,"${name}\\",{"status_code":400`;
      const line = JSON.stringify({ line: 1, identifier: nasty, status_code: status });
      expect(readLine(line).counts).toEqual(status === 201 ? { created: 1 } : { updated: 1 });
    }),
  );
});
