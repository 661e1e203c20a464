import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../src/cli/clean-text.ts';
import { formatChart } from '../../../src/cli/format-chart.ts';
import { formatEnv } from '../../../src/cli/format-env.ts';
import { formatTable, readWidth } from '../../../src/cli/format-table.ts';
import { addCounts, readRequestCounts } from '../../../src/cli/read-request-counts.ts';
import { sumDays } from '../../../src/cli/sum-days.ts';

describe('a .env', () => {
  test('is read back as it was meant', () => {
    const texts = {
      'client-id': 'erp_a',
      AKENEO_DSN: 'https://a:b@c/?d=e&f',
      password: `it's "$HOME"`,
      empty: '',
      'a.b': 'two\nlines',
    };
    const env = formatEnv(texts, 'P_');
    expect(env.split('\n')[0]).toBe('P_CLIENT_ID=erp_a');
    const { P_PASSWORD, ...read } = parseEnv(env);
    expect(read).toEqual({ P_CLIENT_ID: 'erp_a', P_AKENEO_DSN: texts.AKENEO_DSN, P_EMPTY: '', P_A_B: 'two\nlines' });
    expect(env).toContain(String.raw`P_PASSWORD="it's \"\$HOME\""`);
  });
});

describe('a table', () => {
  test('has columns as wide as what is seen', () => {
    expect(
      formatTable(
        ['A', 'B'],
        [
          ['\u001b[31mlong\u001b[39m', 'x'],
          ['日本', 'y'],
        ],
      ),
    ).toBe('A      B\n\u001b[31mlong\u001b[39m   x\n日本   y');
    expect(readWidth('e\u0301🙂')).toBe(3);
  });

  test('nothing of others moves the cursor', () => {
    expect(cleanText('a\u001b[2Jb\nc\u202ed')).toBe('a [2Jb c d');
  });
});

test('a chart has a bar for whatever is not zero', () => {
  const bars = [
    { label: 'a', value: 0 },
    { label: 'b', value: 1 },
    { label: 'c', value: 100_000 },
  ];
  const [a, b, c] = formatChart(bars, 40, false).split('\n');
  expect(a).toBe('  a  0');
  expect(b).toBe('  b  ▏ 1');
  expect(c).toMatch(/^ {2}c {2}█+ 100,000$/);
  expect(c?.length).toBeLessThanOrEqual(40);
  expect(formatChart(bars, 40, true)).toContain('  b  # 1');
});

test('hours belong to the days of the viewer', () => {
  const hour = (text: string, created: number) => ({
    hour: text,
    created,
    updated: 0,
    sent: 0,
    business: 0,
    technical: 0,
  });
  const hours = [hour('2026-03-28T22:00:00Z', 1), hour('2026-03-28T23:00:00Z', 2), hour('2026-03-29T22:00:00Z', 4)];
  const days = sumDays(hours, 3, Date.parse('2026-03-29T22:30:00Z'), 'Europe/Berlin');
  expect(days.map(({ day, created }) => [day, created])).toEqual([
    ['2026-03-28', 1],
    ['2026-03-29', 2],
    ['2026-03-30', 4],
  ]);
});

test('requests are counted by what was decided, over all gateways', () => {
  const metrics = `# HELP connection_gateway_requests_total x
connection_gateway_requests_total{namespace="a",connection="erp",decision="allowed"} 3
connection_gateway_requests_total{namespace="a",connection="erp",decision="limited"} 2
connection_gateway_requests_total{namespace="a",connection="erp",decision="forbidden"} 1
connection_gateway_requests_total{namespace="a",connection="erp",decision="unauthenticated"} 1
connection_other{namespace="a"} 9
`;
  const counts = readRequestCounts(metrics);
  expect(addCounts([counts, counts]).get('a/erp')).toEqual({
    namespace: 'a',
    name: 'erp',
    allowed: 6,
    limited: 4,
    refused: 4,
  });
});
