import fc from 'fast-check';
import type { ConnectionSpec, RotationSpec } from '../../../../src/api/generated/connection.ts';
import { labels, type Part, rotationAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { isIssued } from '../../../../src/credentials/accepted-verifiers.ts';
import { makeValue } from '../../../../src/credentials/generated-value.ts';
import { parseMark, type RotationToken } from '../../../../src/credentials/mark.ts';
import { dataKeys, type Judge } from './judge.ts';
import { minute, type World, type WorldOptions } from './world.ts';

/** One thing that happens to a world. Plain data, so that a failing story can be read and shrunk. */
export type Command =
  | { readonly do: 'write' | 'step'; readonly who: number; readonly times: number }
  | { readonly do: 'pass' | 'crash' | 'loseAnswer' | 'learnKeys'; readonly who: number }
  | { readonly do: 'deliver'; readonly who: number; readonly most: number }
  | { readonly do: 'editValue'; readonly part: Part; readonly to: 'text' | 'forged' | 'gone' | 'other part' }
  | { readonly do: 'editSecret'; readonly what: SecretEdit }
  | { readonly do: 'putOldBack'; readonly age: number }
  | { readonly do: 'deleteSecret' | 'foreignSecret' | 'removeForeign' | 'makeImmutable' }
  | { readonly do: 'annotate'; readonly annotation: Annotation; readonly token: string | undefined }
  | { readonly do: 'rotation'; readonly spec: RotationSpec | undefined }
  | { readonly do: 'data'; readonly template: string | undefined }
  | { readonly do: 'toggle'; readonly what: 'suspend' | 'htpasswd' | 'label' | 'role' | 'quota' }
  | { readonly do: 'clock'; readonly minutes: number }
  | { readonly do: 'skew'; readonly who: number; readonly minutes: number }
  | { readonly do: 'rotateKeys' | 'dropKeys' | 'loseKeys' }
  | { readonly do: 'restore'; readonly age: number };

const annotationNames = ['rotateClientSecret', 'rotatePassword', 'rotate', 'revoke'] as const;
type Annotation = (typeof annotationNames)[number];
const secretEdits = ['client id', 'template key', 'extra key', 'our label', 'owner', 'mark', 'mark text'] as const;
type SecretEdit = (typeof secretEdits)[number];

const who = fc.constantFrom(0, 0, 0, 1);
const of = <T extends Command['do']>(name: T) => fc.constant(name);

/** What operators and time do. */
export const machineCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: of('write'), who, times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: of('step'), who, times: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ do: of('pass'), who }) },
  { weight: 2, arbitrary: fc.record({ do: of('crash'), who }) },
  { weight: 1, arbitrary: fc.record({ do: of('loseAnswer'), who }) },
  { weight: 4, arbitrary: fc.record({ do: of('deliver'), who, most: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ do: of('clock'), minutes: fc.constantFrom(1, 10, 61, 200, 2000, -30) }) },
);

/** What people ask for in the way that was meant. */
export const requestCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: of('annotate'),
      annotation: fc.constantFrom(...annotationNames),
      token: fc.constantFrom('a', 'b', 'c', undefined),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('rotation'),
      spec: fc.constantFrom<(RotationSpec | undefined)[]>(
        undefined,
        { overlap: '0s' },
        { overlap: '1h' },
        { overlap: '100h' },
        { interval: '2h', overlap: '0s' },
        { interval: '3h', overlap: '1h30m' },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('data'),
      template: fc.constantFrom(undefined, '{{clientId}}:{{clientSecret}}@', '{{password}}', '{{broken'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('toggle'),
      what: fc.constantFrom('suspend' as const, 'htpasswd' as const, 'label' as const),
    }),
  },
);

/** What people and clusters do to it. */
export const troubleCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('editValue'),
      part: fc.constantFrom<Part[]>('clientSecret', 'password'),
      to: fc.constantFrom('text' as const, 'forged' as const, 'gone' as const, 'other part' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: of('editSecret'), what: fc.constantFrom(...secretEdits) }) },
  { weight: 3, arbitrary: fc.record({ do: of('putOldBack'), age: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: of('deleteSecret') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('foreignSecret' as const, 'removeForeign' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: of('makeImmutable') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: of('toggle'), what: fc.constantFrom('role' as const, 'quota' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: of('skew'), who, minutes: fc.constantFrom(0, 5, -5, 0.5) }) },
  { weight: 1, arbitrary: fc.record({ do: of('restore'), age: fc.nat(3) }) },
);

/** What happens to the keys. */
export const keyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: of('rotateKeys') }) },
  { weight: 1, arbitrary: fc.record({ do: of('dropKeys') }) },
  { weight: 2, arbitrary: fc.record({ do: of('learnKeys'), who }) },
);

