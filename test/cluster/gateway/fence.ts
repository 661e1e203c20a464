import { expect } from 'vitest';
import type { ConnectionDesk } from '../connections/connection-desk.ts';
import { eventually } from '../control-plane/eventually.ts';
import { callStatus, openSession } from './gateway-client.ts';
import type { RunningGateway } from './start-gateway.ts';
import { createGroup, createRole, fullRole, openGroup, patchSpec } from './write-access.ts';

/** The watches that a gateway has. */
export type Watched = 'Connection' | 'ConnectionRole' | 'ConnectionGroup';

/** A call that needs a role and a group. */
const path = '/api/rest/v1/categories';

interface FenceNames {
  readonly role: string;
  readonly group: string;
  readonly token: string;
}

/**
 * Tells when gateways have seen everything that was written before: a watch delivers in order, so whoever acts on a
 * change of the fence has been told of every earlier one. Nothing is waited for after that.
 */
export class Fence {
  readonly #desk: ConnectionDesk;
  readonly #gateways: readonly RunningGateway[];
  readonly #names: FenceNames;
  readonly #isClosed = { Connection: false, ConnectionRole: false, ConnectionGroup: false };

  private constructor(desk: ConnectionDesk, gateways: readonly RunningGateway[], names: FenceNames) {
    this.#desk = desk;
    this.#gateways = gateways;
    this.#names = names;
  }

  /** Needs an operator; `pass` does not. */
  static async build(desk: ConnectionDesk, gateways: readonly RunningGateway[]): Promise<Fence> {
    const [role, group] = [await createRole(fullRole), await createGroup(openGroup)];
    await desk.issue('fence', { roleRef: { name: role }, groupRef: { name: group } });
    const texts = await desk.texts('fence-credentials');
    const [gateway] = gateways;
    const { access: token } = await eventually(() => openSession(gateway?.origin ?? '', texts));
    const fence = new Fence(desk, gateways, { role, group, token });
    await fence.#wait(200);
    return fence;
  }

  /** Returns when every gateway has been told of all that was written to objects of this kind. */
  async pass(kind: Watched): Promise<void> {
    this.#isClosed[kind] = !this.#isClosed[kind];
    const isClosed = this.#isClosed[kind];
    if (kind === 'Connection') await this.#desk.patch('fence', { spec: { suspend: isClosed } });
    else {
      const name = kind === 'ConnectionRole' ? this.#names.role : this.#names.group;
      await patchSpec(kind, name, { namespaces: isClosed ? ['elsewhere'] : null });
    }
    await this.#wait(isClosed ? (kind === 'Connection' ? 401 : 403) : 200);
    if (isClosed) await this.pass(kind);
  }

  async #wait(status: number): Promise<void> {
    const { token } = this.#names;
    for (const { origin } of this.#gateways) {
      await eventually(async () => expect(await callStatus(origin, path, token)).toBe(status), { every: 5 });
    }
  }
}
