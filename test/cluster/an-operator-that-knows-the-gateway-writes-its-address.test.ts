import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator({ args: ['--gateway-url', 'https://api.example.com/pim/'] });

test('as uri and token-uri, and in templates; another address is written without a rotation', async () => {
  const { desk } = scene;
  await desk.issue('erp', { secret: { data: { both: '{{uri}} {{tokenUri}}' } } });
  const texts = await desk.texts('erp-credentials');
  const before = {
    uri: 'https://api.example.com/pim',
    'token-uri': 'https://api.example.com/pim/api/oauth/v1/token',
    both: 'https://api.example.com/pim https://api.example.com/pim/api/oauth/v1/token',
  };
  expect(texts).toMatchObject(before);

  await scene.stop();
  await scene.start(['--gateway-url', 'https://other.example.com']);
  await desk.settle();
  expect(await desk.texts('erp-credentials')).toEqual({
    ...texts,
    uri: 'https://other.example.com',
    'token-uri': 'https://other.example.com/api/oauth/v1/token',
    both: 'https://other.example.com https://other.example.com/api/oauth/v1/token',
  });
});
