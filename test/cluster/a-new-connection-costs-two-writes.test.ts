import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test('one Secret created, one status written, events aside', async () => {
  const { desk } = scene;
  const names = ['erp', 'dam', 'shop'];
  for (const name of names) await desk.create(name);
  for (const name of names) await desk.waitFor(name, 'Issued');
  await desk.settle();

  const writes = await desk.operatorWrites();
  for (const name of names) {
    const own = writes.filter((write) => write.name === name || write.name === `${name}-credentials`);
    expect(own.map(({ verb, resource, subresource, code }) => ({ verb, resource, subresource, code }))).toEqual([
      { verb: 'create', resource: 'secrets', subresource: '', code: 201 },
      { verb: 'update', resource: 'connections', subresource: 'status', code: 200 },
    ]);
  }
  for (const name of names) {
    await eventually(async () => {
      expect((await desk.events(name)).map(({ reason }) => reason)).toEqual(['Issued']);
    });
  }
});
