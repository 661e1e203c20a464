import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFailure } from '../../../src/flows/read-failure.ts';

const checkFormat = 'Check the expected format on the API documentation.';

describe('business', () => {
  test('each violation is one, with what it names', () => {
    const reply = {
      code: 422,
      message: 'Validation failed.',
      errors: [
        { property: 'values', message: 'Too long.', attribute: 'name', locale: 'en_US', scope: 'print' },
        { property: 'identifier', message: 'Already used.', attribute: null, locale: null, scope: null },
      ],
    };
    expect(readFailure(422, reply, 'tent')).toEqual({
      counts: { business: 2 },
      errors: [
        {
          message: 'Too long.',
          product: 'tent',
          property: 'values',
          attribute: 'name',
          locale: 'en_US',
          channel: 'print',
        },
        { message: 'Already used.', product: 'tent', property: 'identifier' },
      ],
    });
  });

  test.each([
    'The weigth attribute does not exist in your PIM.',
    `Property "family" expects a valid family code. The family does not exist, "tnt" given. ${checkFormat}`,
    `Property "categories" expects a valid category code. The category does not exist, "x" given. ${checkFormat}`,
    'The identifier tent is already used.',
    '',
  ])('what the data is to blame for: "%s"', (message) => {
    const { counts, errors } = readFailure(422, { code: 422, message });
    expect(counts).toEqual({ business: 1 });
    expect(errors).toEqual([{ message: message || 'The upstream gave no message.' }]);
  });

  test('the product is the one that the reply names, else the one of the path', () => {
    const message = 'No.';
    expect(readFailure(422, { message, identifier: 'a' }, 'b').errors).toEqual([{ message, product: 'a' }]);
    expect(readFailure(422, { message, uuid: 'u' }, 'b').errors).toEqual([{ message, product: 'u' }]);
    expect(readFailure(422, { message }, 'b').errors).toEqual([{ message, product: 'b' }]);
  });

  test('a text is cut between characters, and without what no database takes', () => {
    const [error] = readFailure(422, { message: `${'a'.repeat(999)}😀 and more` }).errors;
    expect(error?.message.isWellFormed()).toBe(true);
    expect(error?.message).toHaveLength(1_000);
    expect(readFailure(422, { message: 'a\0b' }).errors[0]?.message).toBe('ab');
  });
});

describe('technical, and no text of it is kept', () => {
  test.each([
    `Property "colour" does not exist. ${checkFormat}`,
    `Property "categories" expects an array as data, "string" given. ${checkFormat}`,
    `Property "enabled" expects a boolean as data, "string" given. ${checkFormat}`,
    `Property "date" expects a string with the format "yyyy-mm-dd" as data, "1" given. ${checkFormat}`,
    'Property "identifier" is expected to be a text.',
  ])('%s', (message) => {
    expect(readFailure(422, { code: 422, message })).toEqual({ counts: { technical: 1 }, errors: [] });
  });

  test('a body that cannot be read', () => {
    expect(readFailure(400, { message: 'Invalid json message received' })).toEqual({
      counts: { technical: 1 },
      errors: [],
    });
  });
});

test.each([200, 204, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503])('%i is no error with a product', (status) => {
  expect(readFailure(status, { message: 'no', errors: [{ message: 'no' }] })).toEqual({ counts: {}, errors: [] });
});

test('whatever the reply is, a 422 is at least one error, and each business error has its entry', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (reply) => {
      const { counts, errors } = readFailure(422, reply);
      expect((counts.business ?? 0) + (counts.technical ?? 0)).toBeGreaterThan(0);
      expect(errors).toHaveLength(counts.business ?? 0);
    }),
  );
});
