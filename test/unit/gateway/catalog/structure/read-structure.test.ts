import { expect, test } from 'vitest';
import { readAttributes } from '../../../../../src/gateway/catalog/structure/read-structure.ts';

test('which attributes hold links to products, on their own or in a table', async () => {
  const attribute = (code: string, type: string, more: object = {}) => ({ code, type, group: 'g', ...more });
  const table = (...types: string[]) => ({
    table_configuration: types.map((data_type, at) => ({ code: `c${at}`, data_type })),
  });
  const items = [
    attribute('name', 'pim_catalog_text'),
    attribute('battery', 'pim_catalog_product_link'),
    attribute('sizes', 'pim_catalog_table', table('select', 'number')),
    attribute('parts', 'pim_catalog_table', table('select', 'product_link')),
    attribute('odd', 'pim_catalog_table', { table_configuration: [null, 'product_link'] }),
  ];
  const body = Buffer.from(JSON.stringify({ _embedded: { items } }));
  const attributes = await readAttributes(async () => ({ status: 200, body }));
  expect([...attributes.values()].filter(({ links }) => links).map(({ code }) => code)).toEqual(['battery', 'parts']);
});
