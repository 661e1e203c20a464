import { describe, expect, test } from 'vitest';
import { checkSelector } from '../../../../src/gateway/config/check-selector.ts';

describe('a label selector', () => {
  test.each([
    '',
    'team',
    '!team',
    '! team',
    'team=shop',
    'team==shop',
    'team != shop',
    'team=',
    'app.kubernetes.io/part-of=pim',
    'tier in (gold)',
    'tier in (gold, silver)',
    'tier notin (gold,)',
    'weight>3',
    'weight < 10',
    'team=shop,tier in (gold, silver),!legacy',
    ' team = shop , tier ',
  ])('may be %j', (text) => {
    expect(checkSelector(text)).toBe(true);
  });

  test.each([
    'team=shop,',
    ',team=shop',
    'team=shop tier=gold',
    'team in (gold',
    'team in gold',
    'team=sh op',
    'team=$x',
    '=shop',
    '-team=shop',
    'a/b/c=d',
    'weight>many',
    '{team: shop}',
    `${'a'.repeat(64)}=b`,
  ])('is not %j', (text) => {
    expect(checkSelector(text)).toBe(false);
  });
});