export const keyLoss: fc.Arbitrary<Command> = fc.record({ do: of('loseKeys') });

/** How a world begins. */
export const beginning: fc.Arbitrary<WorldOptions> = fc.record(
  {
    seed: fc.integer(),
    spec: fc.constantFrom<Partial<ConnectionSpec>[]>(
      { rotation: { overlap: '1h' } },
      { rotation: { interval: '2h', overlap: '30m' } },
      { suspend: true },
      { secret: { htpasswd: true, data: { DSN: '{{clientId}}:{{clientSecret}}@' } } },
    ),
    annotations: fc.constantFrom<Record<string, string>[]>(
      { [rotationAnnotations.rotate]: 'a' },
      { [rotationAnnotations.revoke]: 'a', [rotationAnnotations.rotatePassword]: 'b' },
    ),
    gatewayUrl: fc.constant('https://api.example.com'),
    given: fc.constantFrom<Record<string, string>[]>(
      {
        'client-id': '1_abc',
        'client-secret': 'given-secret',
        username: 'shop_1',
        password: 'given-password',
        note: 'x',
      },
      { 'client-secret': 'given-secret' },
      { password: 'given-password', auth: 'someone:hash', uri: 'https://old.example.com' },
      { 'client-secret': 'given-secret', password: 'with a newline\n' },
    ),
  },
  { requiredKeys: ['seed'] },
);

/** Secrets as operators wrote them, for people who put old ones back. */
export function keepOldSecrets(world: World): Secret[] {
  const old: Secret[] = [];
  world.server.onChange.push(({ by, kind, object }) => {
    if (kind === 'secret' && by.startsWith('operator')) old.push(object as Secret);
  });
  return old;
}

/** Lets one command happen. */
export async function perform(world: World, judge: Judge, old: readonly Secret[], command: Command): Promise<void> {
  const operator = 'who' in command ? (world.operators[command.who] ?? world.first) : world.first;
  switch (command.do) {
    case 'step':
      for (let i = 0; i < command.times; i++) await operator.step();
      break;
    case 'write':
      await operator.finishWrites(command.times);
      break;
    case 'pass':
      operator.deliver();
      await operator.finish();
      break;
    case 'crash':
      operator.restart();
      break;
    case 'loseAnswer':
      operator.loseAnswer();
      break;
    case 'learnKeys':
      operator.ring = world.ring;
      break;
    case 'deliver':
      operator.deliver(command.most);
      break;
    case 'clock':
      world.server.now += command.minutes * minute;
      break;
    case 'skew':
      operator.skew = command.minutes * minute;
      break;
    case 'rotateKeys':
      world.rotateKeys();
      world.first.ring = world.ring;
      break;
    case 'dropKeys':
      world.dropKeys();
      break;
    case 'loseKeys':
      world.loseKeys();
      judge.keysLost = true;
      for (const each of world.operators) each.ring = world.ring;
      break;
    default:
      performByPerson(world, judge, old, command);
  }
  judge.look();
}

type PersonCommand = Exclude<Command, { readonly who: number } | { readonly do: 'clock' | `${string}Keys` }>;

function performByPerson(world: World, judge: Judge, old: readonly Secret[], command: PersonCommand): void {
  const { secret } = world;
  switch (command.do) {
    case 'editValue':
      if (secret && secret.immutable !== true) editValue(world, command.part, command.to);
      break;
    case 'editSecret':
      if (secret) editSecret(world, command.what);
      break;
    case 'putOldBack': {
      const back = old.at(-1 - (command.age % Math.max(1, old.length)));
      if (!back || secret?.immutable === true) break;
      if (!isIssued(world.connection)) judge.restart(handledIn(back));
      if (secret)
        world.editSecret((edited) => Object.assign(edited, { data: back.data, metadata: metaOf(edited, back) }));
      else world.server.createSecret('person', back);
      break;
    }
    case 'deleteSecret':
      if (secret) world.server.deleteSecret('person', world.secretKey);
      break;
    case 'foreignSecret': {
      if (secret) world.server.deleteSecret('person', world.secretKey);
      const metadata = { namespace: 'shop', name: 'erp-credentials', labels: {}, annotations: {}, ownerReferences: [] };
      world.server.createSecret('person', { apiVersion: 'v1', kind: 'Secret', metadata, data: { foreign: 'eA==' } });
      break;
    }
    case 'removeForeign':
      if (secret?.data?.['foreign']) world.server.deleteSecret('person', world.secretKey);
      break;
    case 'makeImmutable':
      if (secret && secret.data?.['foreign'] === undefined)
        world.editSecret((edited) => Object.assign(edited, { immutable: true }));
      break;
    case 'annotate':
      annotate(world, command.annotation, command.token);
      break;
    case 'rotation':
      world.server.editConnection(world.key, ({ spec }) => Object.assign(spec, { rotation: command.spec }));
      break;
    case 'data':
      world.server.editConnection(world.key, ({ spec }) => {
        spec.secret = { ...spec.secret, data: command.template === undefined ? {} : { DSN: command.template } };
      });
      break;
    case 'toggle':
      toggle(world, command.what);
      break;
    case 'restore': {
      const back = old.at(-1 - (command.age % Math.max(1, old.length)));
      judge.restart(back ? handledIn(back) : []);
      world.restoreBackup(back);
    }
  }
}

function editValue(world: World, part: Part, to: 'text' | 'forged' | 'gone' | 'other part'): void {
  const key = dataKeys[part];
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  world.editSecret((secret) => {
    const data = { ...secret.data };
    const other = data[dataKeys[part === 'password' ? 'clientSecret' : 'password']];
    if (to === 'gone') delete data[key];
    else if (to === 'other part') data[key] = other ?? encode('hunter2-other');
    else data[key] = encode(to === 'text' ? `hunter2-${world.server.now}` : makeValue(part, world.random));
    secret.data = data;
  });
}

function editSecret(world: World, what: SecretEdit): void {
  world.editSecret((secret) => {
    const { metadata } = secret;
    const { [secretAnnotations.issued]: mark, ...annotations } = metadata.annotations ?? {};
    const { [labels.connection]: _label, ...others } = metadata.labels ?? {};
    const change = (key: string): void => {
      if (secret.immutable !== true) secret.data = { ...secret.data, [key]: Buffer.from('edited').toString('base64') };
    };
    if (what === 'client id') change('client-id');
    else if (what === 'template key') change('DSN');
    else if (what === 'extra key') change('extra');
    else if (what === 'our label') metadata.labels = others;
    else if (what === 'owner') metadata.ownerReferences = [];
    else if (what === 'mark') metadata.annotations = annotations;
    else if (mark !== undefined)
      metadata.annotations = { ...annotations, [secretAnnotations.issued]: mark.replace('1-', '2-') };
  });
}

function handledIn({ metadata }: Secret): readonly RotationToken[] {
  return parseMark(metadata.annotations?.[secretAnnotations.issued])?.handled ?? [];
}

function metaOf(edited: Secret['metadata'] | object, back: Secret): object {
  const { metadata } = edited as Secret;
  return { ...metadata, labels: back.metadata.labels, annotations: back.metadata.annotations };
}

function annotate(world: World, name: Annotation, token: string | undefined): void {
  world.server.editConnection(world.key, ({ metadata }) => {
    const { [rotationAnnotations[name]]: _before, ...others } = metadata.annotations ?? {};
    metadata.annotations = token === undefined ? others : { ...others, [rotationAnnotations[name]]: token };
  });
}

function toggle(world: World, what: 'suspend' | 'htpasswd' | 'label' | 'role' | 'quota'): void {
  if (what === 'quota') world.server.refusesSecrets = !world.server.refusesSecrets;
  else if (what === 'role') world.hasRole = !world.hasRole;
  else
    world.server.editConnection(world.key, ({ spec }) => {
      if (what === 'suspend') spec.suspend = spec.suspend !== true;
      else if (what === 'htpasswd') spec.secret = { ...spec.secret, htpasswd: spec.secret?.htpasswd !== true };
      else spec.secret = { ...spec.secret, labels: spec.secret?.labels?.['team'] ? {} : { team: 'x' } };
    });
}
